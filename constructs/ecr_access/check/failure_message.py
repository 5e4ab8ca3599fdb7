"""What a person reads in CloudFormation's event: what is missing first, then a numbered list, of bounded length."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ecr_access.check.cloudformation.response import fitting, serialised
from ecr_access.check.finding import Explanation, Finding, Verdict
from ecr_access.check.images.required import IMAGE
from ecr_access.check.outline import TOKEN
from ecr_access.check.policy_drift import POLICY
from ecr_access.check.request import EXISTS
from ecr_access.codes import Code

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ecr_access.check.aftermath import Aftermath

_LIMIT: Final = 3000
"""Bytes of JSON: what an answer of 4,096 has room for beside its ids."""

_FIRST_LINE: Final = 200
"""Characters that consoles show of a message."""

_MANY, _FEW = 10, 2
"""How many names of one kind an entry shows: many if all entries fit, else few."""

_COUNTED: Final = re.compile(r" and \d+ more\b")
"""Where an entry counts some of its names."""

_DOUBTS: Final = {
    TOKEN: "{who} can get a token",
    POLICY: "the live policy of repository {repository} is the declared one",
    EXISTS: "repository {repository} exists",
    IMAGE: "the images of repository {repository} are there",
}

Group = tuple[Explanation, list[Finding]]


def text(findings: Sequence[Finding], aftermath: Aftermath) -> str:
    """Word what is not proved, most important first, and what to do about what is left; empty if all is proved.

    Missing repositories come first, then tokens, because nothing works without them; then what is denied, then
    what could not be determined. What has one cause and one fix is one entry.
    """
    groups = _groups(findings)
    return _fitted(_head(findings, groups[0]), groups, aftermath) + aftermath.end if groups else ""


def code(findings: Sequence[Finding]) -> Code:
    """Return the code of the most important thing that is not proved, which the first line is about."""
    _, (first, *_) = _groups(findings)[0]
    if first.missing:
        return Code.REPOSITORY_MISSING
    if first.verdict is not Verdict.DENIED:
        return Code.UNDETERMINED
    return {POLICY: Code.POLICY_CHANGED, IMAGE: Code.IMAGE_MISSING}.get(first.access, Code.DENIED)


def _fitted(head: str, groups: Sequence[Group], aftermath: Aftermath) -> str:
    """List as many entries as fit, and say where the others are."""
    limit = _LIMIT - _size(aftermath.end)
    for shown in (_MANY, _FEW):
        whole = head + _listed([_entry(group, shown) for group in groups])
        if _COUNTED.search(whole):
            whole += f"\nall names are {aftermath.whole}"
        if _size(whole) <= limit:
            return whole
    entries = [_entry(group, _FEW) for group in groups]
    for kept in range(len(entries) - 1, 0, -1):
        part = f"{head}{_listed(entries[:kept])}\nand {len(entries) - kept} more, all {aftermath.whole}"
        if _size(part) <= limit:
            return part
    return f"{fitting(head + _listed(entries[:1]), limit)}\nall of it is {aftermath.whole}"


def _groups(findings: Sequence[Finding]) -> list[Group]:
    """Gather the findings of one cause and fix, in the order of importance."""
    groups: dict[tuple[object, ...], Group] = {}
    for one in findings:
        for problem in one.problems:
            what = one.repository if one.missing else ""
            actions = problem.actions if one.verdict is Verdict.DENIED else ()
            key = (_rank(one), what, problem.text, problem.fix, actions)
            groups.setdefault(key, (problem, []))[1].append(one)
    return [groups[key] for key in sorted(groups, key=lambda key: str(key[0]))]


def _rank(one: Finding) -> int:
    if one.missing:
        return 0
    if one.verdict is Verdict.DENIED:
        return 2 if one.repository else 1
    return 3


def _head(findings: Sequence[Finding], first: Group) -> str:
    """Say the most important thing in short names, and how much more there is."""
    denied, unknown = (sum(one.verdict is kind for one in findings) for kind in (Verdict.DENIED, Verdict.UNDETERMINED))
    if not denied:
        count = f"; nothing was proved wrong, but {unknown} of {len(findings)} could not be determined"
    elif denied + unknown == 1:
        count = ""
    else:
        count = f"; {denied} of {len(findings)} access requirements are not met"
        count += f", {unknown} could not be determined" if unknown else ""
    return fitting(_shortly(first), _FIRST_LINE - len(count)) + count


def _shortly(group: Group) -> str:
    """Name the missing actions, the principal and the repository, in short names."""
    problem, findings = group
    one = findings[0]
    repository = one.repository.partition("/")[2] or "*"
    who = one.principal.rpartition(":")[2].replace("/", " ", 1)
    if one.missing:
        return f"repository {repository} does not exist"
    if one.verdict is Verdict.UNDETERMINED:
        what = _DOUBTS.get(one.access, "{who} has {access} on repository {repository}")
        return "could not determine whether " + what.format(who=who, access=one.access, repository=repository)
    if one.access == POLICY:
        return f"the live policy of repository {repository} is not the declared one"
    if one.access == IMAGE:
        return problem.cause.partition(";")[0]
    actions = problem.actions or (one.access,)
    return f"{who} may not {actions[0]}{' and more' * (len(actions) > 1)} on {repository}"


def _entry(group: Group, shown: int) -> str:
    problem, findings = group
    first = findings[0]
    principals = _some([one.principal for one in findings], shown)
    resources = [one.repository or "*" for one in findings]
    named, fix = _some(resources, shown), problem.fix_for(list(dict.fromkeys(resources))[:shown])
    if first.missing:
        return f"{first.repository} does not exist: {problem.text}; {fix} (needed by {principals})"
    if first.access == POLICY and first.verdict is Verdict.DENIED:
        return f"the live repository policy of {named} is not the declared one: {problem.text}; {fix}"
    if first.access == IMAGE and first.verdict is Verdict.DENIED:
        return f"{problem.text}; fix: {fix} ({named})"
    if first.verdict is Verdict.DENIED:
        what = _some(problem.actions, _MANY) or first.access
        who, where = _who_on_what(findings, shown)
        return f"{who} may not {what} on {where}: {problem.text}; fix: {fix}"
    what = _some([one.access for one in findings], shown)
    return f"could not determine {what} of {principals} on {named}: {problem.text}; {fix}"


def _who_on_what(findings: Sequence[Finding], shown: int) -> tuple[str, str]:
    """Name principals and repositories; each repository with its principal, if they are not the same for all."""
    needed: dict[str, list[str]] = {}
    for one in findings:
        needed.setdefault(one.principal, []).append(one.repository or "*")
    first = next(iter(needed.values()))
    if all(set(resources) == set(first) for resources in needed.values()):
        return _some([*needed], shown), _some(first, shown)
    pairs = [f"{resource} ({principal})" for principal, resources in needed.items() for resource in resources]
    return f"{len(needed)} principals", _some(pairs, shown)


def _some(values: Sequence[str], shown: int) -> str:
    distinct = list(dict.fromkeys(values))
    rest = len(distinct) - shown
    # "and 1 more" is no shorter than the one.
    return ", ".join(distinct) if rest <= 1 else f"{', '.join(distinct[:shown])} and {rest} more"


def _listed(entries: Sequence[str]) -> str:
    return "".join(f"\n{number}. {one}" for number, one in enumerate(entries, start=1))


def _size(whole: str) -> int:
    return len(serialised(whole))
