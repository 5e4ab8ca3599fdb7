"""The real access check, deployed by the real CDK CLI.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
https://docs.aws.amazon.com/cdk/v2/guide/ref-cli-cmd-deploy.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prove_on_aws.cdk import cdk
from prove_on_aws.probe import Probe
from prove_on_aws.reply import ask
from prove_on_aws.verdicts import deployments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prove_on_aws.lab import Lab
    from prove_on_aws.outcome import Finding


def _run(lab: Lab) -> Iterator[tuple[str, Finding]]:
    stack = lab.claim("stack", "check")
    lab.claim("repository", "checked")
    bucket = lab.claim("bucket", "assets")
    region = lab.caller.region
    where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    lab.client("s3").create_bucket(Bucket=bucket, **where)

    code, printed = cdk(lab, bucket, "deploy")
    verified = _outputs(lab, stack).get("Verified", "")
    yield "check-passes", deployments.passes(code, verified)
    if code:
        raise RuntimeError(f"cdk deploy failed: {printed[-400:]}")
    code, printed = cdk(lab, bucket, "deploy", denying=True)
    yield "check-fails", deployments.fails(code, printed, status=_status(lab, stack))
    code, printed = cdk(lab, bucket, "deploy", "--express", denying=True)
    yield "check-fails-express", deployments.fails_express(code, printed, status=_status(lab, stack))

    groups = [lab.claim_named("log group", one) for one in _log_groups(lab, stack)]
    cdk(lab, bucket, "destroy")
    lab.deadline.pause(min(10, lab.options.propagation))  # a late line of the function would make the group anew
    yield "check-log-group", deployments.leaves_no_log_group(len(groups), sum(_is_there(lab, one) for one in groups))


def _outputs(lab: Lab, stack: str) -> dict[str, str]:
    reply = ask(lambda: lab.client("cloudformation").describe_stacks(StackName=stack))
    outputs = reply.body["Stacks"][0].get("Outputs", []) if reply.accepted else []
    return {one["OutputKey"]: one["OutputValue"] for one in outputs}


def _status(lab: Lab, stack: str) -> str:
    reply = ask(lambda: lab.client("cloudformation").describe_stacks(StackName=stack))
    return str(reply.body["Stacks"][0]["StackStatus"]) if reply.accepted else "gone"


def _log_groups(lab: Lab, stack: str) -> list[str]:
    found = lab.client("cloudformation").describe_stack_resources(StackName=stack)["StackResources"]
    return [one["PhysicalResourceId"] for one in found if one["ResourceType"] == "AWS::Logs::LogGroup"]


def _is_there(lab: Lab, group: str) -> bool:
    found = lab.client("logs").describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    return any(one["logGroupName"] == group for one in found)


PROBE: Final = Probe(
    "the access check, deployed by the CDK CLI",
    ("check-passes", "check-fails", "check-fails-express", "check-log-group"),
    makes="a stack of a repository, a role and the check, and a bucket with the check's code",
    usual=300,
    at_most=900,
    run=_run,
)
