"""What AWS would refuse about a lifecycle policy.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html#lp_evaluation_rules
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from ecr_access.ecr.lifecycle_policy import MAX_WILDCARDS, text
from ecr_access.tokens import is_known, plausible_length
from ecr_access.wording import number_shown, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ecr_access.ecr.lifecycle_policy import Rule

# https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html
# https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutLifecyclePolicy.html
MAX_RULES: Final = 50
MIN_TEXT: Final = 100
MAX_TEXT: Final = 30_720


@lru_cache(maxsize=256)
def problems(rules: tuple[Rule, ...]) -> tuple[str, ...]:
    """Say everything that AWS would refuse about a policy: what is wrong, what is allowed and what to do."""
    found = [f"lifecycle_rules[{index}]: {one}" for index, rule in enumerate(rules) for one in _rule_problems(rule)]
    found += [*_conflicts(rules), *_misplaced(rules)]
    if len(rules) > MAX_RULES:
        found.append(
            f"{len(rules)} lifecycle rules; allowed: at most {MAX_RULES}; merge rules that differ only in a tag into "
            "one rule with a wildcard in tag_pattern_list"
        )
    length = plausible_length(text(rules))
    if rules and not MIN_TEXT <= length <= MAX_TEXT:
        found.append(
            f"the lifecycle policy has {length:,} characters; allowed: {MIN_TEXT} to {MAX_TEXT:,}; shorten "
            "descriptions, or merge rules and tags with a wildcard in tag_pattern_list"
        )
    return tuple(found)


def _rule_problems(rule: Rule) -> Iterator[str]:
    given = [one for one in rule.counts if one.number is not None]
    if len(given) != 1:
        has = " and ".join(one.option for one in given) or "nothing that it counts"
        only = "allowed: exactly one of " if len(rule.counts) > 1 else "give "
        yield f"has {has}; {only}{', '.join(one.option for one in rule.counts)}"
    for one in given:
        number = one.number or 0
        if is_known(number) and not (number >= one.smallest and float(number).is_integer()):
            unit = " days" if one.in_days else ""
            yield f"{one.option} is {number:g}{unit}; allowed: a whole number of {one.smallest} or more"
    priority = rule.priority
    if priority is not None and is_known(priority) and not (priority >= 1 and float(priority).is_integer()):
        yield f"rule_priority is {priority:g}; allowed: a whole number of 1 or more, or none to have it assigned"
    if rule.prefixes is not None and rule.patterns is not None:
        yield "has tag_prefix_list and tag_pattern_list; allowed: one of them"
    if rule.selects == "tagged" and not (rule.prefixes or rule.patterns):
        yield "selects tagged images without saying which; give tag_pattern_list, ['*'] for all, or tag_prefix_list"
    if rule.selects != "tagged" and (rule.prefixes is not None or rule.patterns is not None):
        yield f"selects images by tag, but tag_status is {rule.selects.upper()}; allowed: TAGGED; leave it out"
    for pattern in rule.patterns or ():
        if (wildcards := pattern.count("*")) > MAX_WILDCARDS:
            yield f"tag pattern {quoted(pattern)} has {wildcards} wildcards; allowed: at most {MAX_WILDCARDS}"


def _conflicts(rules: Sequence[Rule]) -> Iterator[str]:
    """Find the rules of which AWS takes one alone."""
    same: defaultdict[str, list[str]] = defaultdict(list)
    for index, rule in enumerate(rules):
        path = f"lifecycle_rules[{index}]"
        if rule.priority is not None:
            number = number_shown(rule.priority)
            alike = f"have rule_priority {number}; allowed: each its own; leave it out to have it assigned"
            same[alike].append(path)
        of = f"of storage class '{rule.storage_class}'; allowed: one rule"
        if rule.selects != "tagged":
            what = "any image" if rule.selects == "any" else "untagged images"
            same[f"select {what} {of}; merge them"].append(path)
        elif rule.prefixes:
            prefixes = ", ".join(map(quoted, sorted(rule.prefixes)))
            same[f"select images by the same tag_prefix_list {prefixes} {of}; merge them"].append(path)
    for what, paths in same.items():
        if len(paths) > 1:
            yield f"{' and '.join(paths)} {what}"


def _misplaced(rules: Sequence[Rule]) -> Iterator[str]:
    """Find the rules for any image that are not last. A rule without a priority is assigned the last one."""
    others = [rule.priority for rule in rules if rule.selects != "any"]
    highest = max((one for one in others if one is not None), default=0)
    for index, rule in enumerate(rules):
        if rule.selects == "any" and rule.priority is not None and is_known(rule.priority) and others:
            wrong = f"lifecycle_rules[{index}]: selects any image, but its rule_priority {rule.priority:g} "
            if None in others:
                yield f"{wrong}is beside rules without one; leave it out to have the highest assigned"
            elif rule.priority < highest:
                yield f"{wrong}is not above {highest:g}, the highest of the others; leave it out to have it assigned"
