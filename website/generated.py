"""The parts of pages that come from the code: each replaces a comment such as ``<!-- generated: rules -->``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from website.api import reference
from website.command_line import help_texts
from website.included import included
from website.manifest_keys import table_of_keys
from website.rules import sections_of_rules, table_of_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_PLACEHOLDER: Final = re.compile(r"^<!-- generated: (?P<name>\S+)(?: (?P<argument>\S+))? -->$", re.MULTILINE)

GENERATORS: Final[Mapping[str, Callable[[str], str]]] = {
    "api": reference,
    "command-line": lambda _: help_texts(),
    "file": included,
    "keys": table_of_keys,
    "rules": lambda _: sections_of_rules(),
    "table-of-rules": lambda _: table_of_rules(),
}


def filled(markdown: str) -> str:
    """Return a page's text with every placeholder replaced.

    Raises:
        ValueError: if a placeholder has a name that is not in ``GENERATORS``.
    """
    return _PLACEHOLDER.sub(_generated, markdown)


def _generated(placeholder: re.Match[str]) -> str:
    name, argument = placeholder["name"], placeholder["argument"] or ""
    if name not in GENERATORS:
        raise ValueError(f"a page asks for {name!r}, which is not generated; allowed: {', '.join(GENERATORS)}")
    return GENERATORS[name](argument).strip("\n")
