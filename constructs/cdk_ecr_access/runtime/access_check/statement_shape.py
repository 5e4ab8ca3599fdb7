"""A statement as IAM reads it, whatever the order and the case in which it is written."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from access_check.patterns import any_covers

if TYPE_CHECKING:
    from collections.abc import Mapping

_ROOT: Final = re.compile(r"(?:arn:[a-z0-9-]+:iam::)?(?P<account>\d{12})(?::root)?")
_EVERYBODY: Final = ("AWS", "*")
_POSITIVE: Final = frozenset({"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike"})


@dataclass(frozen=True)
class Shape:
    """What a statement says."""

    effect: str
    actions: frozenset[str]
    principals: frozenset[tuple[str, str]]
    conditions: Mapping[tuple[str, str], frozenset[str]]
    rest: frozenset[tuple[str, ...]]

    @classmethod
    def of(cls, statement: Mapping[str, Any]) -> Shape:
        """Read a statement; what is malformed in it is like nothing else."""
        rest = [
            (element, *sorted(one.lower() for one in _texts(statement[element])))
            for element in ("NotAction", "Resource", "NotResource")
            if element in statement
        ]
        if "NotPrincipal" in statement:
            rest.append(("NotPrincipal", *sorted(map(str, _principals(statement["NotPrincipal"])))))
        return cls(
            str(statement.get("Effect")),
            frozenset(one.lower() for one in _texts(statement.get("Action", []))),
            _principals(statement.get("Principal", {})),
            {
                (str(operator).lower(), str(key).lower()): frozenset(_texts(values))
                for operator, keys in _items(statement.get("Condition"))
                for key, values in _items(keys)
            },
            frozenset(rest),
        )

    def is_within(self, other: Shape) -> bool:
        """Whether another statement says all that this one does, and perhaps more."""
        return (
            (self.effect, self.rest) == (other.effect, other.rest)
            and all(any_covers([*other.actions], action) for action in self.actions)
            and (_EVERYBODY in other.principals or self.principals <= other.principals)
            and self.conditions.keys() == other.conditions.keys()
            and all(_is_held(one, values, other.conditions[one]) for one, values in self.conditions.items())
        )


def _is_held(condition: tuple[str, str], values: frozenset[str], live: frozenset[str]) -> bool:
    """Whether whatever meets a condition's values meets the live ones: more of them are more alternatives."""
    quantifier, _, operator = condition[0].rpartition(":")
    alternatives = operator in _POSITIVE and quantifier in ("", "foranyvalue")
    return values <= live if alternatives else values == live


def _principals(element: object) -> frozenset[tuple[str, str]]:
    schemes = element if isinstance(element, dict) else {"AWS": element}
    return frozenset((str(scheme), _account_or(name)) for scheme, names in schemes.items() for name in _texts(names))


def _account_or(name: str) -> str:
    """Write an account as its id, which stands for its root."""
    match = _ROOT.fullmatch(name)
    return match["account"] if match else name


def _items(value: object) -> list[tuple[Any, Any]]:
    if value is None:
        return []
    # What is no object has no keys: it is told from everything else by what it is.
    return list(value.items()) if isinstance(value, dict) else [(json.dumps(value), {"": value})]


def _texts(value: object) -> list[str]:
    # IAM compares texts; a value that is a boolean in JSON is written in lower case.
    listed = value if isinstance(value, list) else [value]
    return [one if isinstance(one, str) else json.dumps(one) for one in listed]
