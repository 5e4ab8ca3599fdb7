"""What ECR refuses about the selection of a lifecycle rule, in the policy's own words.

Of a value that only the deployment knows nothing is said.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
https://docs.aws.amazon.com/AmazonECR/latest/userguide/archive-image.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecr_access.ecr.lifecycle_policy import MAX_WILDCARDS, MIN_DAYS_ARCHIVED
from ecr_access.iam.unknown_text import is_known, known_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Problem = tuple[str, str]
    """What is wrong, and what to do."""

STATUSES: Final = ("tagged", "untagged", "any")
_ARCHIVE: Final = "archive"
_CLASSES: Final = ("standard", _ARCHIVE)
_IMAGES: Final = "imageCountMoreThan"
_ARCHIVED: Final = "sinceImageTransitioned"
_COUNTS: Final = (_IMAGES, "sinceImagePushed", "sinceImagePulled", _ARCHIVED)
_LISTS: Final = ("tagPatternList", "tagPrefixList")
_UNIT: Final = "days"


def problems_of_selection(selection: Mapping[str, Any]) -> Iterator[Problem]:
    """Say everything that ECR would refuse about a selection; nothing about an empty one."""
    if not selection:
        return
    count = selection.get("countType")
    yield from one_of("tagStatus", selection.get("tagStatus"), STATUSES)
    yield from one_of("countType", count, _COUNTS)
    yield from _of_tags(selection)
    yield from _of_number(selection, MIN_DAYS_ARCHIVED if count == _ARCHIVED else 1)
    yield from _of_unit(selection, count)
    yield from _of_class(selection, count)


def _of_tags(selection: Mapping[str, Any]) -> Iterator[Problem]:
    status = selection.get("tagStatus")
    given = [name for name in _LISTS if selection.get(name)]
    if status == "tagged" and not given:
        yield (
            "selects tagged images and has neither tagPatternList nor tagPrefixList",
            "write tagPatternList: ['*'] for all tags",
        )
    if status in ("untagged", "any") and given:
        yield f"has {given[0]}, and its tagStatus is {status}", f"write tagStatus: tagged, or leave {given[0]} out"
    elif len(given) > 1:
        yield f"has {' and '.join(given)}; allowed: one of them", "write each prefix as a pattern that ends with '*'"
    patterns = selection.get(_LISTS[0])
    for pattern in patterns if isinstance(patterns, list) else ():
        if isinstance(pattern, str) and (count := known_of(pattern).count("*")) > MAX_WILDCARDS:
            problem = f"has the tag pattern '{pattern}' of {count} wildcards; allowed: at most {MAX_WILDCARDS}"
            yield problem, "write it with fewer '*'"


def _of_number(selection: Mapping[str, Any], smallest: int) -> Iterator[Problem]:
    if "countNumber" not in selection or is_wrong_number(selection["countNumber"], smallest):
        number = f"the countNumber {selection['countNumber']!r}" if "countNumber" in selection else "no countNumber"
        allowed = f"allowed: a whole number of {smallest} or more"
        of = f" beside countType {_ARCHIVED}" if smallest > 1 else ""
        yield f"has {number}{of}; {allowed}", "write how many days or images are kept"


def _of_unit(selection: Mapping[str, Any], count: object) -> Iterator[Problem]:
    unit = selection.get("countUnit")
    if count == _IMAGES and unit is not None and is_text(unit):
        yield f"counts images and has the countUnit '{unit}'", "leave countUnit out"
    if count in _COUNTS[1:] and (unit is None or (is_text(unit) and unit != _UNIT)):
        shown = "no countUnit" if unit is None else f"the countUnit '{unit}'"
        yield f"has {shown} beside countType {count}; allowed: '{_UNIT}'", f"write countUnit: {_UNIT}"


def _of_class(selection: Mapping[str, Any], count: object) -> Iterator[Problem]:
    """A rule that counts from the archiving is about archived images, and no other rule is."""
    given = selection.get("storageClass", _CLASSES[0])
    if "storageClass" in selection:
        yield from one_of("storageClass", given, _CLASSES)
    allowed = _ARCHIVE if count == _ARCHIVED else _CLASSES[0]
    if count in _COUNTS and given in _CLASSES and given != allowed:
        problem = f"has the storageClass '{given}' beside countType {count}; allowed: '{allowed}'"
        yield problem, f"write storageClass: {allowed}, or another countType"


def one_of(name: str, value: object, allowed: Sequence[str]) -> Iterator[Problem]:
    """Say that a value is missing, or none of those that are allowed."""
    listed = ", ".join(allowed)
    if value is None:
        yield f"has no {name}; allowed: {listed}", f"write one of {listed}"
    elif not isinstance(value, str) or (is_known(value) and value not in allowed):
        yield f"has the {name} {value!r}; allowed: {listed}", f"write one of {listed}"


def is_wrong_number(value: object, smallest: int = 1) -> bool:
    """Whether it is certainly no whole number of at least so much; a text may be known at deployment alone."""
    if isinstance(value, str):
        return is_known(value) and not (value.isdigit() and int(value) >= smallest)
    return isinstance(value, bool) or not isinstance(value, (int, float)) or value < smallest or value != int(value)


def is_text(value: object) -> bool:
    """Whether it is a text that is known."""
    return isinstance(value, str) and is_known(value)
