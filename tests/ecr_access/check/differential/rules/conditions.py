"""The element ``Condition``: whether a request meets it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from tests.ecr_access.check.differential.rules.operators import NEGATED, POSITIVE, texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Context = dict[str, tuple[str, ...]]
"""The values of a request's condition keys, by key in lower case; a key that the request lacks is not there."""

_VARIABLE: Final = re.compile(r"\$\{([^}]+)\}")


def holds(condition: Mapping[str, Any] | None, context: Context) -> bool:
    """Whether a request meets every key of every operator: they are joined by AND."""
    return all(
        _holds(operator.lower(), texts(values), context.get(key.lower(), ()), context)
        for operator, key, values in entries(condition)
    )


def entries(condition: Mapping[str, Any] | None) -> Iterator[tuple[str, str, object]]:
    """List each operator, key and values."""
    for operator, keys in (condition or {}).items():
        for key, values in keys.items():
            yield operator, key, values


def keys_of(condition: Mapping[str, Any] | None) -> Iterator[str]:
    """List the keys, in lower case, that a condition reads, those of its policy variables among them."""
    for _, key, values in entries(condition):
        yield key.lower()
        for value in texts(values):
            yield from variables(value)


def variables(value: str) -> Iterator[str]:
    """List the keys, in lower case, of the policy variables in a value."""
    yield from (one.lower() for one in _VARIABLE.findall(value))


def resolved(value: str, context: Context) -> str | None:
    """Write the request's values for the policy variables; None where the request lacks one: nothing matches then.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
    """
    if any(len(context.get(key, ())) != 1 for key in variables(value)):
        return None
    return _VARIABLE.sub(lambda found: context[found[1].lower()][0], value)


def _holds(operator: str, wanted: list[str], found: tuple[str, ...], context: Context) -> bool:
    if operator == "null":
        # "true" holds where the key is absent, "false" where it is present.
        return any((value.lower() == "true") == (not found) for value in wanted)
    quantifier, _, name = operator.rpartition(":")
    if not found:
        return _holds_without_the_key(quantifier, name)
    name = name.removesuffix("ifexists")
    negated = name in NEGATED
    compare = POSITIVE[NEGATED.get(name, name)]
    values = [value for one in wanted if (value := resolved(one, context)) is not None]
    # Several values of a policy are joined by OR, and by NOR under a negated operator.
    matching = [any(compare(value, one) for value in values) is not negated for one in found]
    return any(matching) if quantifier == "foranyvalue" else all(matching)


def _holds_without_the_key(quantifier: str, name: str) -> bool:
    """Decide where the request lacks the key.

    ``IfExists`` makes it true. Without it, ``ForAllValues`` is true and ``ForAnyValue`` false, and an operator without
    either is true only if it is negated.
    """
    if name.endswith("ifexists") or quantifier == "forallvalues":
        return True
    return quantifier == "" and name in NEGATED
