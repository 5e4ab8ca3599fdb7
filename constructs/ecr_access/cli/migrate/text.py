"""A plan as text, and as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final, TextIO

from ecr_access.cli.console import painted
from ecr_access.rules.migration.plan import SAFE, Course, Fate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ecr_access.rules.migration.plan import Plan, Repository, StatementChange

_SIGNS: Final = {Course.GOES: "-", Course.COMES: "+", Course.PERHAPS: "?"}
_COLOURS: Final = {Course.GOES: "red", Course.COMES: "green", Course.PERHAPS: "yellow"}


def as_document(plan: Plan) -> dict[str, Any]:
    """Make an object for JSON; ``safe`` says what the exit status says."""
    return {"safe": plan.is_safe, **asdict(plan)}


def as_text(plan: Plan, to: TextIO) -> str:
    """Write a paragraph a repository, then what changes for principals and exports, and a summary."""
    parts = [_lines(_repository(one, to)) for one in plan.repositories]
    for principal in plan.principals:
        head = painted(f"{_stack(principal.stack)}: {principal.label}", "bold", to)
        parts.append(_lines([head, *_statements(principal.statements, to)]))
    for one in plan.exports:
        importers = ", ".join(map(_stack, one.importers)) or "no stack that is shown here"
        head = painted(f"{_stack(one.stack)}: export {one.name}", "bold", to)
        what = f"  {one.change}; imported by {importers}"
        refused = ["  the deployment fails while a stack imports it"] if one.importers else []
        parts.append(_lines([head, what, *refused, f"    keep it with {one.keep}"]))
    if plan.notes:
        parts.append(_lines([f"note: {one}" for one in plan.notes]))
    return "\n".join([*parts, _summary(plan)])


def _repository(one: Repository, to: TextIO) -> Iterator[str]:
    name = f" ({one.name})" if one.name else ""
    colour = "green" if one.fate in SAFE else "yellow" if one.fate is Fate.UNDETERMINED else "red"
    # The path of a construct begins with its stack.
    place = one.path if "/" in one.path else f"{_stack(one.stack)}: {one.path}"
    yield f"{painted(f'{place}{name}', 'bold', to)}: {painted(one.fate.value, colour, to)}"
    yield from (f"  {reason}" for reason in one.reasons)
    for setting in one.settings:
        yield f"  {setting.name}: {setting.before} -> {setting.after}"
        if setting.keep:
            yield f"    keep it with {setting.keep}"
    yield from _statements(one.statements, to)


def _statements(statements: Sequence[StatementChange], to: TextIO) -> Iterator[str]:
    for one in statements:
        yield f"  {painted(_SIGNS[one.course], _COLOURS[one.course], to)} {one.statement}"


def _stack(template: str) -> str:
    """Return what to call the stack of a template: its file without the suffix of the CDK's."""
    return template.removesuffix(".json").removesuffix(".template")


def _summary(plan: Plan) -> str:
    fates = [one.fate for one in plan.repositories]
    counts = [f"{fates.count(fate)} {fate.value}" for fate in Fate if fate in fates]
    refused = sum(bool(one.importers) for one in plan.exports)
    exports = [f"{refused} imported exports go"] if refused else []
    return f"repositories: {', '.join(counts) or 'none'}{'; ' if exports else ''}{''.join(exports)}\n"


def _lines(lines: Iterator[str] | Sequence[str]) -> str:
    return "\n".join([*lines, ""])
