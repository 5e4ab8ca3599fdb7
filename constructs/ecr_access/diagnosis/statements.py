"""IAM statements as JSON, for policies that are written by hand, in Terraform or in any other tool."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ecr_access.diagnosis import commands
from ecr_access.diagnosis.cause import Step
from ecr_access.iam.actions import TOKEN_ACTION, AccessLevel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ecr_access.diagnosis.reading import Reading


def identity(r: Reading) -> Step:
    """Return the statements for the principal's own policies: the whole access level, and the token."""
    return Step("Or as statements of the principal's own policies:", f"{allow(level(r), where(r))}\n{token()}")


def repository(r: Reading) -> Step:
    """Return the statement for the repository policy, which names the principal and no resource."""
    return Step(
        "Or as a statement of the repository policy:",
        allow(level(r), principal={"AWS": r.role or "ARN"}),
    )


def one_action(r: Reading, text: str) -> Step:
    """Return the statement that allows the refused action alone."""
    return Step(text, allow([r.action or "ACTION"], resource(r)))


def exempt(r: Reading) -> Step:
    """Return the condition that spares the principal in a Deny statement."""
    condition = {"ArnNotEquals": {"aws:PrincipalArn": r.role or "ARN"}}
    return Step("Or spare the principal by a condition of the Deny statement:", json.dumps({"Condition": condition}))


def token() -> str:
    """Return the statement for the authorization token, which has no resource."""
    return allow([TOKEN_ACTION], "*")


def trust(service: str) -> str:
    """Return the statement of a trust policy that lets a service assume the role."""
    return allow(["sts:AssumeRole"], principal={"Service": service})


def allow(actions: Sequence[str], resource: str | None = None, *, principal: dict[str, str] | None = None) -> str:
    """Write an Allow statement in one line of JSON."""
    statement: dict[str, object] = {"Effect": "Allow"}
    if principal:
        statement["Principal"] = principal
    statement["Action"] = actions[0] if len(actions) == 1 else list(actions)
    if resource:
        statement["Resource"] = resource
    return json.dumps(statement)


def level(r: Reading) -> tuple[str, ...]:
    """Return the actions of the access level that the refused action belongs to, or that action alone."""
    action = r.action or ""
    if commands.pushes(r):
        return AccessLevel.PUSH.required_actions
    if not action or action in AccessLevel.PULL.actions:
        return AccessLevel.PULL.required_actions
    return (action,)


def where(r: Reading) -> str:
    """Return the repository's ARN, or what it looks like."""
    return commands.arn(r) or f"arn:aws:ecr:{commands.region(r)}:{commands.account(r)}:repository/{commands.name(r)}"


def resource(r: Reading) -> str:
    """Return what the refused action was to be done on."""
    if r.action == TOKEN_ACTION or r.resource == "*":
        return "*"
    # A repository by what was read of it, since its ARN may be broken or masked.
    return where(r) if (r.action or "ecr:").startswith("ecr:") else r.resource or "ARN"
