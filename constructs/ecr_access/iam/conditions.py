"""Evaluates the conditions of a statement, as far as the request context is known.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ecr_access.iam.request_context import MULTIVALUED
from ecr_access.iam.ternary import Ternary, all_of, any_of, in_every_case
from ecr_access.iam.unknown_text import equal, is_known, known_of
from ecr_access.iam.wildcards import covers, has_wildcard, is_arn_matched, is_matched, may_meet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ecr_access.iam.request_context import RequestContext, Values

_SET_OPERATORS: Final = ("", "foranyvalue", "forallvalues")
_NULL: Final = "null"
_NEGATED: Final = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
    "numericnotequals": "numericequals",
    "datenotequals": "dateequals",
    "notipaddress": "ipaddress",
}
_ORDERS: Final = ("equals", "lessthan", "lessthanequals", "greaterthan", "greaterthanequals")
_OPERATORS: Final = frozenset(
    {*_NEGATED.values(), *(f"{kind}{order}" for kind in ("numeric", "date") for order in _ORDERS)}
    | {"bool", "binaryequals", _NULL}
)
_SCALARS: Final = (str, bool, int, float)


class ConditionError(ValueError):
    """The ``Condition`` element of a statement is malformed."""


@dataclass(frozen=True)
class Operator:
    """A condition operator, all its words in lower case: ``ForAnyValue:StringNotLikeIfExists``."""

    set_operator: str
    name: str
    negated: bool
    if_exists: bool

    @classmethod
    def parse(cls, text: str) -> Operator:
        """Read an operator.

        Raises:
            ConditionError: if IAM has no such operator.
        """
        set_operator, _, rest = text.lower().rpartition(":")
        base = rest.removesuffix("ifexists")
        name = _NEGATED.get(base, base)
        if set_operator not in _SET_OPERATORS or name not in _OPERATORS or (name == _NULL and base != rest):
            raise ConditionError(f"its condition operator {json.dumps(text)} is none of IAM's")
        return cls(set_operator, name, base in _NEGATED, base != rest)

    def without_key(self) -> Ternary:
        """Evaluate it where the call does not carry the key."""
        if self.if_exists or self.set_operator == "forallvalues":
            return Ternary.YES
        return Ternary.YES if self.negated and not self.set_operator else Ternary.NO


@dataclass(frozen=True)
class Condition:
    """One operator, one key, and the values that it is compared with."""

    operator: Operator
    key: str
    values: tuple[str, ...]

    def evaluate(self, context: RequestContext) -> Ternary:
        """Say whether the calls meet it: whatever values they may carry."""
        return in_every_case(self._evaluate(values) for values in context.of(self.key))

    def _evaluate(self, carried: Values) -> Ternary:
        # No page says what an empty list does, nor a set operator before Null.
        if not self.values or (self.operator.name == _NULL and self.operator.set_operator):
            return Ternary.MAYBE
        if self.operator.name == _NULL:
            return any_of(_is_null(wanted, carried) for wanted in self.values)
        if not carried:
            return self.operator.without_key()
        if self.key.lower() in MULTIVALUED and not self.operator.set_operator:
            return Ternary.MAYBE
        join = any_of if self.operator.set_operator == "foranyvalue" else all_of
        return join(self._compare(one) for one in carried)

    def _compare(self, carried: str) -> Ternary:
        compare = _COMPARISONS.get(self.operator.name)
        if compare is None:
            return Ternary.MAYBE
        # A policy variable stands for a value of the call.
        found = any_of(
            Ternary.MAYBE if "${" in known_of(wanted) else compare(wanted, carried) for wanted in self.values
        )
        return found.negated if self.operator.negated else found


def conditions_of(statement: Mapping[str, Any]) -> list[Condition]:
    """Read the conditions of a statement.

    Raises:
        ConditionError: if they are malformed, so that no verdict can rest on them.
    """
    found: list[Condition] = []
    for text, keys in _members(statement.get("Condition", {}), "its Condition"):
        operator = Operator.parse(text)
        for key, values in _members(keys, f"its condition operator {json.dumps(text)}"):
            listed = values if isinstance(values, list) else [values]
            if not all(isinstance(one, _SCALARS) for one in listed):
                raise ConditionError(
                    f"its condition key {json.dumps(key)} has the value {json.dumps(values)}, allowed is a text, a "
                    "boolean, a number, or a list of them"
                )
            found.append(Condition(operator, key, texts(values)))
    return found


def texts(value: object) -> tuple[str, ...]:
    """Write one or several JSON values as IAM compares them: quotes are optional for booleans and numbers."""
    listed = value if isinstance(value, list) else [value]
    return tuple(one if isinstance(one, str) else json.dumps(one) for one in listed)


def evaluate(conditions: Iterable[Condition], context: RequestContext) -> tuple[Ternary, tuple[str, ...]]:
    """Evaluate all the conditions of a statement; return also the keys that leave it open."""
    open_keys: list[str] = []
    for one in conditions:
        found = one.evaluate(context)
        if found is Ternary.NO:
            return Ternary.NO, ()
        if found is Ternary.MAYBE:
            open_keys.append(one.key)
    return Ternary.MAYBE if open_keys else Ternary.YES, tuple(open_keys)


def _members(value: object, what: str) -> Iterator[tuple[str, Any]]:
    if not isinstance(value, dict):
        raise ConditionError(f"{what} is {json.dumps(value)}, allowed is an object")
    yield from value.items()


def _is_null(wanted: str, carried: Values) -> Ternary:
    if wanted.lower() not in {"true", "false"}:
        return Ternary.MAYBE
    return Ternary.YES if (wanted.lower() == "true") == (not carried) else Ternary.NO


def _equals(wanted: str, carried: str) -> Ternary:
    if not has_wildcard(carried):
        return equal(wanted, carried)
    # No name has a wildcard; a text of which nothing is known may have one.
    is_name = carried == "*" or not has_wildcard(wanted.rpartition("/")[2])
    meets = covers if is_known(carried + wanted) else may_meet
    return Ternary.MAYBE if is_name and meets(carried, wanted) else Ternary.NO


def _equals_ignoring_case(wanted: str, carried: str) -> Ternary:
    return _equals(wanted.lower(), carried.lower())


_COMPARISONS: Final[dict[str, Callable[[str, str], Ternary]]] = {
    "stringequals": _equals,
    "stringequalsignorecase": _equals_ignoring_case,
    "stringlike": is_matched,
    "arnequals": is_arn_matched,
    "arnlike": is_arn_matched,
    "bool": _equals_ignoring_case,
}
