"""What ECR refuses about the rules of a lifecycle policy that is written as JSON, in the policy's own words.

Of a value that only the deployment knows nothing is said.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from ecr_access.ecr.lifecycle_selection import STATUSES, is_text, is_wrong_number, one_of, problems_of_selection

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ecr_access.ecr.lifecycle_selection import Problem

_ACTIONS: Final = ("expire", "transition")
_TARGETS: Final = ("archive",)


def problems_of_rules(rules: Sequence[Any]) -> Iterator[Problem]:
    """Say everything that ECR would refuse about rules, but for the number of them and for the length of the text."""
    for index, one in enumerate(rules):
        if not isinstance(one, dict):
            yield f"lifecycle rule {index + 1} is no object", "write rulePriority, selection and action"
            continue
        who = f"the lifecycle rule {_called(one, index)}"
        for wrong, fix in (*_of_rule(one), *problems_of_selection(_object(one, "selection")), *_of_action(one)):
            yield f"{who} {wrong}", fix
    known = [one for one in rules if isinstance(one, dict)]
    yield from _together(known)


def _of_rule(rule: Mapping[str, Any]) -> Iterator[Problem]:
    if "rulePriority" not in rule:
        yield "has no rulePriority", "number the rules; the lowest number comes first"
    elif is_wrong_number(rule["rulePriority"]):
        yield f"has the rulePriority {rule['rulePriority']!r}; allowed: a whole number of 1 or more", "number the rules"
    if not isinstance(rule.get("selection"), dict):
        yield "has no selection", "write tagStatus, countType and countNumber in it"


def _of_action(rule: Mapping[str, Any]) -> Iterator[Problem]:
    action = rule.get("action")
    if not isinstance(action, dict):
        yield "has no action", "write {'type': 'expire'}"
        return
    yield from one_of("action type", action.get("type"), _ACTIONS)
    if action.get("type") == "transition":
        yield from one_of("targetStorageClass", action.get("targetStorageClass"), _TARGETS)


def _together(rules: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    """Find the rules of which ECR takes one alone, and those for any image that are not the last."""
    given = Counter(str(one["rulePriority"]) for one in rules if "rulePriority" in one)
    for priority, count in given.items():
        if count > 1:
            yield (
                f"{count} lifecycle rules have the rulePriority {priority}; allowed: each its own",
                "number them, or leave the priority out of aws_ecr.LifecycleRule to have it assigned",
            )
    selections = [_object(one, "selection") for one in rules]
    same = Counter(
        (one["tagStatus"], one.get("storageClass", "standard"))
        for one in selections
        if one.get("tagStatus") in ("untagged", "any") and is_text(one.get("storageClass", "standard"))
    )
    for (status, storage), count in same.items():
        if count > 1:
            what = "any image" if status == "any" else "untagged images"
            yield f"{count} lifecycle rules select {what} of storage class '{storage}'; allowed: one", "merge them"
    yield from _of_same_prefixes(selections)
    yield from _before_others(rules)


def _of_same_prefixes(selections: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    prefixes = [(one.get("tagPrefixList"), one.get("storageClass", "standard")) for one in selections]
    same = Counter(
        (tuple(sorted(listed)), storage)
        for listed, storage in prefixes
        if isinstance(listed, list) and listed and all(map(is_text, [*listed, storage]))
    )
    for (listed, _), count in same.items():
        if count > 1:
            shown = ", ".join(f"'{one}'" for one in listed)
            yield f"{count} lifecycle rules select images by the tagPrefixList {shown}; allowed: one", "merge them"


def _before_others(rules: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    numbered = [one for one in rules if isinstance(one.get("rulePriority"), int)]
    others = [one["rulePriority"] for one in numbered if _object(one, "selection").get("tagStatus") in STATUSES[:2]]
    highest = max(others, default=0)
    for one in numbered:
        priority = one["rulePriority"]
        if _object(one, "selection").get("tagStatus") == "any" and priority < highest:
            problem = f"the lifecycle rule for any image has the rulePriority {priority}, and another one has {highest}"
            yield problem, "give the rule for any image the highest number"


def _called(rule: Mapping[str, Any], index: int) -> str:
    priority = rule.get("rulePriority")
    return f"of rulePriority {priority}" if isinstance(priority, int) else f"number {index + 1}"


def _object(rule: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = rule.get(name)
    return value if isinstance(value, dict) else {}
