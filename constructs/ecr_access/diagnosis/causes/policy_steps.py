"""What to do about a policy that somebody else wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecr_access.diagnosis import commands
from ecr_access.diagnosis.cause import Step

if TYPE_CHECKING:
    from ecr_access.diagnosis.reading import Reading


def organization(r: Reading) -> tuple[Step, ...]:
    """Return what to do about a policy of the organization."""
    return (
        Step(
            f"Ask whoever administers the organization to allow {r.action or 'the action'} for "
            f"{r.role or 'the principal'}. No change in this account helps."
        ),
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
        Step("Prove it.", commands.check(r)),
    )


def repository_deny(r: Reading) -> tuple[Step, ...]:
    """Return what to do about a policy of the repository that denies."""
    return (
        Step(
            "Read the policy.", f"{commands.on_repository(r, 'get-repository-policy')} --query policyText --output text"
        ),
        Step("Take the principal out of the Deny statement, where the repository is declared."),
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
        Step("Roles and repositories need no change. The access check cannot see endpoint policies."),
    )


def session(r: Reading) -> tuple[Step, ...]:
    """Return what to do about a policy of the session."""
    return (
        Step("Find who assumes the role with a policy or policy ARNs of its own: the pipeline, or the sign-in action."),
        Step(f"Add {r.action or 'the action'} there, or leave the session policy out.", commands.WHO_AM_I),
    )
