"""Composes the nodes of YAML, as fast as PyYAML can for a text that may be deep, long or wrong."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import yaml

if TYPE_CHECKING:
    from ecr_access.documents.document import Dialect

_DEEP: Final = 5000
_LONG: Final = 1_000_000
_FAST: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def compose(text: str, dialect: Dialect) -> Any:
    """Read nodes, with the loader of C where PyYAML has it: ten times as fast, though it crashes on what is deep.

    Raises:
        DocumentError: if a long text holds more values than the dialect allows, before they fill the memory.
        YAMLError: if the text is not YAML.
    """
    if not _is_flat(text, dialect):
        return yaml.compose(text, Loader=yaml.SafeLoader)
    try:
        return yaml.compose(text, Loader=_FAST)
    except yaml.YAMLError:
        if len(text) < _LONG:
            with suppress(ValueError, OverflowError):  # of an escape beyond Unicode, for which only C has words
                return yaml.compose(text, Loader=yaml.SafeLoader)  # says better what is wrong
        raise


def _is_flat(text: str, dialect: Dialect) -> bool:
    """Whether no value is nested so deeply that the loader of C crashes."""
    if max(map(len, text.splitlines()), default=0) >= _DEEP:  # each level of indentation takes a column
        return False
    if len(text) < _LONG and text.count("[") + text.count("{") < _DEEP:
        return True
    try:
        return _deepest(text, dialect) < _DEEP
    except yaml.YAMLError:
        return len(text) >= _LONG  # only a short text is read by Python's loader within seconds


def _deepest(text: str, dialect: Dialect) -> int:
    """Return how deeply values are nested, from events, of which only one is in memory at a time."""
    deepest = depth = nodes = 0
    for event in yaml.parse(text, Loader=_FAST):
        if isinstance(event, yaml.NodeEvent):
            nodes += 1
            dialect.require_at_most(nodes // 2)  # at most half of them are keys
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        deepest = max(deepest, depth)
        if deepest >= _DEEP:
            break
    return deepest
