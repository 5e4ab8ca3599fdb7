"""The lifecycle policy of a repository: its rules in their order, and its text; knows nothing of the CDK.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_WILDCARDS: Final = 4
"""So many ``*`` a tag pattern may have."""

# https://docs.aws.amazon.com/AmazonECR/latest/userguide/archive-image.html
MIN_DAYS_ARCHIVED: Final = 90
"""For so long an archived image cannot be deleted by a rule."""

_NUMBER_TOKEN: Final = re.compile(r'"(?:countNumber|rulePriority)":-')


@dataclass(frozen=True)
class Count:
    """One of the ways in which a rule may count, under the name that callers know it by."""

    option: str
    type: str
    number: float | None
    smallest: int = 1

    @property
    def in_days(self) -> bool:
        """Whether it counts days, or else images."""
        return self.type != "imageCountMoreThan"


@dataclass(frozen=True)
class Rule:
    """A rule, in the policy's own terms; ``counts`` has every way in which it may count, one of them with a number."""

    counts: tuple[Count, ...]
    tag_status: str = ""
    priority: float | None = None
    description: str | None = None
    prefixes: tuple[str, ...] | None = None
    patterns: tuple[str, ...] | None = None
    storage_class: str = "standard"
    archives: bool = False

    @property
    def archives_what_is_pulled(self) -> bool:
        """Whether it may archive an image in use; one that waits for the last pull does not."""
        return self.archives and not any(
            one.type == "sinceImagePulled" for one in self.counts if one.number is not None
        )

    @property
    def selects(self) -> str:
        """The tag status, told from the other properties where it was left out, as ``aws_ecr`` tells it."""
        return self.tag_status or ("any" if self.prefixes is None and self.patterns is None else "tagged")

    def rendered(self, priority: float) -> dict[str, Any]:
        """Render the rule, its keys in the order in which ``aws_ecr`` writes them."""
        count = next((one for one in self.counts if one.number is not None), self.counts[0])
        selection = {
            "tagStatus": self.selects,
            "tagPrefixList": _listed(self.prefixes),
            "tagPatternList": _listed(self.patterns),
            "countType": count.type,
            "countNumber": count.number,
            "countUnit": "days" if count.in_days else None,
            "storageClass": None if self.storage_class == "standard" else self.storage_class,
        }
        action = {"type": "transition", "targetStorageClass": "archive"} if self.archives else {"type": "expire"}
        described = {} if self.description is None else {"description": self.description}
        present = {key: value for key, value in selection.items() if value is not None}
        return {"rulePriority": priority, **described, "selection": present, "action": action}


UNTAGGED_DAYS: Final = 14
UNTAGGED: Final = Rule(
    counts=(Count("max_image_age", "sinceImagePushed", UNTAGGED_DAYS),),
    tag_status="untagged",
    description=f"untagged images expire after {UNTAGGED_DAYS} days",
)
"""The rule of a repository that is declared without any."""


def _listed(tags: tuple[str, ...] | None) -> list[str] | None:
    # The jsii runtime takes lists alone.
    return None if tags is None else [*tags]


def document(rules: Sequence[Rule]) -> dict[str, Any]:
    """Render a policy in the order of ``aws_ecr``: rules with a priority, rules without, rules for any image."""
    numbers = priorities(rules)
    in_order = sorted(range(len(rules)), key=lambda at: (rules[at].selects == "any", rules[at].priority is None))
    return {"rules": [rules[index].rendered(numbers[index]) for index in in_order]}


def text(rules: Sequence[Rule]) -> str:
    """Write a policy as JSON without spaces, as ``aws_ecr`` does."""
    return json.dumps(document(rules), separators=(",", ":"), ensure_ascii=False)


def has_tokens(policy_text: str) -> bool:
    """Whether a text has a value of the CDK's that is known only at deployment, a number among them."""
    return "{Token[" in policy_text or _NUMBER_TOKEN.search(policy_text) is not None


def priorities(rules: Sequence[Rule]) -> list[float]:
    """Number rules without a priority above the rules with one, and the rules for any image above all others."""
    numbers = {index: rule.priority for index, rule in enumerate(rules) if rule.priority is not None}
    for last in (False, True):
        before = [number for i, number in numbers.items() if last or rules[i].selects != "any"]
        following = 1 + max([0, *before])
        for index, rule in enumerate(rules):
            if index not in numbers and (rule.selects == "any") is last:
                numbers[index] = following
                following += 1
    return [numbers[index] for index in range(len(rules))]
