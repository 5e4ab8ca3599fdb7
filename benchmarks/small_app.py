"""A small app, measured from its process's start to its end: ``python small_app.py VARIANT COUNT`` prints JSON.

So many repositories in one stack, each pulled from by a role of another account and pushed to by one role of the stack.
"""

from __future__ import annotations

import json
import sys
import tempfile
from typing import TYPE_CHECKING

from aws_cdk import App, Environment, Stack
from aws_cdk import aws_iam as iam

from benchmarks import used

if TYPE_CHECKING:
    from aws_cdk import aws_ecr as ecr


def _class_of(variant: str) -> type[ecr.Repository]:
    # Imports are a part of what an app takes.
    if variant == "cdk-ecr-access":
        from cdk_ecr_access import AccessibleRepository

        return AccessibleRepository
    from aws_cdk import aws_ecr

    return aws_ecr.Repository


def main(variant: str, count: int) -> dict[str, float]:
    """Synthesize, and report what the whole process took so far."""
    repository = _class_of(variant)
    with tempfile.TemporaryDirectory() as folder:
        app = App(outdir=folder)
        stack = Stack(app, "Stack", env=Environment(account="111122223333", region="eu-west-1"))
        pusher = iam.Role(stack, "Pusher", assumed_by=iam.AccountRootPrincipal())
        for number in range(count):
            one = repository(stack, f"R{number}", repository_name=f"team/app-{number}")
            one.grant_pull(iam.ArnPrincipal(f"arn:aws:iam::444455556666:role/web-{number}"))
            one.grant_push(pusher)
        app.synth()
    return {"cpu": used.seconds(), "seconds": used.age()}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]))))
