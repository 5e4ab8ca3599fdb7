"""What importers need to snapshot-test their own apps."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from aws_cdk.assertions import Template

if TYPE_CHECKING:
    from aws_cdk import Stack

_HASH: Final = re.compile(r"\b[0-9a-f]{64}\b")


def snapshot_of(stack: Stack) -> dict[str, Any]:
    """Synthesize a stack's template for a snapshot.

    Only what changes without a change of access is normalised: the hashes of assets, which change with every
    release of this library, and the digest of what is checked, which repeats what the template says in full.

    Returns:
        The template, each SHA-256 in it replaced by ``<sha256>``.

    Raises:
        RuntimeError: if the app does not synthesize.
    """
    template: dict[str, Any] = _normalised(Template.from_stack(stack).to_json())
    return template


def _normalised(value: Any) -> Any:  # noqa: ANN401 -- any JSON value
    if isinstance(value, dict):
        return {key: _normalised(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_normalised(one) for one in value]
    return _HASH.sub("<sha256>", value) if isinstance(value, str) else value
