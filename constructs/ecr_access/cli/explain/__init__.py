"""The command ``ecr-access explain``, and what each code of an error means."""
