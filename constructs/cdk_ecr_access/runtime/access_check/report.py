"""Says what was found: a line a finding in the log, and one message of bounded length for CloudFormation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from access_check import log
from access_check.declared_policy import POLICY
from access_check.finding import Finding, Problem, Verdict
from access_check.response import fitting, serialised

if TYPE_CHECKING:
    from collections.abc import Sequence

_LIMIT: Final = 3000
"""Bytes of JSON: what an answer of 4,096 has room for beside its ids."""

_MANY, _FEW = 10, 2
"""How many names of one kind a line shows: many if all lines fit, else few."""


def write(findings: Sequence[Finding], *, seconds: float) -> None:
    """Write the findings, and a summary, to the log."""
    for one in findings:
        log.line(
            finding={
                "principal": one.principal,
                "access": one.access,
                "repository": one.repository,
                "verdict": one.verdict.value,
                "cause": one.cause,
                "fix": one.fix,
            }
        )
    log.line(summary={**{kind.value: _count(findings, kind) for kind in Verdict}, "seconds": round(seconds, 3)})


def message(findings: Sequence[Finding], *, log_group: str) -> str:
    """Word what is not proved, most important first; empty if all is.

    Missing repositories come first, then tokens, because nothing works without them; then what is denied, then
    what could not be determined. What has one cause is said once.
    """
    denied, unknown = _count(findings, Verdict.DENIED), _count(findings, Verdict.UNDETERMINED)
    if not denied + unknown:
        return ""
    head = f"{denied or unknown} of {len(findings)} access requirements "
    head += "are not met" if denied else "could not be determined"
    head += f" and {unknown} could not be determined:" if denied and unknown else ":"
    groups = _groups(findings)
    for shown in (_MANY, _FEW):
        text = head + _listed([_line(group, shown) for group in groups])
        if _size(text) <= _LIMIT:
            return text
    lines = [_line(group, _FEW) for group in groups]
    for kept in range(len(lines) - 1, 0, -1):
        text = f"{head}{_listed(lines[:kept])}\nand {len(lines) - kept} more, all in the log group {log_group}"
        if _size(text) <= _LIMIT:
            return text
    return f"{fitting(f'{head} {lines[0]}', _LIMIT)}\nall of it is in the log group {log_group}"


Group = tuple[Problem, list[Finding]]


def _groups(findings: Sequence[Finding]) -> list[Group]:
    """Gather the findings of one cause, in the order of importance."""
    groups: dict[tuple[object, ...], Group] = {}
    for one in findings:
        for problem in one.problems:
            # One missing repository concerns many principals; one cause denies a principal many repositories.
            what = one.repository if one.missing else one.principal if one.verdict is Verdict.DENIED else ""
            actions = problem.actions if one.verdict is Verdict.DENIED else ()
            key = (_rank(one), what, problem.cause, problem.fix, actions)
            groups.setdefault(key, (problem, []))[1].append(one)
    return [groups[key] for key in sorted(groups, key=lambda key: str(key[0]))]


def _rank(one: Finding) -> int:
    if one.missing:
        return 0
    if one.verdict is Verdict.DENIED:
        return 2 if one.repository else 1
    return 3


def _line(group: Group, shown: int) -> str:
    problem, findings = group
    first = findings[0]
    principals = _some([one.principal for one in findings], shown)
    if first.missing:
        return f"{first.repository} does not exist: {problem.cause}; {problem.fix} (needed by {principals})"
    resources = _some([one.repository or "*" for one in findings], shown)
    if first.access == POLICY and first.verdict is Verdict.DENIED:
        return f"the live repository policy of {resources} is not the declared one: {problem.cause}; {problem.fix}"
    if first.verdict is Verdict.DENIED:
        what = _some(problem.actions, shown) or first.access
        return f"{principals} may not {what} on {resources}: {problem.cause}; {problem.fix}"
    what = _some([one.access for one in findings], shown)
    return f"could not determine {what} of {principals} on {resources}: {problem.cause}; {problem.fix}"


def _some(values: Sequence[str], shown: int) -> str:
    distinct = list(dict.fromkeys(values))
    rest = len(distinct) - shown
    # "and 1 more" is no shorter than the one.
    return ", ".join(distinct) if rest <= 1 else f"{', '.join(distinct[:shown])} and {rest} more"


def _listed(lines: Sequence[str]) -> str:
    return f" {lines[0]}" if len(lines) == 1 else "".join(f"\n({n}) {line}" for n, line in enumerate(lines, start=1))


def _count(findings: Sequence[Finding], kind: Verdict) -> int:
    return sum(one.verdict is kind for one in findings)


def _size(text: str) -> int:
    return len(serialised(text))
