"""What ECR refuses about the rules of a lifecycle policy that is written as JSON, in the policy's own words.

Of a value that only the deployment knows nothing is said.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from ecr_access.iam.unknown_text import is_known

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Problem = tuple[str, str]
    """What is wrong, and what to do."""

_STATUSES: Final = ("tagged", "untagged", "any")
_CLASSES: Final = ("standard", "archive")
_ACTIONS: Final = ("expire", "transition")
_IMAGES: Final = "imageCountMoreThan"
_COUNTS: Final = (_IMAGES, "sinceImagePushed", "sinceImagePulled", "sinceImageTransitioned")
_LISTS: Final = ("tagPatternList", "tagPrefixList")
_UNIT: Final = "days"


def problems_of_rules(rules: Sequence[Any]) -> Iterator[Problem]:
    """Say everything that ECR would refuse about rules, but for the number of them and for the length of the text."""
    for index, one in enumerate(rules):
        if not isinstance(one, dict):
            yield f"lifecycle rule {index + 1} is no object", "write rulePriority, selection and action"
            continue
        who = f"the lifecycle rule {_called(one, index)}"
        for wrong, fix in (*_of_rule(one), *_of_selection(_object(one, "selection")), *_of_action(one)):
            yield f"{who} {wrong}", fix
    known = [one for one in rules if isinstance(one, dict)]
    yield from _together(known)


def _of_rule(rule: Mapping[str, Any]) -> Iterator[Problem]:
    if "rulePriority" not in rule:
        yield "has no rulePriority", "number the rules; the lowest number comes first"
    elif _is_wrong_number(rule["rulePriority"]):
        yield f"has the rulePriority {rule['rulePriority']!r}; allowed: a whole number of 1 or more", "number the rules"
    if not isinstance(rule.get("selection"), dict):
        yield "has no selection", "write tagStatus, countType and countNumber in it"


def _of_selection(selection: Mapping[str, Any]) -> Iterator[Problem]:
    if not selection:
        return
    status, count = selection.get("tagStatus"), selection.get("countType")
    yield from _one_of("tagStatus", status, _STATUSES)
    yield from _one_of("countType", count, _COUNTS)
    if "storageClass" in selection:
        yield from _one_of("storageClass", selection["storageClass"], _CLASSES)
    given = [name for name in _LISTS if selection.get(name)]
    if status == "tagged" and not given:
        yield (
            "selects tagged images and has neither tagPatternList nor tagPrefixList",
            "write tagPatternList: ['*'] for all tags",
        )
    if status in ("untagged", "any") and given:
        yield f"has {given[0]}, and its tagStatus is {status}", f"write tagStatus: tagged, or leave {given[0]} out"
    if "countNumber" not in selection or _is_wrong_number(selection["countNumber"]):
        number = f"the countNumber {selection['countNumber']!r}" if "countNumber" in selection else "no countNumber"
        yield f"has {number}; allowed: a whole number of 1 or more", "write how many days or images are kept"
    yield from _of_unit(selection, count)


def _of_unit(selection: Mapping[str, Any], count: object) -> Iterator[Problem]:
    unit = selection.get("countUnit")
    if count == _IMAGES and unit is not None and _is_text(unit):
        yield f"counts images and has the countUnit '{unit}'", "leave countUnit out"
    if count in _COUNTS[1:] and (unit is None or (_is_text(unit) and unit != _UNIT)):
        shown = "no countUnit" if unit is None else f"the countUnit '{unit}'"
        yield f"has {shown} beside countType {count}; allowed: '{_UNIT}'", f"write countUnit: {_UNIT}"


def _of_action(rule: Mapping[str, Any]) -> Iterator[Problem]:
    action = rule.get("action")
    if not isinstance(action, dict):
        yield "has no action", "write {'type': 'expire'}"
        return
    yield from _one_of("action type", action.get("type"), _ACTIONS)
    if action.get("type") == "transition" and "targetStorageClass" not in action:
        yield "moves images to no storage class", "write targetStorageClass: archive"


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
        if one.get("tagStatus") in ("untagged", "any") and _is_text(one.get("storageClass", "standard"))
    )
    for (status, storage), count in same.items():
        if count > 1:
            what = "any image" if status == "any" else "untagged images"
            yield f"{count} lifecycle rules select {what} of storage class '{storage}'; allowed: one", "merge them"
    yield from _before_others(rules)


def _before_others(rules: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    numbered = [one for one in rules if isinstance(one.get("rulePriority"), int)]
    others = [one["rulePriority"] for one in numbered if _object(one, "selection").get("tagStatus") in _STATUSES[:2]]
    highest = max(others, default=0)
    for one in numbered:
        priority = one["rulePriority"]
        if _object(one, "selection").get("tagStatus") == "any" and priority < highest:
            problem = f"the lifecycle rule for any image has the rulePriority {priority}, and another one has {highest}"
            yield problem, "give the rule for any image the highest number"


def _one_of(name: str, value: object, allowed: Sequence[str]) -> Iterator[Problem]:
    listed = ", ".join(allowed)
    if value is None:
        yield f"has no {name}; allowed: {listed}", f"write one of {listed}"
    elif not isinstance(value, str) or (is_known(value) and value not in allowed):
        yield f"has the {name} {value!r}; allowed: {listed}", f"write one of {listed}"


def _called(rule: Mapping[str, Any], index: int) -> str:
    priority = rule.get("rulePriority")
    return f"of rulePriority {priority}" if isinstance(priority, int) else f"number {index + 1}"


def _object(rule: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = rule.get(name)
    return value if isinstance(value, dict) else {}


def _is_text(value: object) -> bool:
    return isinstance(value, str) and is_known(value)


def _is_wrong_number(value: object) -> bool:
    """Whether it is certainly no whole number of 1 or more; a text may be one that only the deployment knows."""
    if isinstance(value, str):
        return is_known(value) and not (value.isdigit() and int(value) >= 1)
    return isinstance(value, bool) or not isinstance(value, (int, float)) or value < 1 or value != int(value)
