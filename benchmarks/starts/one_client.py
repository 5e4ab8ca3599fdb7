"""boto3 with a client of IAM, up to its first call: ``one_client.py EVENT``."""

import json
import sys

import boto3

entry = json.loads(sys.argv[1])["ResourceProperties"]["Requirements"]["PULL_AND_TOKEN"]["Others"][0]
boto3.client("iam").simulate_principal_policy(
    PolicySourceArn=entry["Principals"][0], ActionNames=["ecr:BatchGetImage"], ResourceArns=entry["Repositories"]
)
