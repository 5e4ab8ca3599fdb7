"""Writes docs/assumptions.md from the data that the command runs on."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from prove_on_aws.assumptions import assumptions, differences

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prove_on_aws.assumptions import Assumption

_SOURCES: Final = "constructs/"
_DOCS: Final = "docs/"
_HEAD: Final = """\
# Assumptions about AWS

The verdicts of the access check rest on how AWS answers, and no deployment of this library has been seen on AWS. Each
assumption is here once: what rests on it, what goes wrong if it is not so, and what stands in for AWS in the tests.
Some are AWS's documentation read closely, others are reports of people, a few are guesses.

    make prove-on-aws

tries them in an account of yours. It shows the account, the Region, what it will make, how long that takes and what it
costs, and asks. Whatever it makes is named `prove-on-aws-...`, and written into a journal before it is made; all of it
is removed again, also after Ctrl-C, and what a killed run leaves behind is shown and removed by the next. It ends with
a table: held, refuted, or skipped with the reason. The exit status is 1 if an assumption is refuted. Please open an
issue then, with the table. `python -m prove_on_aws --help` lists the options, among them those for what needs a second
account, an organization or a key. An account that serves nothing else is the best place, and a user or role with
`AdministratorAccess`; the root user can assume no role.

<!-- Written by: python -m prove_on_aws --page > docs/assumptions.md -->
"""
_LOCAL: Final = """\
## In the embedded cloud

`ecr-access local --no-bootstrap -- python -m prove_on_aws --yes --propagation 2` tries the same
there. It is an emulator, and refutes what is listed here and nothing else; a test compares. For these the tests use
what the column *judged here by* names.
"""


def page() -> str:
    """Return the whole page."""
    areas = groupby(assumptions(), key=lambda one: one.area)
    sections = [f"## {area}\n\n{''.join(map(_entry, entries))}" for area, entries in areas]
    return "\n".join([_HEAD, *sections, _LOCAL, *_differences()])


def _entry(one: Assumption) -> str:
    lines = [
        f"### `{one.id}`\n",
        f"{one.assumption}\n",
        f"- rests on it: {', '.join(map(_link, one.rests_on))}",
        f"- if it is wrong: {one.breaks}",
        f"- judged here by: {one.judged_here}",
        f"- AWS: <{one.page}>",
        *([f"- not tried: {one.untried}"] if one.untried else []),
    ]
    return "\n".join(lines) + "\n\n"


def _link(path: str) -> str:
    """Link a file of the checkout from its folder of docs."""
    if path.startswith(_DOCS):
        return f"[`{path}`]({path.removeprefix(_DOCS)})"
    return f"[`{path.removeprefix(_SOURCES)}`](../{path})"


def _differences() -> Iterator[str]:
    known = differences()
    yield _table("refuted there", known.refuted)
    yield _table("skipped there", known.skipped)


def _table(title: str, reasons: Mapping[str, str]) -> str:
    rows = "".join(f"| [`{name}`](#{name}) | {reason} |\n" for name, reason in reasons.items())
    return f"| {title} | since |\n|---|---|\n{rows}"
