"""One synthesis with or without the rules: ``python -m benchmarks.rules_app VARIANT`` prints its figures as JSON.

The app is 20 stacks of 100 resources: repositories, roles with a policy each, task definitions that run the stack's own
image and that of the stack before it, and queues, which have nothing to do with Amazon ECR. It breaks no rule; in the
variant "and warned" every repository is without scan and without lifecycle.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from typing import TYPE_CHECKING, Any, Final

import aws_cdk
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs

from cdk_ecr_access import EcrAccessRules

if TYPE_CHECKING:
    from aws_cdk import IPolicyValidationContext, PolicyValidationPluginReport

ACCOUNT, REGION = "111122223333", "eu-west-1"
STACKS: Final = 20
GROUPS: Final = 10
QUEUES: Final = 4
PLAIN, RULED, WARNED = "without", "with", "and warned"


class Timed(EcrAccessRules):
    """The rules, with the time that they took."""

    seconds = 0.0

    def validate(self, context: IPolicyValidationContext) -> PolicyValidationPluginReport:
        """Measure from the CDK's call to the answer, the reading of the templates included."""
        began = time.perf_counter()
        report = super().validate(context)
        Timed.seconds += time.perf_counter() - began
        return report


def _group(stack: aws_cdk.Stack, number: int, other: ecr.Repository | None, *, careless: bool) -> ecr.Repository:
    """Declare ten resources around one repository."""
    repository = ecr.Repository(
        stack,
        f"Repository{number}",
        image_scan_on_push=not careless,
        image_tag_mutability=ecr.TagMutability.IMMUTABLE,
        lifecycle_rules=[] if careless else [ecr.LifecycleRule(max_image_count=10)],
    )
    role = iam.Role(stack, f"Execution{number}", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
    build = iam.Role(stack, f"Build{number}", assumed_by=iam.ServicePrincipal("codebuild.amazonaws.com"))
    repository.grant_pull(role)
    repository.grant_pull_push(build)
    if other:
        other.grant_pull(role)
    _task(stack, f"Task{number}", role, [one for one in (repository, other) if one])
    for index in range(QUEUES):
        sqs.CfnQueue(stack, f"Queue{number}x{index}", queue_name=f"{stack.stack_name}-{number}-{index}")
    return repository


def _task(stack: aws_cdk.Stack, name: str, role: iam.Role, repositories: list[ecr.Repository]) -> None:
    images = [one.repository_uri_for_tag("1") for one in repositories]
    containers = [{"Name": f"c{index}", "Image": image, "Memory": 64} for index, image in enumerate(images)]
    properties = {"ContainerDefinitions": containers, "ExecutionRoleArn": role.role_arn}
    aws_cdk.CfnResource(stack, name, type="AWS::ECS::TaskDefinition", properties=properties)


def main(variant: str) -> dict[str, Any]:
    """Synthesize the app."""
    with tempfile.TemporaryDirectory() as folder:
        app = aws_cdk.App(outdir=folder)
        if variant != PLAIN:
            aws_cdk.Validations.of(app).add_plugins(Timed())
        began = time.perf_counter()
        before: list[ecr.Repository | None] = [None] * GROUPS
        for number in range(STACKS):
            stack = aws_cdk.Stack(app, f"Stack{number}", env=aws_cdk.Environment(account=ACCOUNT, region=REGION))
            careless = variant == WARNED
            before = [_group(stack, index, other, careless=careless) for index, other in enumerate(before)]
        declared = time.perf_counter()
        assembly = app.synth()
        done = time.perf_counter()
        resources = sum(len(one.template["Resources"]) for one in assembly.stacks)
    return {
        "seconds": done - began,
        "synth": done - declared,
        "rules": Timed.seconds,
        "stacks": STACKS,
        "resources": resources,
    }


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))
