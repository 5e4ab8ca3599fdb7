"""Tells from the text of an error what keeps an image from being pushed to, or pulled from, Amazon ECR.

Nothing is asked of AWS, and nothing but the standard library is imported.
"""

from ecr_access.diagnosis.recognise import Diagnosis, diagnose

__all__ = ["Diagnosis", "diagnose"]
