"""Rules of lifecycle policies that ECR refuses, in the policy's own words."""

from __future__ import annotations

from typing import Any

import pytest

from ecr_access.ecr.lifecycle_text import problems_of_rules
from ecr_access.iam.unknown_text import unknown

LATER = unknown("Parameter")
EXPIRE = {"type": "expire"}


def rule(priority: int = 1, *, without: str = "", action: Any = None, **selection: Any) -> dict[str, Any]:
    """A rule that ECR takes, but for what is given and left out."""
    whole = {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 14}
    chosen = {key: value for key, value in {**whole, **selection}.items() if key != without and value is not None}
    return {"rulePriority": priority, "selection": chosen, "action": action or EXPIRE}


def archived(priority: int, **selection: Any) -> dict[str, Any]:
    """A rule on images that have been in the archive for 90 days."""
    whole = {"storageClass": "archive", "countType": "sinceImageTransitioned", "countNumber": 90}
    return rule(priority, **{**whole, **selection})


def problems(*rules: Any) -> list[str]:
    """What is wrong with them."""
    return [problem for problem, _ in problems_of_rules(rules)]


@pytest.mark.parametrize(
    "right",
    [
        [rule()],
        [rule(tagStatus="any")],
        [rule(tagStatus="tagged", tagPatternList=["v*"])],
        [rule(tagStatus="tagged", tagPrefixList=["v"])],
        [rule(countType="imageCountMoreThan", countUnit=None)],
        [rule(action={"type": "transition", "targetStorageClass": "archive"}, countType="sinceImagePulled")],
        [rule(), archived(2)],
        [rule(1), rule(9, tagStatus="any")],
        [rule(1, tagStatus="any"), archived(2, tagStatus="any")],
        [rule(tagStatus="tagged", tagPatternList=["*test*1*2*3", "test*1*2*3*"])],
        [
            rule(1, tagStatus="tagged", tagPrefixList=["a", "b"]),
            rule(2, tagStatus="tagged", tagPrefixList=["a"]),
            archived(3, tagStatus="tagged", tagPrefixList=["a"]),
        ],
        [rule(1, tagStatus="tagged", tagPatternList=["a"]), rule(2, tagStatus="tagged", tagPatternList=["b"])],
        [],
    ],
)
def test_what_ecr_takes_is_not_reported(right: list[Any]) -> None:
    """Rules as AWS's examples have them."""
    assert problems(*right) == []


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (rule(tagStatus="tagged"), "selects tagged images and has neither tagPatternList nor tagPrefixList"),
        (rule(tagStatus="tagged", tagPrefixList=[]), "selects tagged images and has neither"),
        (rule(tagPrefixList=["v"]), "has tagPrefixList, and its tagStatus is untagged"),
        (rule(tagStatus="any", tagPatternList=["v"]), "has tagPatternList, and its tagStatus is any"),
        (rule(without="countUnit"), "has no countUnit beside countType sinceImagePushed; allowed: 'days'"),
        (rule(countUnit="hours"), "has the countUnit 'hours' beside countType sinceImagePushed"),
        (rule(countType="imageCountMoreThan"), "counts images and has the countUnit 'days'"),
        (rule(without="countNumber"), "has no countNumber; allowed: a whole number of 1 or more"),
        (rule(countNumber=0), "has the countNumber 0; allowed"),
        (rule(countNumber=1.5), "has the countNumber 1.5; allowed"),
        (rule(countNumber=True), "has the countNumber True; allowed"),
        (rule(tagStatus="Untagged"), "has the tagStatus 'Untagged'; allowed: tagged, untagged, any"),
        (rule(without="tagStatus"), "has no tagStatus; allowed"),
        (rule(countType="olderThan"), "has the countType 'olderThan'; allowed"),
        (rule(storageClass="cold"), "has the storageClass 'cold'; allowed: standard, archive"),
        (rule(0), "has the rulePriority 0; allowed"),
        (rule(action={"type": "delete"}), "has the action type 'delete'; allowed: expire, transition"),
        (rule(action={"type": "transition"}), "has no targetStorageClass; allowed: archive"),
        (
            rule(action={"type": "transition", "targetStorageClass": "cold"}),
            "has the targetStorageClass 'cold'; allowed: archive",
        ),
        (
            rule(tagStatus="tagged", tagPatternList=["v*"], tagPrefixList=["v"]),
            "has tagPatternList and tagPrefixList; allowed: one of them",
        ),
        (
            rule(tagStatus="tagged", tagPatternList=["v*", "test*1*2*3*4*5"]),
            "has the tag pattern 'test*1*2*3*4*5' of 5 wildcards; allowed: at most 4",
        ),
        (
            archived(1, countNumber=89),
            "has the countNumber 89 beside countType sinceImageTransitioned; allowed: a whole number of 90 or more",
        ),
        (
            archived(1, storageClass=None),
            "has the storageClass 'standard' beside countType sinceImageTransitioned; allowed: 'archive'",
        ),
        (
            rule(storageClass="archive"),
            "has the storageClass 'archive' beside countType sinceImagePushed; allowed: 'standard'",
        ),
        ({"rulePriority": 1, "action": EXPIRE}, "has no selection"),
        ({"rulePriority": 1, "selection": rule()["selection"]}, "has no action"),
    ],
)
def test_a_rule_that_ecr_refuses_is_reported(wrong: dict[str, Any], told: str) -> None:
    """Alone, with what is allowed."""
    (found, *others) = problems(wrong)
    assert found.startswith(f"the lifecycle rule of rulePriority {wrong['rulePriority']} {told}") or (
        wrong["rulePriority"] == 0 and told in found
    )
    assert others == []


