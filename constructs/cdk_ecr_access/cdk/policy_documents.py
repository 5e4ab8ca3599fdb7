"""Resource policies as the CDK renders them, from plain statements; pure.

With the feature flag ``@aws-cdk/aws-iam:minimizePolicies``, which new apps have, it joins statements that differ in
their actions or principals alone, and sorts both. A test compares with the CDK.
https://docs.aws.amazon.com/cdk/v2/guide/featureflags.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from ecr_access.iam.merging import listed, merged

if TYPE_CHECKING:
    from collections.abc import Iterable

Statement = dict[str, Any]

MINIMIZES: Final = "@aws-cdk/aws-iam:minimizePolicies"
_VERSION: Final = "2012-10-17"


def joined(statements: Iterable[Statement], *, minimize: bool) -> list[Statement]:
    """Join statements as the CDK does before it resolves their tokens.

    Args:
        statements: each with effect, actions, principals and perhaps conditions.
        minimize: whether the CDK minimizes policies.
    """
    return _minimized(statements) if minimize else [*statements]


def document(statements: Iterable[Statement], *, minimize: bool) -> dict[str, Any]:
    """Write a policy document of what has been joined and resolved.

    Args:
        statements: as ``joined`` returned them, without tokens.
        minimize: whether the CDK minimizes policies.
    """
    unique = [json.loads(one) for one in dict.fromkeys(map(json.dumps, statements))]
    return {"Statement": merged(map(_sorted, unique) if minimize else unique), "Version": _VERSION}


def _minimized(statements: Iterable[Statement]) -> list[Statement]:
    open_ = [{**one, "Action": listed(one["Action"])} for one in statements]
    joined = True
    while joined:
        joined = False
        for first, one in enumerate(open_):
            for other in open_[first + 1 :]:
                if _is_joined(one, other):
                    one = open_[first] = _joined(one, other)  # noqa: PLW2901 -- joined with the next one in turn
                    open_.remove(other)
                    joined = True
    return open_


def _is_joined(one: Statement, other: Statement) -> bool:
    return json.dumps(one.get("Condition")) == json.dumps(other.get("Condition")) and (
        {*one["Action"]} == {*other["Action"]} or _principals(one) == _principals(other)
    )


def _joined(one: Statement, other: Statement) -> Statement:
    principals = _principals(one) | _principals(other)
    schemes = dict.fromkeys(scheme for scheme, _ in principals)
    return {
        **one,
        "Action": sorted({*one["Action"], *other["Action"]}),
        "Principal": {wanted: [name for scheme, name in principals if scheme == wanted] for wanted in schemes},
    }


def _principals(statement: Statement) -> dict[tuple[str, str], None]:
    """List the principals, each once; a dictionary for its keys."""
    return {(scheme, name): None for scheme, names in statement["Principal"].items() for name in listed(names)}


def _sorted(statement: Statement) -> Statement:
    principals = {scheme: _in_order(names) for scheme, names in sorted(statement["Principal"].items())}
    return {**statement, "Action": _in_order(statement["Action"]), "Principal": principals}


def _in_order(values: object) -> object:
    """Sort values by their text, as the CDK does; one of them alone is no list."""
    texts = {json.dumps(one, separators=(",", ":"), ensure_ascii=False): one for one in listed(values)}
    found = [texts[text] for text in sorted(texts)]
    return found[0] if len(found) == 1 else found
