"""Compares a live repository policy with what an app declares of it.

Importing a repository into a stack has been seen to drop its policy, and CloudFormation sees no difference afterwards.
https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2493
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from access_check.finding import Finding, Problem, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from access_check.arns import Repository
    from access_check.repository_policy import RepositoryPolicy

APP: Final = "this app"
POLICY: Final = "POLICY"

_POSITIVE: Final = frozenset({"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike"})
_LONGEST: Final = 200
_ROOT: Final = re.compile(r"(?:arn:[a-z0-9-]+:iam::)?(?P<account>\d{12})(?::root)?")
_FIX: Final = (
    "CloudFormation sees no change and will not put it back: put it with 'aws ecr set-repository-policy', or change "
    "what is declared, a Sid for one, and deploy again"
)


@dataclass(frozen=True, eq=False)
class DeclaredPolicy:
    """Statements that a repository's policy has to hold."""

    repository: Repository
    statements: tuple[Mapping[str, Any], ...]

    def compare(self, live: RepositoryPolicy) -> Finding:
        """Tell which of the statements the live policy lacks.

        One is there if a live statement has its effect, the keys of its conditions, and at least its principals, its
        actions, and the values of its conditions, where these are alternatives.
        """
        there = [_Shape.of(one) for one in live.statements]
        lacking = [one for one in self.statements if not any(_Shape.of(one).is_within(other) for other in there)]
        arn = self.repository.arn
        if not lacking:
            return Finding(APP, POLICY, arn, Verdict.ALLOWED, note="the live repository policy has what is declared")
        deleted = "; it names a principal that was deleted" if live.names_deleted else ""
        problems = tuple(Problem(f"it lacks {_abbreviated(one)}{deleted}", _FIX) for one in lacking)
        return Finding(APP, POLICY, arn, Verdict.DENIED, problems)


@dataclass(frozen=True)
class _Shape:
    """A statement as IAM reads it, whatever the order and the case in which it is written."""

    effect: str
    actions: frozenset[str]
    principals: frozenset[tuple[str, str]]
    conditions: Mapping[tuple[str, str], frozenset[str]]
    rest: frozenset[tuple[str, ...]]

    @classmethod
    def of(cls, statement: Mapping[str, Any]) -> _Shape:
        inverted = [
            (element, *sorted(f"{scheme} {name}" for scheme, name in _principals(statement[element])))
            for element in ("NotPrincipal",)
            if element in statement
        ]
        others = [
            (element, *sorted(one.lower() for one in _texts(statement[element])))
            for element in ("NotAction", "Resource", "NotResource")
            if element in statement
        ]
        conditions = {
            (operator.lower(), key.lower()): frozenset(_texts(values))
            for operator, keys in (statement.get("Condition") or {}).items()
            for key, values in keys.items()
        }
        return cls(
            str(statement.get("Effect")),
            frozenset(one.lower() for one in _texts(statement.get("Action", []))),
            _principals(statement.get("Principal", {})),
            conditions,
            frozenset([*inverted, *others]),
        )

    def is_within(self, other: _Shape) -> bool:
        """Whether another statement says all that this one does."""
        return (
            (self.effect, self.rest) == (other.effect, other.rest)
            and self.actions <= other.actions
            and self.principals <= other.principals
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
    return frozenset((scheme, _account_or(name)) for scheme, names in schemes.items() for name in _texts(names))


def _account_or(name: str) -> str:
    """Write an account as its id, which stands for its root."""
    match = _ROOT.fullmatch(name)
    return match["account"] if match else name


def _texts(value: object) -> list[str]:
    # IAM compares texts; a value that is a boolean in JSON is written in lower case.
    listed = value if isinstance(value, list) else [value]
    return [one if isinstance(one, str) else json.dumps(one) for one in listed]


def _abbreviated(statement: Mapping[str, Any]) -> str:
    text = json.dumps(statement, separators=(",", ":"))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
