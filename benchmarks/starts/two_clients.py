"""boto3 with clients of ECR and IAM, up to the first call of each: ``two_clients.py EVENT``."""

import json
import sys

import boto3

entry = json.loads(sys.argv[1])["ResourceProperties"]["Requirements"]["PULL_AND_TOKEN"]["Others"][0]
ecr, iam = boto3.client("ecr"), boto3.client("iam")
ecr.get_authorization_token()
iam.simulate_principal_policy(
    PolicySourceArn=entry["Principals"][0], ActionNames=["ecr:BatchGetImage"], ResourceArns=entry["Repositories"]
)
