"""The policy simulator's decisions, read from answers of either shape; what cannot be read is told.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeVar

from ecr_access.check.aws.errors import UndeterminedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

T = TypeVar("T")

ACTION: Final = "iam:SimulatePrincipalPolicy"
ALLOWED: Final = "allowed"
IMPLICIT_DENY: Final = "implicitDeny"
EXPLICIT_DENY: Final = "explicitDeny"
NONE: Final = ""
"""No decision, or none that is known."""
REPORT: Final = "deploy again; if it stays, report it with the log"

# From the best to the worst.
_ORDER: Final = (ALLOWED, IMPLICIT_DENY, NONE, EXPLICIT_DENY)

_OWN: Final = frozenset({"user", "group", "role", "aws-managed", "user-managed", "IAM Policy"})
"""The types of a principal's own policies: the documented ones, and the one that IAM answers with."""


@dataclass(frozen=True)
class Decision:
    """What the simulator decides about one action on one resource.

    Attributes:
        decision: "allowed", "implicitDeny", "explicitDeny", or none.
        policies: the policies whose statements decided.
        missing: the condition keys that had no value, and that a call may have.
        by_organization: false if a service control policy may deny it.
        by_boundary: false if the permissions boundary does not allow it.
        own: whether a statement of the principal's own policies is among the deciding ones.
        supposed: the decisions, or why there are none, where the missing keys have a value.
    """

    decision: str
    policies: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    by_organization: bool = True
    by_boundary: bool = True
    own: bool = False
    supposed: tuple[Decision | UndeterminedError, ...] = ()

    def worst(self, other: Decision) -> Decision:
        """Return the worse of two decisions about the same, with all that either was made without."""
        worse, better = sorted((self, other), key=lambda one: _ORDER.index(one.decision), reverse=True)
        equal = (worse, better) if worse.decision == better.decision else (worse,)
        return replace(
            worse,
            policies=_distinct(name for one in equal for name in one.policies),
            missing=_distinct((*self.missing, *other.missing)),
            by_organization=self.by_organization and other.by_organization,
            by_boundary=self.by_boundary and other.by_boundary,
            own=any(one.own for one in equal),
        )


Decisions = dict[tuple[str, str], Decision]


def read(page: object, actions: Sequence[str], resources: Sequence[str]) -> tuple[Decisions, int]:
    """Read one page: the decisions about what was asked, and how many results there are.

    Raises:
        UndeterminedError: if it cannot be read.
    """
    decisions: Decisions = {}
    names = {action.lower(): action for action in actions}
    results = _objects(page, "EvaluationResults")
    for result in results:
        # IAM's names of actions have no case.
        if action := names.get(_text(result, "EvalActionName").lower()):
            for resource, decision in _of_result(result, resources):
                add(decisions, {(action, resource): decision})
    return decisions, len(results)


def add(decisions: Decisions, more: Decisions) -> None:
    """Add decisions; of two about the same, the worse counts."""
    for key, decision in more.items():
        decisions[key] = decisions[key].worst(decision) if key in decisions else decision


def marker(page: object) -> str:
    """Return the marker of the next page; empty if there is none.

    Raises:
        UndeterminedError: if it cannot be read.
    """
    return _text(page, "Marker") if _value(page, "IsTruncated", bool) else ""


def _of_result(result: object, resources: Sequence[str]) -> Iterator[tuple[str, Decision]]:
    """Read a result: of one action on each resource, or, in the older shape, on one resource."""
    alone = len(resources) == 1
    whole = _decision(result, "EvalDecision")
    entries = _objects(result, "ResourceSpecificResults")
    for entry in entries:
        resource = _text(entry, "EvalResourceName")
        if resource not in resources:
            continue
        one = _decision(entry, "EvalResourceDecision")
        if alone:
            yield resource, one.worst(whole)
        elif whole.decision == NONE:
            yield resource, one.worst(Decision(NONE))
        elif _is_about_it(entry, whole):
            missing = one.missing if _value(entry, "MissingContextValues", list) is not None else whole.missing
            yield resource, replace(one, missing=missing)
    if entries:
        return
    name = _text(result, "EvalResourceName")
    # Of one resource, the name may be that of its type, such as arn:${Partition}:ecr:..., or *.
    if alone and ("${" in name or name in ("", "*", resources[0])):
        yield resources[0], whole
    elif name in resources:
        yield name, whole


def _is_about_it(entry: object, whole: Decision) -> bool:
    """Whether an entry of several is complete: a denial that is told for all together may be about the others."""
    organization, boundary = _organization(entry), _boundary(entry)
    return (whole.by_organization or organization is not None) and (whole.by_boundary or boundary is not None)


def _decision(entry: object, name: str) -> Decision:
    decision = _text(entry, name)
    statements = _objects(entry, "MatchedStatements")
    return Decision(
        decision=decision if decision in _ORDER else NONE,
        policies=_distinct(filter(None, (_text(one, "SourcePolicyId") for one in statements))),
        missing=_distinct(_texts(entry, "MissingContextValues")),
        by_organization=_organization(entry) is not False,
        by_boundary=_boundary(entry) is not False,
        own=any(_text(one, "SourcePolicyType") in _OWN for one in statements),
    )


def _organization(entry: object) -> bool | None:
    return _detail(entry, "OrganizationsDecisionDetail", "AllowedByOrganizations")


def _boundary(entry: object) -> bool | None:
    return _detail(entry, "PermissionsBoundaryDecisionDetail", "AllowedByPermissionsBoundary")


def _detail(entry: object, detail: str, name: str) -> bool | None:
    found = _value(entry, detail, dict)
    return None if found is None else _value(found, name, bool)


def _objects(entry: object, name: str) -> list[object]:
    return _value(entry, name, list) or []


def _texts(entry: object, name: str) -> list[str]:
    return [_of_type(value, str, name) for value in _objects(entry, name)]


def _text(entry: object, name: str) -> str:
    return _value(entry, name, str) or ""


def _value(entry: object, name: str, kind: type[T]) -> T | None:
    """Return a member of an object; None if it is absent."""
    value = _of_type(entry, dict, f"what holds {name}").get(name)
    return value if value is None else _of_type(value, kind, name)


def _of_type(value: object, kind: type[T], what: str) -> T:
    if not isinstance(value, kind):
        got = type(value).__name__
        raise UndeterminedError(f"the answer of {ACTION} cannot be read: {what} is of type {got}", REPORT)
    return value


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
