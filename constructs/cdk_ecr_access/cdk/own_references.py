"""References to the ARNs of resources of the same stack, without the CDK: for values that Python renders.

What the CDK renders needs a token of its own: it refuses to resolve one of these.
"""

from __future__ import annotations

import re
from typing import Any, Final

_MARK: Final = re.compile(r"\$\{Token\[EcrAccess\.(\w+)\]\}")


def own_arn(logical_id: str) -> str:
    """Return what stands for the ARN of a resource until it is rendered: a text that looks like a token."""
    return f"${{Token[EcrAccess.{logical_id}]}}"


def own_reference(text: str) -> dict[str, Any] | None:
    """Return the intrinsic function that a text stands for; None for any other text."""
    match = _MARK.fullmatch(text)
    return {"Fn::GetAtt": [match[1], "Arn"]} if match else None


def with_references(value: Any) -> Any:
    """Render a value: each text in it that stands for an ARN becomes its intrinsic function."""
    if isinstance(value, str):
        return own_reference(value) or value
    if isinstance(value, list):
        return [with_references(one) for one in value]
    if isinstance(value, dict):
        return {key: with_references(one) for key, one in value.items()}
    return value
