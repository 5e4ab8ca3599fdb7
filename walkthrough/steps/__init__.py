"""The eight steps, a file each."""
