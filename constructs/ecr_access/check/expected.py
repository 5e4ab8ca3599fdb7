"""Reads which principals a statement allows, so that a policy can be judged for them by its effect.

The app does not write the policy of a repository that it does not declare: what it expects there may be allowed by a
broader statement, or one that is written differently.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from ecr_access.iam.conditions import texts
from ecr_access.iam.principals import Kind, principal_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from ecr_access.check.policy_drift import DeclaredPolicy
    from ecr_access.iam.arns import Repository
    from ecr_access.iam.principals import Principal

_NARROWER = ("aws:principalarn", "aws:principalorgid", "aws:principalorgpaths")
"""Condition keys, in lower case, by which grants name principals in a statement for an account or for ``*``."""


class Expected(NamedTuple):
    """A principal that a statement is expected to allow something on a repository that the app does not declare."""

    repository: Repository
    statement: Mapping[str, Any]
    principal: Principal


def by_effect(
    declared: Iterable[DeclaredPolicy], existing: Collection[Repository]
) -> tuple[tuple[DeclaredPolicy, ...], tuple[Expected, ...]]:
    """Separate the statements that the app writes, which are compared, from statements that an owner should write.

    A statement whose principals cannot be read is compared all the same. One for the repository's own account needs
    none: it only delegates to that account's IAM policies.
    """
    compared: list[DeclaredPolicy] = []
    expected: list[Expected] = []
    for one in declared:
        rest = []
        for statement in one.statements:
            principals = principals_of(statement) if one.repository in existing else None
            if principals is None:
                rest.append(statement)
                continue
            expected += [
                Expected(one.repository, statement, principal)
                for principal in principals
                if principal.kind is not Kind.ACCOUNT or principal.account != one.repository.account
            ]
        if rest:
            compared.append(replace(one, statements=tuple(rest)))
    return tuple(compared), tuple(expected)


def principals_of(statement: Mapping[str, Any]) -> list[Principal] | None:
    """Return the principals that a statement allows; None if they cannot be read."""
    if statement.get("Effect") != "Allow" or "NotPrincipal" in statement:
        return None
    found = [principal_of(name) for name in _names(statement)]
    return [one for one in found if one] if found and all(found) else None


def _names(statement: Mapping[str, Any]) -> Iterator[str]:
    element = statement.get("Principal")
    schemes = element if isinstance(element, dict) else {"AWS": element}
    narrower = [*_values_of(statement.get("Condition"))]
    for scheme, names in schemes.items():
        for name in texts(names):
            of_accounts = scheme == "AWS" and (name == "*" or _is_account(name))
            yield from narrower if of_accounts and narrower else (name,)


def _is_account(name: str) -> bool:
    found = principal_of(name)
    return found is not None and found.kind is Kind.ACCOUNT


def _values_of(conditions: object) -> Iterator[str]:
    for operators in conditions.values() if isinstance(conditions, dict) else ():
        for key, values in operators.items() if isinstance(operators, dict) else ():
            if str(key).lower() in _NARROWER:
                yield from texts(values)
