"""The repositories: declared and existing ones."""
