"""The access check: from what is required to findings, in Lambda and in a terminal; the standard library and boto3."""
