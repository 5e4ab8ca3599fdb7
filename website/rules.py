"""The rules on templates, in their own words: each rule's title, and the docstring of its module."""

from __future__ import annotations

import inspect
import sys
from typing import TYPE_CHECKING

from ecr_access.rules.catalogue import RULES

if TYPE_CHECKING:
    from ecr_access.rules.finding import Rule


def table_of_rules() -> str:
    """Return a table of all rules, in the order in which they are reported."""
    rows = (f"| [`{one.id}`](#{one.id}) | {one.severity.value} | {_cell(one.title)} |" for one in RULES)
    return "\n".join(["| rule | severity | what it demands |", "|---|---|---|", *rows])


def sections_of_rules() -> str:
    """Return a section for each rule."""
    return "\n\n".join(f"### {one.id}\n\n{explanation(one)}\n\nAWS: <{one.page}>" for one in RULES)


def explanation(rule: Rule) -> str:
    """Return what a rule's module says about it: what is found, what happens on AWS, the fix, what is not reported."""
    return inspect.getdoc(sys.modules[rule.check.__module__]) or ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
