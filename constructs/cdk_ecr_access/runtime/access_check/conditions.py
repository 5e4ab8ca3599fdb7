"""Evaluates the conditions of a statement, as far as the principal of a requirement determines them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from access_check.patterns import covers, covers_arn, has_wildcard, may_meet
from access_check.principals import Kind, Principal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Truth(Enum):
    """Whether something is so; MAYBE where only the call itself can tell."""

    NO = "no"
    MAYBE = "maybe"
    YES = "yes"


_NOT: Final = {Truth.YES: Truth.NO, Truth.NO: Truth.YES, Truth.MAYBE: Truth.MAYBE}
_CALLER: Final = frozenset(
    {"aws:principalarn", "aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths", "aws:principaltype"}
)
_SOURCE: Final = frozenset({"aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths"})


@dataclass(frozen=True)
class Caller:
    """What is known of a principal's calls.

    Attributes:
        known: values of condition keys, in lower case; a value may be a pattern: "some role of this account".
        absent: the keys that such a call never carries.
        natural: the keys by which a service is kept to somebody's resources: to allow it under them is to allow it.
    """

    known: Mapping[str, str]
    absent: frozenset[str]
    natural: frozenset[str] = frozenset()


def caller_of(principal: Principal) -> Caller:
    """Tell what is known of the calls that a principal makes."""
    known = {"aws:securetransport": "true", "aws:principalisawsservice": "false"}
    if principal.kind is Kind.IAM:
        known |= {"aws:principalarn": principal.name, "aws:principalaccount": principal.account}
    elif principal.kind is Kind.ACCOUNT:
        known |= {"aws:principalarn": f"arn:*:iam::{principal.account}:*", "aws:principalaccount": principal.account}
    elif principal.kind is Kind.SERVICE:
        known |= {"aws:principalisawsservice": "true", "aws:principalservicename": principal.name}
        return Caller(known, absent=_CALLER, natural=_SOURCE)
    else:
        organization, _, path = principal.name.partition("/")
        known |= {
            "aws:principalorgid": organization,
            "aws:principalorgpaths": principal.name if path else f"{organization}/*",
        }
    return Caller(known, absent=_SOURCE)


def evaluate(conditions: object, caller: Caller, *, allowing: bool) -> tuple[Truth, tuple[str, ...]]:
    """Evaluate the ``Condition`` element of a statement; return the truth and the keys that leave it open."""
    truth = Truth.YES
    undecided: list[str] = []
    for operator, keys in conditions.items() if isinstance(conditions, dict) else ():
        for key, values in keys.items() if isinstance(keys, dict) else ():
            wanted = [str(value) for value in (values if isinstance(values, list) else [values])]
            one = _evaluate(str(operator), str(key).lower(), wanted, caller, allowing=allowing)
            if one is Truth.NO:
                return Truth.NO, ()
            if one is Truth.MAYBE:
                truth = Truth.MAYBE
                undecided.append(str(key))
    return truth, tuple(undecided)


def _evaluate(operator: str, key: str, wanted: list[str], caller: Caller, *, allowing: bool) -> Truth:
    quantifier, _, name = operator.lower().rpartition(":")
    optional, name = name.endswith("ifexists"), name.removesuffix("ifexists")
    if name == "null":
        return _null(key, wanted, caller)
    if key in caller.natural:
        return Truth.YES if allowing else Truth.MAYBE
    negated, name = "not" in name, name.replace("not", "")
    comparison = _COMPARISONS.get(name)
    if key in caller.absent:
        return Truth.YES if optional or negated or quantifier == "forallvalues" else Truth.NO
    if comparison is None or key not in caller.known or any("${" in value for value in wanted):
        return Truth.MAYBE
    truth = comparison(wanted, caller.known[key])
    return _NOT[truth] if negated else truth


def _null(key: str, wanted: list[str], caller: Caller) -> Truth:
    if key in caller.absent:
        is_null = Truth.YES
    elif key in caller.known or key in caller.natural:
        is_null = Truth.NO
    else:
        return Truth.MAYBE
    return is_null if wanted == ["true"] else _NOT[is_null]


def _equals(wanted: list[str], known: str) -> Truth:
    if not has_wildcard(known):
        return Truth.YES if known in wanted else Truth.NO
    return Truth.MAYBE if any(covers(known, value) for value in wanted) else Truth.NO


def _equals_ignoring_case(wanted: list[str], known: str) -> Truth:
    return _equals([value.lower() for value in wanted], known.lower())


def _like(wanted: list[str], known: str, covering: Callable[[str, str], bool] = covers) -> Truth:
    if any(covering(value, known) for value in wanted):
        return Truth.YES
    # A pattern that a literal value does not match, it does not match in part either.
    return Truth.MAYBE if has_wildcard(known) and any(may_meet(value, known) for value in wanted) else Truth.NO


def _like_arn(wanted: list[str], known: str) -> Truth:
    return _like(wanted, known, covers_arn)


_COMPARISONS: Final[dict[str, Callable[[list[str], str], Truth]]] = {
    "stringequals": _equals,
    "stringequalsignorecase": _equals_ignoring_case,
    "stringlike": _like,
    "arnequals": _like_arn,
    "arnlike": _like_arn,
    "bool": _equals_ignoring_case,
}
