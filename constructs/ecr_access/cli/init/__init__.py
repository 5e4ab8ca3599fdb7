"""``ecr-access init``: writes a small app into an empty folder."""
