"""The typed rules of a lifecycle: the rules of ``aws_ecr``, and rules that archive, which it lacks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from inspect import signature
from typing import TYPE_CHECKING, Final

from cdk_ecr_access.cdk.arguments import as_list, refuse_wrong_fields, typed
from ecr_access.codes import Code
from ecr_access.ecr.lifecycle_policy import MIN_DAYS_ARCHIVED, Count, Rule
from ecr_access.tokens import KNOWN_LATER, is_known
from ecr_access.wording import did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any, TypeAlias

    from aws_cdk import Duration
    from aws_cdk import aws_ecr as ecr

    LifecycleRule: TypeAlias = "ecr.LifecycleRule | ArchiveRule | ExpireArchivedRule"
    GivenRule: TypeAlias = "LifecycleRule | dict[str, Any]"


@dataclass(frozen=True, kw_only=True)
class ArchiveRule:
    """Moves images to the archive, which costs less. Archived images cannot be pulled: a pull answers 404.

    Give exactly one of ``max_image_age``, ``max_image_count`` and ``not_pulled_for``.

    Args:
        max_image_age: archive images pushed longer ago, in whole days. Default: none.
        max_image_count: archive all but so many images, the oldest first. Default: none.
        not_pulled_for: archive images not pulled, nor pushed, for so long, in whole days. Default: none.
        description: what the rule is for. Default: none.
        rule_priority: 1 or more; the lowest number comes first, any image last. Default: assigned.
        tag_pattern_list: only images that match all of these, with up to four ``*`` each. Default: none.
        tag_prefix_list: only images with tags that start with all of these. Default: none.
        tag_status: default: ``TAGGED`` where tags are listed, or else ``ANY``.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
    """

    max_image_age: Duration | None = None
    max_image_count: int | None = None
    not_pulled_for: Duration | None = None
    description: str | None = None
    rule_priority: int | None = None
    tag_pattern_list: Sequence[str] | None = None
    tag_prefix_list: Sequence[str] | None = None
    tag_status: ecr.TagStatus | None = None

    def __post_init__(self) -> None:
        """Refuse fields of another type."""
        refuse_wrong_fields(self)


@dataclass(frozen=True, kw_only=True)
class ExpireArchivedRule:
    """Deletes images that have been in the archive for long; rules of ``aws_ecr`` never see archived images.

    Args:
        archived_for: how long, in whole days: 90 or more, which is as long as AWS bills for at least.
        description: what the rule is for. Default: none.
        rule_priority: 1 or more; the lowest number comes first, any image last. Default: assigned.
        tag_pattern_list: only images that match all of these, with up to four ``*`` each. Default: none.
        tag_prefix_list: only images with tags that start with all of these. Default: none.
        tag_status: default: ``TAGGED`` where tags are listed, or else ``ANY``.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/archive-image.html
    """

    archived_for: Duration
    description: str | None = None
    rule_priority: int | None = None
    tag_pattern_list: Sequence[str] | None = None
    tag_prefix_list: Sequence[str] | None = None
    tag_status: ecr.TagStatus | None = None

    def __post_init__(self) -> None:
        """Refuse fields of another type."""
        refuse_wrong_fields(self)


@typed
def _aws_ecr_rule(
    *,
    description: str | None = None,
    max_image_age: Duration | None = None,
    max_image_count: float | None = None,
    rule_priority: float | None = None,
    tag_pattern_list: Sequence[str] | None = None,
    tag_prefix_list: Sequence[str] | None = None,
    tag_status: ecr.TagStatus | None = None,
) -> ecr.LifecycleRule:
    from aws_cdk import aws_ecr as ecr  # only the annotations need it otherwise

    return ecr.LifecycleRule(
        description=description,
        max_image_age=max_image_age,
        max_image_count=max_image_count,
        rule_priority=rule_priority,
        tag_pattern_list=as_list(tag_pattern_list),
        tag_prefix_list=as_list(tag_prefix_list),
        tag_status=tag_status,
    )


_KEYS: Final = tuple(signature(_aws_ecr_rule).parameters)
_SPELT: Final = {name: name for name in _KEYS} | {
    re.sub("_([a-z])", lambda letter: letter[1].upper(), name): name for name in _KEYS
}
"""The keys of a rule that is a dict, as in Python and as in TypeScript."""


def rules_of(given: Sequence[GivenRule]) -> list[LifecycleRule]:
    """Make rules of ``aws_ecr`` from dicts, whose keys may be spelt as in Python or in TypeScript.

    Raises:
        ValueError: with every key that no rule has or that is there in both spellings, or with every value of the first
            dict that has wrong ones.
    """
    wrong = [
        f"lifecycle_rules[{index}]: {one}"
        for index, rule in enumerate(given)
        if isinstance(rule, dict)
        for one in _key_errors(rule)
    ]
    if wrong:
        raise Code.LIFECYCLE_RULES.error("; ".join([*wrong, f"allowed: {', '.join(_KEYS)}"]))
    return [*map(_typed, given)]


def _key_errors(rule: dict[str, Any]) -> Iterator[str]:
    for key in rule:
        if key not in _SPELT:
            yield f"unknown key {quoted(str(key))}{did_you_mean(str(key), _SPELT)}"
        elif key != _SPELT[key] and _SPELT[key] in rule:
            yield f"{quoted(key)} and {quoted(_SPELT[key])} are one; keep one of them"


def _typed(rule: GivenRule) -> LifecycleRule:
    if isinstance(rule, dict):
        return _aws_ecr_rule(**{_SPELT[key]: value for key, value in rule.items()})
    return rule


def read(rule: LifecycleRule) -> Rule:
    """Read a rule in the policy's own terms.

    Raises:
        ValueError: if an age that is known only at deployment is not in days.
    """
    if isinstance(rule, ExpireArchivedRule):
        counts = [Count("archived_for", "sinceImageTransitioned", _days(rule.archived_for), MIN_DAYS_ARCHIVED)]
    else:
        counts = [
            Count("max_image_age", "sinceImagePushed", _days(rule.max_image_age)),
            Count("max_image_count", "imageCountMoreThan", _whole(rule.max_image_count)),
        ]
    if isinstance(rule, ArchiveRule):
        counts.append(Count("not_pulled_for", "sinceImagePulled", _days(rule.not_pulled_for)))
    return Rule(
        counts=tuple(counts),
        tag_status="" if rule.tag_status is None else str(rule.tag_status.value).lower(),
        priority=_whole(rule.rule_priority),
        description=rule.description,
        prefixes=None if rule.tag_prefix_list is None else tuple(rule.tag_prefix_list),
        patterns=None if rule.tag_pattern_list is None else tuple(rule.tag_pattern_list),
        storage_class="archive" if isinstance(rule, ExpireArchivedRule) else "standard",
        archives=isinstance(rule, ArchiveRule),
    )


@lru_cache(maxsize=256)
def _days(duration: Duration | None) -> float | None:
    # Asking a Duration is a crossing into the CDK's process, and repositories tend to share their rules.
    if duration is None:
        return None
    try:
        return _whole(duration.to_days(integral=False))
    except RuntimeError as error:
        # The CDK converts what it knows.
        raise Code.LIFECYCLE_RULES.error(
            f"an age in {duration.unit_label()} is {KNOWN_LATER}; allowed: one in days, such as Duration.days(...)"
        ) from error


def _whole(number: float | None) -> float | None:
    """Make a number that is whole an integer, which is written without a fraction; one known later stays a float."""
    return int(number) if number is not None and is_known(number) and float(number).is_integer() else number
