"""What is started by ``cold_start``: each is a script, run by an interpreter that has boto3 and crhelper alone."""
