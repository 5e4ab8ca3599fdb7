"""Joins statements that differ only in the principals that they name; pure.

The principals of one statement are alternatives, and so are the values of one condition key. One Allow statement
that lists them all therefore allows the same as the separate statements.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Statement = dict[str, Any]

_JOINED: Final = frozenset({"Effect", "Action", "Principal", "Condition"})
# The condition keys by which this library names trusted principals, with the operator that it writes.
_NAMING: Final = (
    ("ArnLike", "aws:PrincipalArn"),
    ("StringEquals", "aws:PrincipalOrgID"),
    ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths"),
    ("StringEquals", "aws:SourceAccount"),
    ("StringLike", "aws:SourceArn"),
)


def merged(statements: Iterable[Statement]) -> list[Statement]:
    """Join statements of the same effect, actions and shape of condition, in the order of the first of each.

    A statement with an id, or with an element that is none of effect, action, principal and condition, stays as it is.
    """
    found = [*statements]
    while True:
        joined = _folded(_folded(found, _without_names, _joined_names), _without_principals, _joined_principals)
        if len(joined) == len(found):
            return joined
        # What has the same principals by now may differ in one condition alone.
        found = joined


def shapes(statement: Statement) -> tuple[str, ...]:
    """Name what a statement has to share with another one to be joined with it."""
    return tuple(shape for shape in (_without_names(statement), _without_principals(statement)) if shape)


def _folded(
    statements: Iterable[Statement],
    shape_of: Callable[[Statement], str | None],
    join: Callable[[Statement, Statement], Statement],
) -> list[Statement]:
    found: list[Statement] = []
    places: dict[str, int] = {}
    for statement in statements:
        shape = shape_of(statement)
        if shape is None or shape not in places:
            if shape is not None:
                places[shape] = len(found)
            found.append(statement)
        else:
            found[places[shape]] = join(found[places[shape]], statement)
    return found


def _without_names(statement: Statement) -> str | None:
    naming = _naming(statement)
    if naming is None:
        return None
    return f"{naming}{_shape(_with_names(statement, naming, None))}"


def _joined_names(one: Statement, other: Statement) -> Statement:
    # Statements that have none are not joined.
    naming = cast("tuple[str, str]", _naming(one))
    operator, key = naming
    names = _either(one["Condition"][operator][key], other["Condition"][operator][key])
    return _with_names(one, naming, names)


def _naming(statement: Statement) -> tuple[str, str] | None:
    """Find the condition that names the principals of a statement, if it may be joined with another one."""
    if not _JOINED.issuperset(statement) or statement.get("Effect") != "Allow":
        return None
    conditions = statement.get("Condition")
    # Keys may be known at deployment alone.
    known = (
        {key: value for key, value in conditions.items() if isinstance(value, dict)}
        if isinstance(conditions, dict)
        else {}
    )
    return next((one for one in _NAMING if one[1] in known.get(one[0], {})), None)


def _with_names(statement: Statement, naming: tuple[str, str], names: object) -> Statement:
    operator, key = naming
    conditions = statement["Condition"]
    return {**statement, "Condition": {**conditions, operator: {**conditions[operator], key: names}}}


def _without_principals(statement: Statement) -> str | None:
    principal = statement.get("Principal")
    if not _JOINED.issuperset(statement) or statement.get("Effect") != "Allow" or not isinstance(principal, dict):
        return None
    # "*" includes every principal. A principal listed beside it would mean nothing, and mislead a reader.
    if "*" in listed(principal.get("AWS", [])):
        return None
    return f"{sorted(principal)}{_shape({**statement, 'Principal': None})}"


def _joined_principals(one: Statement, other: Statement) -> Statement:
    mine, others = one["Principal"], other["Principal"]
    return {**one, "Principal": {scheme: _either(mine[scheme], others[scheme]) for scheme in mine}}


def _shape(statement: Statement) -> str:
    # The order of actions means nothing to AWS.
    return text_of({**statement, "Action": sorted(map(text_of, listed(statement.get("Action"))))})


def _either(one: object, other: object) -> object:
    names: list[Any] = []
    for name in (*listed(one), *listed(other)):
        if name not in names:
            names.append(name)
    return names[0] if len(names) == 1 else names


def listed(value: object) -> list[Any]:
    """Return a list as it is, and one value as a list of it."""
    return value if isinstance(value, list) else [value]


def text_of(value: object) -> str:
    """Write a statement, or a part of one, so that the same reads the same; tokens by their numbers."""
    return json.dumps(value, sort_keys=True, default=str)
