"""``iam:SimulatePrincipalPolicy`` in the shape that AWS answers it in.

MiniStack 1.5.33 denies a principal that does not exist instead of saying so, looks at the first resource alone, names
no policy, ignores the permissions boundary and the context that is given, and knows no group.

AWS answers one result for each action, with the most restrictive of the decisions on the resources; each resource's own
is in ``ResourceSpecificResults``. ``MatchedStatements`` names the policies that decided. Left out are the statements'
positions, ``CallerArn``, policies that the request brings along, and service control policies.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape

from ministack.core import iam_evaluator
from ministack.services import iam

from .principals import NOUNS, Principal, find_principal, name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_OPERATION: Final = "SimulatePrincipalPolicy"
_DECISIONS: Final = {"Deny": "explicitDeny", "ImplicitDeny": "implicitDeny", "Allow": "allowed"}  # strictest first
_REPOSITORY: Final = "arn:${Partition}:ecr:${Region}:${Account}:repository/${RepositoryName}"
# What it knows of each call; all other keys have the values that the request gives, or none.
_KNOWN: Final = ("aws:principalarn", "aws:principalaccount", "aws:currenttime", "aws:epochtime", "aws:principalorgid")
_value_of = iam_evaluator._resolve_condition_key  # noqa: SLF001 -- MiniStack has no other name for it


@dataclass
class _Call(iam_evaluator.EvalContext):  # type: ignore[misc]  # MiniStack has no types
    given: dict[str, list[str]] = field(default_factory=dict)


def _simulate(query: Mapping[str, Any]) -> Any:
    arn, account = str(iam._p(query, "PolicySourceArn")), iam.get_account_id()  # noqa: SLF001
    noun, name = name_of(arn)
    if noun not in NOUNS:
        return iam._error(400, "InvalidInput", f"Invalid Entity Arn: {escape(arn)}")  # noqa: SLF001
    principal = find_principal(arn, account)
    if principal is None:
        return iam._error(404, "NoSuchEntity", f"The {noun} with name {escape(name)} cannot be found.")  # noqa: SLF001
    resources = list(_members(query, "ResourceArns")) or ["*"]
    given = {
        str(iam._p(query, f"{entry}.ContextKeyName")).lower(): list(_members(query, f"{entry}.ContextKeyValues"))  # noqa: SLF001
        for entry in _prefixes(query, "ContextEntries", ".ContextKeyName")
    }
    results = [_result(principal, action, resources, given) for action in _members(query, "ActionNames")]
    answer = {f"{_OPERATION}Result": {"EvaluationResults": results, "IsTruncated": False}}
    return iam._xml(200, f"{_OPERATION}Response", _xml(answer))  # noqa: SLF001


def _result(
    principal: Principal, action: str, resources: Sequence[str], given: dict[str, list[str]]
) -> dict[str, object]:
    each = [_on_resource(principal, action, resource, given) for resource in resources]
    strictest = next(one for one in _DECISIONS.values() if any(of["EvalResourceDecision"] == one for of in each))
    decisive = [one for one in each if one["EvalResourceDecision"] == strictest]
    whole = {
        "EvalActionName": action,
        "EvalResourceName": _REPOSITORY if ":repository/" in resources[0] else "*",
        "EvalDecision": strictest,
        "MatchedStatements": _unique(one["MatchedStatements"] for one in decisive),
        "MissingContextValues": _unique(one["MissingContextValues"] for one in each),
    }
    if boundary := decisive[0].get("PermissionsBoundaryDecisionDetail"):
        whole["PermissionsBoundaryDecisionDetail"] = boundary
    return whole | ({} if resources == ["*"] else {"ResourceSpecificResults": each})


def _on_resource(principal: Principal, action: str, resource: str, given: dict[str, list[str]]) -> dict[str, Any]:
    call = _Call(
        principal_arn=principal.arn,
        principal_type="",
        principal_account=principal.account,
        action=action,
        resource_arn=resource,
        region="",
        given=given,
    )
    limits = [] if principal.boundary is None else [[principal.boundary]]
    policies = [policy.statements for policy in principal.policies]
    decision = iam_evaluator.evaluate(call, policies, *limits).decision
    matched = [
        {"SourcePolicyId": policy.id, "SourcePolicyType": "IAM Policy"}
        for policy in principal.policies
        for statement in policy.statements
        if iam_evaluator._first_match(call, [statement], decision)  # noqa: SLF001
    ]
    result: dict[str, Any] = {
        "EvalResourceName": resource,
        "EvalResourceDecision": _DECISIONS[decision],
        "MatchedStatements": _unique([matched]),
        "MissingContextValues": _missing(principal, given),
    }
    if principal.boundary is not None:
        allowed = iam_evaluator.evaluate(call, [principal.boundary]).decision == "Allow"
        result["PermissionsBoundaryDecisionDetail"] = {"AllowedByPermissionsBoundary": allowed}
    return result


def _missing(principal: Principal, given: Mapping[str, object]) -> list[str]:
    """Return the condition keys without a value, of all statements, whichever decide: AWS tells no more either."""
    statements = [statement for policy in principal.policies for statement in policy.statements]
    named = {key for one in statements for block in one.conditions.values() for key in block}
    return sorted(key for key in named if key.lower() not in given and key.lower() not in _KNOWN)


def _value(key: str, call: Any) -> Any:
    if isinstance(call, _Call) and key.lower() not in _KNOWN:
        values = call.given.get(key.lower())
        return values[0] if values and len(values) == 1 else values
    return _value_of(key, call)


def _members(query: Mapping[str, Any], name: str) -> Iterator[str]:
    return (str(iam._p(query, prefix)) for prefix in _prefixes(query, name))  # noqa: SLF001


def _prefixes(query: Mapping[str, Any], name: str, suffix: str = "") -> Iterator[str]:
    number = 1
    while f"{name}.member.{number}{suffix}" in query:
        yield f"{name}.member.{number}"
        number += 1


def _unique(lists: Iterable[list[Any]]) -> list[Any]:
    found: list[Any] = []
    for one in (one for each in lists for one in each):
        if one not in found:
            found.append(one)
    return found


def _xml(value: object) -> str:
    if isinstance(value, dict):
        return "".join(f"<{name}>{_xml(one)}</{name}>" for name, one in value.items())
    if isinstance(value, list):
        return "".join(f"<member>{_xml(one)}</member>" for one in value)
    return escape(str(value).lower() if isinstance(value, bool) else str(value))


def amend() -> None:
    """Amend MiniStack."""
    iam._IAM_HANDLERS[_OPERATION] = _simulate  # noqa: SLF001
    iam_evaluator._resolve_condition_key = _value  # noqa: SLF001
