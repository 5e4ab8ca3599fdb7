"""Reads the nodes of YAML, for templates and manifests."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import yaml

STANDARD: Final = "tag:yaml.org,2002:"
"""How the tags of YAML's own types begin."""

_DEEP: Final = 5000


class Fault(NamedTuple):
    """What makes a text no YAML, and where, counted from 1; 0 where that is not known."""

    line: int
    column: int
    message: str


def fault_of(error: yaml.YAMLError) -> Fault:
    """Read an error of PyYAML, whose kinds have different attributes."""
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    return Fault(line, column, f"neither JSON nor YAML: {what}")


def compose(text: str) -> Any:
    """Read nodes, with the loader of C where PyYAML has it: ten times as fast, though it crashes on what is deep.

    Raises:
        yaml.YAMLError: if it is no YAML; also what PyYAML raises for numbers and escapes that are too large.
    """
    is_flat = text.count("[") + text.count("{") < _DEEP and max(map(len, text.splitlines()), default=0) < _DEEP
    return yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader) if is_flat else yaml.SafeLoader)
