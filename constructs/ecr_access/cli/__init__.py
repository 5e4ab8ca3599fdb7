"""The command line, ``ecr-access``."""
