"""Asks the policy simulator what a principal's own policies allow; knows both shapes of its answers.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from access_check.failures import code_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from access_check.clients import Iam, Response
    from access_check.retry import Patience

ACTION: Final = "iam:SimulatePrincipalPolicy"
NO_SUCH_ENTITY: Final = "NoSuchEntity"
_INVALID_INPUT: Final = "InvalidInput"
_RESOURCES_A_CALL: Final = 100
_RESULTS_A_PAGE: Final = 1000
ALLOWED: Final = "allowed"
EXPLICIT_DENY: Final = "explicitDeny"


@dataclass(frozen=True)
class Decision:
    """What the simulator says about one action on one resource.

    ``policies`` are those whose statements decided; ``missing`` the condition keys that it had no value for.
    """

    decision: str
    policies: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    by_organization: bool = True
    by_boundary: bool = True


Decisions = dict[tuple[str, str], Decision]


@dataclass(frozen=True)
class Simulated:
    """Whom to simulate, doing what, in which Region: many policies allow some Regions alone."""

    principal: str
    actions: tuple[str, ...]
    region: str


def simulate(iam: Iam, patience: Patience, whom: Simulated, resources: Sequence[str]) -> Decisions:
    """Ask for every action on every resource, in as few calls as are understood.

    Raises:
        ClientError: ``NoSuchEntity``, if there is no such principal.
        UndeterminedError: if there was no answer.
    """
    decisions: Decisions = {}
    for start in range(0, len(resources), _RESOURCES_A_CALL):
        decisions |= _simulate(iam, patience, whom, resources[start : start + _RESOURCES_A_CALL])
    return decisions


def _simulate(iam: Iam, patience: Patience, whom: Simulated, resources: Sequence[str]) -> Decisions:
    actions, alone = whom.actions, len(resources) == 1
    expected = frozenset({NO_SUCH_ENTITY} if alone else {NO_SUCH_ENTITY, _INVALID_INPUT})
    request: dict[str, object] = {
        "PolicySourceArn": whom.principal,
        "ActionNames": list(actions),
        "ResourceArns": list(resources),
        "ContextEntries": [
            {"ContextKeyName": "aws:RequestedRegion", "ContextKeyValues": [whom.region], "ContextKeyType": "string"},
            # ECR answers over TLS alone.
            {"ContextKeyName": "aws:SecureTransport", "ContextKeyValues": ["true"], "ContextKeyType": "boolean"},
        ],
        "MaxItems": _RESULTS_A_PAGE,
    }
    decisions: Decisions = {}
    try:
        for page in _pages(iam, patience, request, expected):
            for result in page.get("EvaluationResults", []):
                decisions |= _read(result, actions, resources)
    except ClientError as error:
        if code_of(error) != _INVALID_INPUT:
            raise
        # How many resources a call takes is not published: one that is refused is made in halves.
        half = len(resources) // 2
        first, second = resources[:half], resources[half:]
        return _simulate(iam, patience, whom, first) | _simulate(iam, patience, whom, second)
    if not alone:
        # Some endpoints look at the first resource alone and say nothing of the others.
        for resource in resources:
            if any((action, resource) not in decisions for action in actions):
                decisions |= _simulate(iam, patience, whom, [resource])
    return decisions


def _pages(iam: Iam, patience: Patience, request: dict[str, object], expected: frozenset[str]) -> Iterator[Response]:
    while True:
        page = patience.call(
            partial(iam.simulate_principal_policy, **request),
            action=ACTION,
            on=str(request["PolicySourceArn"]),
            expected=expected,
        )
        yield page
        if not page.get("IsTruncated") or not page.get("Marker"):
            return
        request = {**request, "Marker": page["Marker"]}


def _read(result: Mapping[str, Any], actions: Sequence[str], resources: Sequence[str]) -> Decisions:
    """Read one result: of one action on each resource, or, in the older shape, on one resource."""
    names = {action.lower(): action for action in actions}
    action = names.get(str(result.get("EvalActionName", "")).lower())
    if action is None:
        return {}
    organization = _flag(result, "OrganizationsDecisionDetail", "AllowedByOrganizations")
    decisions: Decisions = {}
    for entry in result.get("ResourceSpecificResults") or []:
        resource = entry.get("EvalResourceName", "")
        decision = _decision(entry, entry.get("EvalResourceDecision", ""), organization=organization)
        # What the organization says is told for all resources together: a resource that it may not concern is
        # left out, so that it is asked for alone.
        if resource in resources and (organization or decision.decision == ALLOWED or len(resources) == 1):
            decisions[action, resource] = decision
    if result.get("ResourceSpecificResults"):
        return decisions
    resource = resources[0] if len(resources) == 1 else result.get("EvalResourceName", "")
    if resource in resources:
        decisions[action, resource] = _decision(result, result.get("EvalDecision", ""), organization=organization)
    return decisions


def _decision(entry: Mapping[str, Any], decision: str, *, organization: bool) -> Decision:
    policies = [str(one["SourcePolicyId"]) for one in entry.get("MatchedStatements") or [] if one.get("SourcePolicyId")]
    return Decision(
        decision=decision,
        policies=tuple(dict.fromkeys(policies)),
        missing=tuple(entry.get("MissingContextValues") or ()),
        by_organization=organization,
        by_boundary=_flag(entry, "PermissionsBoundaryDecisionDetail", "AllowedByPermissionsBoundary"),
    )


def _flag(entry: Mapping[str, Any], detail: str, name: str) -> bool:
    return (entry.get(detail) or {}).get(name) is not False
