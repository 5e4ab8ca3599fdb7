"""The access check's Lambda function: proves that principals can use ECR repositories."""
