"""The decision on one request, from all policies that are about it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.ecr_access.check.differential.rules.principals import LENIENT, Caller, Match, Reading, named
from tests.ecr_access.check.differential.rules.statements import Asked, Json, allows, applies, denies

if TYPE_CHECKING:
    from tests.ecr_access.check.differential.rules.conditions import Context


@dataclass(frozen=True)
class Request:
    """One request: who, for what, with which condition keys."""

    caller: Caller
    asked: Asked
    context: Context = field(hash=False)


@dataclass(frozen=True)
class Policies:
    """The policies about a request.

    Attributes:
        identity: the statements of the caller's own policies, those of its groups among them.
        boundary: the statements of its permissions boundary; None if it has none.
        organization: the statements of the service control policies, one list a level; none outside an organization.
        repository: the statements of the repository policy.
        account: the repository's account; empty where the action has no resource, as the authorization token.
    """

    identity: tuple[Json, ...] = ()
    boundary: tuple[Json, ...] | None = None
    organization: tuple[tuple[Json, ...], ...] = ()
    repository: tuple[Json, ...] = ()
    account: str = ""


def decide(request: Request, policies: Policies, reading: Reading = LENIENT) -> bool:
    """Decide on a request: whether AWS allows it."""
    if is_explicitly_denied(request, policies, reading):
        return False
    by_repository = allowed_by_repository(request, policies, reading)
    if request.caller.is_service:
        # A service that calls for itself has no identity policy, and service control policies are not about it.
        # https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
        return by_repository is Match.ITSELF
    if not allowed_by_organization(request, policies):
        return False
    by_identity = allows(policies.identity, request.asked, request.context)
    in_boundary = is_in_boundary(request, policies)
    if policies.account and request.caller.account != policies.account:
        # Another account: both sides have to allow it.
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
        return by_identity and in_boundary and by_repository is not Match.NONE
    # One account: either side suffices. A boundary limits what the identity policies allow, and what a repository
    # policy allows a role; it does not limit what that allows a user or a session.
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    if by_repository is Match.ITSELF:
        return True
    return in_boundary and (by_identity or by_repository is Match.ROLE)


def is_explicitly_denied(request: Request, policies: Policies, reading: Reading) -> bool:
    """Whether a deny of any policy is about the request: it outweighs every allow."""
    asked, context = request.asked, request.context
    own = [policies.identity, policies.boundary or (), *policies.organization]
    if not request.caller.is_service and any(denies(one, asked, context) for one in own):
        return True
    return denied_by_repository(request, policies, reading)


def denied_by_repository(request: Request, policies: Policies, reading: Reading) -> bool:
    """Whether the repository policy denies the request."""
    return any(
        one["Effect"] == "Deny" and match is not Match.NONE for one, match in _of_repository(request, policies, reading)
    )


def allowed_by_repository(request: Request, policies: Policies, reading: Reading) -> Match:
    """Return how the repository policy allows the request: the strongest way counts."""
    found = (match for one, match in _of_repository(request, policies, reading) if one["Effect"] == "Allow")
    return max(found, default=Match.NONE)


def _of_repository(request: Request, policies: Policies, reading: Reading) -> list[tuple[Json, Match]]:
    has_boundary = policies.boundary is not None
    return [
        (one, named(one, request.caller, has_boundary=has_boundary, reading=reading))
        for one in policies.repository
        if applies(one, request.asked, request.context)
    ]


def allowed_by_organization(request: Request, policies: Policies) -> bool:
    """Whether every level of the organization has a service control policy that allows the request.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
    """
    return all(allows(level, request.asked, request.context) for level in policies.organization)


def is_in_boundary(request: Request, policies: Policies) -> bool:
    """Whether there is no permissions boundary, or it allows the request."""
    return policies.boundary is None or allows(policies.boundary, request.asked, request.context)
