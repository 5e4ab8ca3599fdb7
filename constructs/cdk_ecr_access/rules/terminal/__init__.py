"""The rules on template files: ``python -m cdk_ecr_access.rules``."""
