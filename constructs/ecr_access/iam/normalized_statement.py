"""A statement as IAM reads it, whatever the order and the case in which it is written."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ecr_access.iam.arns import account_named
from ecr_access.iam.conditions import texts
from ecr_access.iam.ternary import Ternary
from ecr_access.iam.wildcards import any_covers, covers, is_arn_matched

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_ALL_PRINCIPALS: Final = ("AWS", "*")


def _is_same_text(value: str, other: str) -> bool:
    return value.lower() == other.lower()


def _covers_arn(pattern: str, value: str) -> bool:
    return is_arn_matched(pattern, value) is Ternary.YES


def _is_same(value: str, other: str) -> bool:
    return value == other


_ALTERNATIVES: Final[dict[str, Callable[[str, str], bool]]] = {
    "stringequals": _is_same,
    "stringequalsignorecase": _is_same_text,
    "stringlike": covers,
    "arnequals": _covers_arn,
    "arnlike": _covers_arn,
    "bool": _is_same_text,
    "null": _is_same_text,
}
"""Operators whose values are alternatives, and when one of the second kind allows all that one of the first does."""

_EXCLUSIONS: Final[dict[str, Callable[[str, str], bool]]] = {
    "stringnotequals": _is_same,
    "stringnotequalsignorecase": _is_same_text,
    "stringnotlike": covers,
    "arnnotequals": _covers_arn,
    "arnnotlike": _covers_arn,
}
"""Operators whose values each exclude a principal: with fewer values, more calls meet the condition."""


@dataclass(frozen=True)
class NormalizedCondition:
    """An operator and a key, in lower case, and the values."""

    operator: str
    key: str
    values: frozenset[str]

    def implies(self, other: NormalizedCondition) -> bool:
        """Whether every call that meets this condition meets another one; False where that is not known."""
        if (self.operator, self.key) != (other.operator, other.key):
            return False
        if self.values == other.values:
            return True
        set_operator, _, name = self.operator.removesuffix("ifexists").rpartition(":")
        if set_operator not in ("", "foranyvalue") or not self.values or not other.values:
            return False
        if covering := _ALTERNATIVES.get(name):
            return all(_is_covered(value, other.values, covering) for value in self.values)
        # With ForAnyValue, one value of the call may pass the one condition, and another value the other.
        if (covering := _EXCLUSIONS.get(name)) and not set_operator:
            return all(_is_covered(value, self.values, covering) for value in other.values)
        return False


@dataclass(frozen=True)
class NormalizedStatement:
    """What a statement says."""

    effect: str
    actions: frozenset[str]
    principals: frozenset[tuple[str, str]]
    conditions: frozenset[NormalizedCondition]
    rest: frozenset[tuple[str, ...]]

    @classmethod
    def of(cls, statement: Mapping[str, Any]) -> NormalizedStatement:
        """Read a statement; what is malformed in it is like nothing else."""
        rest = [
            (element, *sorted(one.lower() for one in texts(statement[element])))
            for element in ("NotAction", "Resource", "NotResource")
            if element in statement
        ]
        if "NotPrincipal" in statement:
            rest.append(("NotPrincipal", *sorted(map(str, _principals(statement["NotPrincipal"])))))
        return cls(
            str(statement.get("Effect")),
            frozenset(one.lower() for one in texts(statement.get("Action", []))),
            _principals(statement.get("Principal", {})),
            frozenset(
                NormalizedCondition(str(operator).lower(), str(key).lower(), frozenset(texts(values)))
                for operator, keys in _items(statement.get("Condition"))
                for key, values in _items(keys)
            ),
            frozenset(rest),
        )

    @property
    def condition_keys(self) -> frozenset[tuple[str, str]]:
        """The operators and keys of its conditions."""
        return frozenset((one.operator, one.key) for one in self.conditions)

    def is_subset_of(self, other: NormalizedStatement) -> bool:
        """Whether another statement of the same effect is about every call that this one is about.

        Each of its conditions is implied by one of this statement's, and this one may have more. False where that
        is not known: an account is not taken for its roles, nor ``NotAction`` for the actions that it leaves.
        """
        return (
            (self.effect, self.rest) == (other.effect, other.rest)
            and all(any_covers([*other.actions], action) for action in self.actions)
            and (_ALL_PRINCIPALS in other.principals or self.principals <= other.principals)
            and all(any(one.implies(wanted) for one in self.conditions) for wanted in other.conditions)
        )


def _is_covered(value: str, others: frozenset[str], covering: Callable[[str, str], bool]) -> bool:
    # A policy variable stands for what only the call has.
    return value in others or any("${" not in value + other and covering(other, value) for other in others)


def _principals(element: object) -> frozenset[tuple[str, str]]:
    schemes = element if isinstance(element, dict) else {"AWS": element}
    return frozenset(
        (str(scheme), account_named(name) or name) for scheme, names in schemes.items() for name in texts(names)
    )


def _items(value: object) -> list[tuple[Any, Any]]:
    if value is None:
        return []
    # What is no object has no keys: it is told from everything else by what it is.
    return list(value.items()) if isinstance(value, dict) else [(json.dumps(value), {"": value})]