def test_a_rule_without_a_number_is_called_by_its_place() -> None:
    """The second of two."""
    nameless = {key: value for key, value in rule(tagStatus="any").items() if key != "rulePriority"}
    assert problems(rule(), nameless) == ["the lifecycle rule number 2 has no rulePriority"]


def test_what_is_no_rule_is_reported() -> None:
    """A text in the list, say."""
    assert problems("expire") == ["lifecycle rule 1 is no object"]


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ([rule(1), rule(2)], "2 lifecycle rules select untagged images of storage class 'standard'; allowed: one"),
        ([rule(1, tagStatus="any"), rule(2, tagStatus="any")], "2 lifecycle rules select any image of storage class"),
        (
            [rule(1, tagStatus="any"), rule(2)],
            "the lifecycle rule for any image has the rulePriority 1, and another one has 2",
        ),
        (
            [
                rule(1, tagStatus="tagged", tagPrefixList=["b", "a"]),
                rule(2, tagStatus="tagged", tagPrefixList=["a", "b"]),
            ],
            "2 lifecycle rules select images by the tagPrefixList 'a', 'b'; allowed: one",
        ),
        ([rule(3), rule(3, tagStatus="any")], "2 lifecycle rules have the rulePriority 3; allowed: each its own"),
    ],
)
def test_rules_that_ecr_does_not_take_beside_each_other(rules: list[Any], told: str) -> None:
    """Each would be taken alone."""
    (found,) = problems(*rules)
    assert found.startswith(told)
    assert all(problems(one) == [] for one in rules)


@pytest.mark.parametrize("name", ["tagStatus", "countType", "countUnit", "countNumber", "storageClass"])
def test_a_value_that_is_known_later_is_not_reported(name: str) -> None:
    """It may be just what is allowed."""
    selection: dict[str, Any] = {name: LATER}
    assert problems(rule(**selection)) == []


def test_a_list_that_is_known_later_is_there() -> None:
    """A parameter may hold tags."""
    assert problems(rule(tagStatus="tagged", tagPatternList=LATER)) == []
    assert problems(rule(tagStatus="tagged", tagPatternList=[LATER + "*" * 4])) == []
    assert problems({**rule(), "rulePriority": LATER}) == []
    assert problems(rule(action={"type": "transition", "targetStorageClass": LATER})) == []
