"""The six steps, a file each."""
