"""What to do about a policy that is not among the principal's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecr_access.diagnosis import cdk_lines, commands, statements
from ecr_access.diagnosis.cause import Step

if TYPE_CHECKING:
    from ecr_access.diagnosis.reading import Reading


def organization(r: Reading) -> tuple[Step, ...]:
    """Return what to do about a policy of the organization."""
    return (
        Step(
            f"Ask the organization's administrators to allow {r.action or 'the action'} for "
            f"{r.role or 'the principal'}. No change in this account helps."
        ),
        statements.one_action(r, "What must be allowed, where the organization's policies list what is:"),
        Step("In the CDK app that makes that policy's document:", cdk_lines.added("document", r)),
        Step(
            "Look at the policy's conditions first: many deny all but some Regions, or callers without MFA.",
            f"{commands.WHO_AM_I} && aws configure get region",
        ),
        Step("Once it is changed, prove it.", commands.check(r)),
    )


def own_deny(r: Reading) -> tuple[Step, ...]:
    """Return what to do about a policy of its own that denies."""
    return (
        Step("See which policy denies it. An allow never wins over it.", commands.check(r)),
        Step("Take the action, the principal or the resource out of that Deny statement, or meet its condition."),
        statements.exempt(r),
        Step("In the CDK app, of the Deny statement:", cdk_lines.exempted(r)),
        Step(
            "If the condition asks for MFA: use the session's three credentials, the session token too.",
            commands.WHO_AM_I,
        ),
    )


def boundary(r: Reading) -> tuple[Step, ...]:
    """Return what to do about a policy that is its boundary."""
    return (
        Step(
            "See which policy is the boundary.",
            f"aws iam get-role --role-name {(r.role or 'ROLE').rpartition('/')[2]} --query Role.PermissionsBoundary",
        ),
        Step(f"Add {r.action or 'the action'} to that policy. The role's own policies must allow it as well."),
        statements.one_action(r, "As a statement:"),
        Step("In the CDK app, if it declares the boundary:", cdk_lines.added("boundary", r)),
        Step("Prove it.", commands.check(r)),
    )


def repository_deny(r: Reading) -> tuple[Step, ...]:
    """Return what to do about a policy of the repository that denies."""
    return (
        Step(
            "Read the policy.", f"{commands.on_repository(r, 'get-repository-policy')} --query policyText --output text"
        ),
        Step("Take the principal out of the Deny statement, where the repository is declared."),
        statements.exempt(r),
        Step("In the CDK app, of the Deny statement:", cdk_lines.exempted(r)),
        Step("Prove it.", commands.check(r)),
    )


def endpoint(r: Reading) -> tuple[Step, ...]:
    """Return what to do about a policy of a VPC endpoint."""
    return (
        Step(
            "Read the policies of the endpoints.",
            f"aws ec2 describe-vpc-endpoints --region {commands.region(r)} "
            '--query "VpcEndpoints[].[VpcEndpointId,ServiceName,PolicyDocument]"',
        ),
        Step(
            "ecr.api and ecr.dkr must allow the actions of ECR for this principal; the S3 gateway must allow "
            f"s3:GetObject on the bucket of the layers.\narn:aws:s3:::prod-{commands.region(r)}-starport-layer-bucket/*"
        ),
        Step("As a statement of the endpoint's policy:", _of_endpoint(r)),
        Step("In the CDK app:", cdk_lines.endpoint(r)),
        Step("Roles and repositories need no change. The access check cannot see endpoint policies."),
    )


def session(r: Reading) -> tuple[Step, ...]:
    """Return what to do about a policy of the session."""
    return (
        Step("Find who assumes the role with a policy or policy ARNs of its own: the pipeline, or the sign-in action."),
        Step(f"Add {r.action or 'the action'} there, or leave the session policy out.", commands.WHO_AM_I),
        statements.one_action(r, "As a statement of the session policy:"),
        Step("In the CDK app, if it makes the session policy's document:", cdk_lines.added("document", r)),
    )


def _of_endpoint(r: Reading) -> str:
    if (r.action or "s3:").startswith("s3:"):
        bucket = f"arn:aws:s3:::prod-{commands.region(r)}-starport-layer-bucket/*"
        return statements.allow(["s3:GetObject"], bucket, principal={"AWS": "*"})
    return statements.allow([r.action or "ACTION"], statements.resource(r), principal={"AWS": r.role or "*"})
