"""How long a repository policy is when it is deployed, and what to say of one that is too long; pure.

https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_SetRepositoryPolicy.html
"""

from __future__ import annotations

import json
from typing import Any, Final

from ecr_access.tokens import PLAUSIBLE, PSEUDO_PARAMETERS

LONGEST: Final = 10_240
"""Characters that a repository policy may have."""

_SHOWN: Final = 3


def is_too_long(document: object) -> bool:
    """Whether a resolved policy document may be longer than ECR takes it.

    An intrinsic function is counted as the longest value that it may plausibly have.
    """
    return _size(document) > LONGEST


def size_error(name: str, document: Any) -> str:
    """Say why the policy of a repository is too long, and what to do."""
    largest = sorted(document["Statement"], key=_size, reverse=True)[:_SHOWN]
    contributors = "; ".join(f"{_size(one):,} characters for {_principals_of(one)}" for one in largest)
    return (
        f"the repository policy of '{name}' has up to {_size(document):,} characters; allowed: {LONGEST:,}; its "
        f"largest statements: {contributors}; trust an organization (iam.OrganizationPrincipal) or whole accounts "
        "(iam.AccountPrincipal) in the place of single roles"
    )


def _size(value: object) -> int:
    return len(json.dumps(_plausible(value), separators=(",", ":")))


def _plausible(value: Any) -> Any:
    """Put a text of the largest plausible length in the place of each intrinsic function."""
    if isinstance(value, list):
        return [_plausible(one) for one in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        ((function, argument),) = value.items()
        if function == "Ref":
            return "x" * PSEUDO_PARAMETERS.get(argument, PLAUSIBLE)
        if function == "Fn::Join":
            parts = argument[1]
            # The list itself may be known at deployment alone.
            return argument[0].join(map(str, map(_plausible, parts))) if isinstance(parts, list) else "x" * PLAUSIBLE
        if function.startswith("Fn::"):
            return "x" * PLAUSIBLE
    return {key: _plausible(one) for key, one in value.items()}


def _principals_of(statement: dict[str, Any]) -> str:
    """Describe the principals that a statement names, and the conditions that they are under."""
    elements = [(element, statement[element]) for element in ("Principal", "NotPrincipal") if element in statement]
    named = [
        _counted(names, f"{scheme} principals")
        for _, element in elements
        for scheme, names in (element if isinstance(element, dict) else {"AWS": element}).items()
    ]
    conditions = statement.get("Condition")
    under = [
        _counted(values, key)
        for keys in (conditions.values() if isinstance(conditions, dict) else ())
        for key, values in (keys.items() if isinstance(keys, dict) else ())
    ]
    return " under ".join(filter(None, [", ".join(named), ", ".join(under)])) or "no principal"


def _counted(values: object, what: str) -> str:
    listed = values if isinstance(values, list) else [values]
    if not listed:
        return f"no {what}"
    first = listed[0] if isinstance(listed[0], str) else "a value known at deployment"
    return f"{len(listed)} {what} ('{first}', ...)" if len(listed) > 1 else f"'{first}'"
