"""The page of all codes, ``docs/errors.md``."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ecr_access.cli.explain.situations import Group, Situation

_WIDTH: Final = 120
_INTRODUCTION: Final = """\
# Errors

Each error says what is wrong, the value got, what is allowed and what to do. It ends with a code, which stays the same
when the words change. `ecr-access explain ECR-ACCESS-403` prints what this page says about a code.

Where there are several problems, all come at once, the first fifty of many. In place of a value that only the
deployment knows, a message has `<known only at deployment>`.

What a rule finds in an app is in [rules.md](rules.md). What docker, the AWS CLI and builds print is in
[diagnose.md](diagnose.md). Warnings have an id instead of a code, for `Annotations.acknowledge_warning`.
"""


def written(groups: Iterable[Group]) -> str:
    """Write the page in Markdown."""
    return "\n".join([_INTRODUCTION, *(part for group in groups for part in _group(group))])


def _group(group: Group) -> list[str]:
    return [f"## {group.title}\n", f"{_wrapped(group.about)}\n", *map(_situation, group.situations)]


def _situation(one: Situation) -> str:
    see = f"\nSee {', '.join(f'[{page}]({page})' for page in one.see)}.\n" if one.see else ""
    fix = "\n".join(_wrapped(step, "- ") for step in one.fix)
    return f"### {one.code}: {_literal(one.title)}\n\n{_wrapped(one.means)}\n\n{fix}\n{see}"


def _wrapped(text: str, bullet: str = "") -> str:
    return textwrap.fill(
        _literal(text),
        _WIDTH,
        initial_indent=bullet,
        subsequent_indent=" " * len(bullet),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _literal(text: str) -> str:
    """Keep Markdown from reading a wildcard, or a name's underscores, as emphasis."""
    return text.replace("*", "\\*").replace("__", "\\_\\_")
