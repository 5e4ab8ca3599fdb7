"""The rules on template files: ``ecr-access rules``."""
