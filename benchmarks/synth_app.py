"""One synthesis, measured from inside: ``python synth_app.py VARIANT COUNT`` prints its figures as JSON.

Every variant declares repositories with scan on push, immutable tags and a lifecycle rule, each pulled from by one role
of another account and pushed to by another one.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

clock = [time.perf_counter()]
import aws_cdk  # noqa: E402 -- its import is measured

clock.append(time.perf_counter())
import cdk_ecr_access  # noqa: E402, F401 -- its import is measured

clock.append(time.perf_counter())
from aws_cdk import aws_ecr as ecr  # noqa: E402
from aws_cdk import aws_iam as iam  # noqa: E402

clock.append(time.perf_counter())
from cdk_ecr_access import AccessibleRepository  # noqa: E402 -- names are imported on first use

clock.append(time.perf_counter())
from benchmarks import used  # noqa: E402

ACCOUNT, OTHER, REGION = "111122223333", "444455556666", "eu-west-1"
PULL = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
PUSH = [
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:CompleteLayerUpload",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
]
UNTAGGED = {
    "rulePriority": 1,
    "description": "untagged images expire after 14 days",
    "selection": {"tagStatus": "untagged", "countType": "sinceImagePushed", "countNumber": 14, "countUnit": "days"},
    "action": {"type": "expire"},
}


def role(kind: str, number: int) -> str:
    """Name a role of the other account."""
    return f"arn:aws:iam::{OTHER}:role/{kind}-{number:04d}"


def ours(stack: aws_cdk.Stack, number: int) -> None:
    """Declare a repository with this library."""
    repository = AccessibleRepository(stack, f"R{number}", repository_name=f"team/app-{number:04d}")
    repository.grant_pull(iam.ArnPrincipal(role("pull", number)))
    repository.grant_push(iam.ArnPrincipal(role("push", number)))


def texts(stack: aws_cdk.Stack, number: int) -> None:
    """Declare a repository with this library, and name its principals by texts."""
    repository = AccessibleRepository(stack, f"R{number}", repository_name=f"team/app-{number:04d}")
    repository.grant_pull(role("pull", number))
    repository.grant_push(role("push", number))


def aws_ecr(stack: aws_cdk.Stack, number: int) -> None:
    """Declare a repository with the CDK's own construct."""
    repository = ecr.Repository(
        stack,
        f"R{number}",
        repository_name=f"team/app-{number:04d}",
        image_scan_on_push=True,
        image_tag_mutability=ecr.TagMutability.IMMUTABLE,
        lifecycle_rules=[
            ecr.LifecycleRule(
                description=UNTAGGED["description"],  # type: ignore[arg-type]
                tag_status=ecr.TagStatus.UNTAGGED,
                max_image_age=aws_cdk.Duration.days(14),
            )
        ],
        removal_policy=aws_cdk.RemovalPolicy.RETAIN,
    )
    repository.grant_pull(iam.ArnPrincipal(role("pull", number)))
    repository.grant_push(iam.ArnPrincipal(role("push", number)))


def imported(construct: type[ecr.Repository], stack: aws_cdk.Stack, number: int) -> None:
    """Declare a repository, and import its principals: roles of the other account."""
    repository = construct(stack, f"R{number}", repository_name=f"team/app-{number:04d}")
    for kind, grant in (("pull", repository.grant_pull), ("push", repository.grant_push)):
        grant(iam.Role.from_role_arn(stack, f"{kind}{number}", role(kind, number)))


def own_role(construct: type[ecr.Repository], stack: aws_cdk.Stack, number: int) -> None:
    """Declare a repository, and a role of the same stack that pulls and pushes."""
    repository = construct(stack, f"R{number}", repository_name=f"team/app-{number:04d}")
    own = iam.Role(stack, f"Role{number}", assumed_by=iam.AccountRootPrincipal())
    repository.grant_pull(own)
    repository.grant_push(own)


def floor(stack: aws_cdk.Stack, number: int) -> None:
    """Write the resource and its policy by hand."""
    repository = ecr.CfnRepository(
        stack,
        f"R{number}",
        repository_name=f"team/app-{number:04d}",
        image_scanning_configuration={"scanOnPush": True},
        image_tag_mutability="IMMUTABLE",
        lifecycle_policy={"lifecyclePolicyText": json.dumps({"rules": [UNTAGGED]}, separators=(",", ":"))},
        repository_policy_text={
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": actions, "Principal": {"AWS": role(kind, number)}}
                for kind, actions in (("pull", PULL), ("push", PUSH))
            ],
        },
    )
    repository.apply_removal_policy(aws_cdk.RemovalPolicy.RETAIN)


def bulk(stack: aws_cdk.Stack, numbers: Iterable[int]) -> None:
    """Declare repositories in bulk, in a manifest."""
    from cdk_ecr_access.manifest import DeclaredInBulk
    from ecr_access.manifest import parse_manifest

    repositories = [
        {"name": f"team/app-{one:04d}", "pull": [role("pull", one)], "push": [role("push", one)]} for one in numbers
    ]
    DeclaredInBulk(stack, "Declared", manifest=parse_manifest({"repositories": repositories}, source="a benchmark"))


ONE_BY_ONE: Final[dict[str, Callable[[aws_cdk.Stack, int], None]]] = {
    "cdk-ecr-access": ours,
    "texts": texts,
    "aws_ecr.Repository": aws_ecr,
    "CfnRepository": floor,
    "imported roles": partial(imported, AccessibleRepository),
    "imported roles, aws_ecr": partial(imported, ecr.Repository),
    "role of the stack": partial(own_role, AccessibleRepository),
    "role of the stack, aws_ecr": partial(own_role, ecr.Repository),
}


def declare(stack: aws_cdk.Stack, variant: str, numbers: Iterable[int]) -> None:
    """Declare the repositories of these numbers."""
    if variant == "bulk":
        bulk(stack, numbers)
        return
    for number in numbers:
        ONE_BY_ONE[variant](stack, number)


def main(variant: str, count: int) -> dict[str, Any]:
    """Synthesize so many repositories."""
    with tempfile.TemporaryDirectory() as folder:
        started = used.seconds()
        # A stack of roles is measured at sizes that CloudFormation would not take.
        app = aws_cdk.App(outdir=folder, context={"@aws-cdk/core:stackResourceLimit": 0})
        stack = aws_cdk.Stack(app, "Stack", env=aws_cdk.Environment(account=ACCOUNT, region=REGION))
        declare(stack, variant, range(count))
        app.synth()
        done = used.seconds()
        size = (Path(folder) / "Stack.template.json").stat().st_size
    return {
        "seconds": done - started,
        "bytes": size,
        "import_cdk": clock[1] - clock[0],
        "import_ours": clock[2] - clock[1],
        "import_name": clock[4] - clock[3],
    }


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]))))
