"""Lifecycle rules of a manifest, judged by the rules of the API that the construct goes by."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ecr_access.ecr.lifecycle_limits import problems
from ecr_access.ecr.lifecycle_policy import Count, Rule
from ecr_access.manifest.model import LifecycleEntry

if TYPE_CHECKING:
    from ecr_access.manifest.entry import Entry

# What the construct's properties are called in a manifest.
_CALLED: Final = {
    "tag_prefix_list": "tag_prefixes",
    "tag_pattern_list": "tag_patterns",
    "rule_priority": "priority",
    "lifecycle_rules": "lifecycle",
}
_OF_ONE: Final = re.compile(r"lifecycle\[([0-9]+)\]: ")


def lifecycle(entry: Entry) -> tuple[LifecycleEntry, ...] | None:
    """Read the rules of a repository; None if the construct's are to hold."""
    if entry.value is None:
        return None
    rules = tuple(_rule(item) for item in entry.items())
    for item, rule in zip(entry.items(), rules, strict=True):
        _note_misplaced_counts(item, rule)
    if entry.is_sound:
        for problem in problems(tuple(policy_rule(rule) for rule in rules)):
            _note(entry, problem)
    return rules


def _rule(item: Entry) -> LifecycleEntry:
    return LifecycleEntry(
        action=item["action"].text() or "expire",
        description=item["description"].text(),
        tag_status=item["tag_status"].text(),
        tag_prefixes=item["tag_prefixes"].texts(),
        tag_patterns=item["tag_patterns"].texts(),
        max_image_count=item["max_image_count"].integer(),
        max_image_age_days=item["max_image_age_days"].integer(),
        not_pulled_for_days=item["not_pulled_for_days"].integer(),
        archived_for_days=item["archived_for_days"].integer(),
        priority=item["priority"].integer(),
    )


def _note_misplaced_counts(item: Entry, rule: LifecycleEntry) -> None:
    """Note a count that its action does not know."""
    if rule.not_pulled_for_days is not None and rule.action == "expire":
        item["not_pulled_for_days"].wrong(
            "is for action: archive; to expire, count max_image_age_days or max_image_count"
        )
    if rule.archived_for_days is not None and rule.action == "archive":
        item["archived_for_days"].wrong("is of images in the archive already; leave the action out to delete them")


def policy_rule(rule: LifecycleEntry) -> Rule:
    """Write a rule in the terms of a lifecycle policy."""
    counts = (
        Count("max_image_age_days", "sinceImagePushed", rule.max_image_age_days),
        Count("max_image_count", "imageCountMoreThan", rule.max_image_count),
        Count("not_pulled_for_days", "sinceImagePulled", rule.not_pulled_for_days),
        Count("archived_for_days", "sinceImageTransitioned", rule.archived_for_days),
    )
    return Rule(
        counts=counts,
        tag_status=rule.tag_status or "",
        priority=rule.priority,
        description=rule.description,
        prefixes=rule.tag_prefixes,
        patterns=rule.tag_patterns,
        storage_class="standard" if rule.archived_for_days is None else "archive",
        archives=rule.action == "archive",
    )


def _note(entry: Entry, problem: str) -> None:
    """Note a problem in the words of a manifest, with the rule that it is about."""
    for name, called in _CALLED.items():
        problem = problem.replace(name, called)
    if found := _OF_ONE.match(problem):
        entry.items()[int(found[1])].wrong(problem[found.end() :])
    else:
        entry.wrong(problem)
