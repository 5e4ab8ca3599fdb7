"""What a changed template does to repositories: ``ecr-access migrate``."""
