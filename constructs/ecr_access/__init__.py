"""What is true of Amazon ECR and IAM, without the AWS CDK."""
