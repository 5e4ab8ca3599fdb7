"""The least handler on crhelper that makes one call of IAM: ``on_crhelper.py EVENT``."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import boto3
from crhelper import CfnResource  # type: ignore[import-not-found]

helper = CfnResource(log_level="CRITICAL", boto_level="CRITICAL")
iam = boto3.client("iam")


class Context:
    """Lambda's context."""

    aws_request_id = "c0ffee"

    def __init__(self, function: str) -> None:
        """Name the function."""
        self.invoked_function_arn = self.function_name = function

    def get_remaining_time_in_millis(self) -> int:
        """Tell the time left."""
        return 60_000


@helper.create  # type: ignore[untyped-decorator]
def create(event: dict[str, Any], _: object) -> None:
    """Simulate one principal."""
    entry = event["ResourceProperties"]["Requirements"]["PULL_AND_TOKEN"]["Others"][0]
    iam.simulate_principal_policy(
        PolicySourceArn=entry["Principals"][0], ActionNames=["ecr:BatchGetImage"], ResourceArns=entry["Repositories"]
    )
    # All that is measured has happened, and crhelper would try to answer for as long as it takes.
    os._exit(0)


asked = json.loads(sys.argv[1])
helper(asked, Context(asked["ResourceProperties"]["ServiceToken"]))
