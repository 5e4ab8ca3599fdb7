"""``lifecycle-policy-limits``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import Duration
from aws_cdk import aws_ecr as ecr

from ecr_access.rules.checks.lifecycle_policy_limits import RULE
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import NOTHING, PARAMETER, repository, synthesized

if TYPE_CHECKING:
    from aws_cdk import App, Stack

    from ecr_access.rules.access.application import Application

GIVE = "; fix: give the text of a JSON object with a list 'rules', as repository.add_lifecycle_rule(...) renders"


def rule(priority: int = 1) -> dict[str, Any]:
    """A lifecycle rule of 127 characters or so."""
    selection = {"tagStatus": "tagged", "tagPatternList": ["*"], "countType": "imageCountMoreThan", "countNumber": 1}
    return {"rulePriority": priority, "selection": selection, "action": {"type": "expire"}}


def rules(*priorities: int) -> str:
    """A policy with rules of priorities."""
    return json.dumps({"rules": [rule(one) for one in priorities]})


def with_policy(text: object) -> Application:
    """An app of a repository with a lifecycle policy."""
    return app_of({"Web": repository(LifecyclePolicy={"LifecyclePolicyText": text})})


@pytest.mark.parametrize("length", [100, 30_720])
def test_the_limits_themselves_are_allowed(length: int) -> None:
    """Blanks count, as they are part of the text."""
    text = '{"rules":[]}'
    assert findings(RULE, with_policy(text + " " * (length - len(text)))) == []


@pytest.mark.parametrize(
    ("length", "fix"),
    [
        (99, "describe each rule, in its 'description'"),
        (30_721, "shorten descriptions, or merge rules and tags with a wildcard in tagPatternList"),
    ],
)
def test_a_text_outside_of_them_is_reported(length: int, fix: str) -> None:
    """With its length."""
    text = '{"rules":[]}'
    assert findings(RULE, with_policy(text + " " * (length - len(text)))) == [
        f"the lifecycle policy has {length:,} characters; allowed: 100 to 30,720; fix: {fix}"
    ]


@pytest.mark.parametrize("write", ["no", "{'rules': []}", '{"rules": [}', "[" * 100_000])
def test_what_is_no_json_is_reported(write: str) -> None:
    """With where it is wrong, and its beginning."""
    text = f"{write:<120}"[:30_000]
    (found,) = findings(RULE, with_policy(text))
    assert found.startswith("the lifecycle policy is no JSON, ")
    assert found.endswith(f"; it begins with {text[:40]!r}{GIVE}")


@pytest.mark.parametrize("document", [[rule()], {"rule": [rule()]}, {"rules": rule()}, "text"])
def test_json_without_rules_is_reported(document: object) -> None:
    """Whatever else it is."""
    assert findings(RULE, with_policy(f"{json.dumps(document):<120}")) == [
        f"the lifecycle policy has no list 'rules'{GIVE}"
    ]


@pytest.mark.parametrize(("value", "kind"), [({"rules": [rule()]}, "an object"), ([rule()], "a list")])
def test_what_is_no_text_is_reported(value: object, kind: str) -> None:
    """CloudFormation takes a string alone."""
    assert findings(RULE, with_policy(value)) == [
        f"the lifecycle policy is {kind}; allowed: a text that is JSON{GIVE}",
    ]


def test_fifty_rules_are_allowed_and_one_more_is_not() -> None:
    """With their number."""
    assert findings(RULE, with_policy(rules(*range(1, 51)))) == []
    assert findings(RULE, with_policy(rules(*range(1, 52)))) == [
        "the lifecycle policy has 51 rules; allowed: at most 50; fix: merge those that differ in a tag alone into one "  # noqa: ISC004
        "with a wildcard in tagPatternList"
    ]


def test_a_priority_that_is_given_twice_is_reported() -> None:
    """Each once, with how often."""
    first, second = findings(RULE, with_policy(rules(1, 2, 1, 3, 3, 3)))
    assert first.startswith("2 lifecycle rules have the rulePriority 1; allowed: each its own; fix: number them")
    assert second.startswith("3 lifecycle rules have the rulePriority 3;")


@pytest.mark.parametrize("value", [PARAMETER, NOTHING, {"Fn::If": ["A", "b", "c"]}, {"Fn::Sub": "${Parameter}"}])
def test_what_only_the_deployment_knows_is_not(value: object) -> None:
    """However short it is here."""
    assert findings(RULE, with_policy(value)) == []


@pytest.mark.parametrize("policy", [PARAMETER, NOTHING, {}])
def test_no_policy_is_none(policy: object) -> None:
    """That is another rule's."""
    assert findings(RULE, app_of({"Web": repository(LifecyclePolicy=policy)})) == []


def test_a_text_with_an_unknown_part_is_read_as_far_as_it_goes() -> None:
    """Its rules, and what it has at least."""
    text = rules(1, 1).replace('"expire"', '"${Parameter}"')
    (found,) = findings(RULE, with_policy({"Fn::Sub": text}))
    assert found.startswith("2 lifecycle rules have the rulePriority 1;")
    (found,) = findings(RULE, with_policy({"Fn::Sub": "${Parameter}" + "x" * 30_721}))
    assert found.startswith("the lifecycle policy has at least 30,721 characters;")


def test_an_object_that_cloudformation_writes_as_text_is_read() -> None:
    """By the macro of language extensions."""
    ours = {"rules": [rule(), rule(), {**rule(), "rulePriority": PARAMETER}]}
    (found,) = findings(RULE, with_policy({"Fn::ToJsonString": ours}))
    assert found.startswith("2 lifecycle rules have the rulePriority 1;")


def test_a_creation_template_is_checked_too() -> None:
    """Its repositories get it."""
    template = {"Type": "AWS::ECR::RepositoryCreationTemplate", "Properties": {"LifecyclePolicy": rules(1, 1)}}
    (found,) = RULE.check(app_of({"Template": template}))
    assert found.path == "Properties.LifecyclePolicy"


@pytest.mark.parametrize("text", ["", '{"rules":[]}'])
def test_a_creation_template_takes_a_shorter_text(text: str) -> None:
    """Its API has no least length, and an empty text is none."""
    template = {"Type": "AWS::ECR::RepositoryCreationTemplate", "Properties": {"LifecyclePolicy": text}}
    assert findings(RULE, app_of({"Template": template})) == []
    assert findings(RULE, with_policy(text))


def test_a_rule_that_ecr_does_not_know_is_reported() -> None:
    """Beside what is wrong with the others."""
    wrong = {**rule(), "selection": {"tagStatus": "tagged", "countType": "sinceImagePushed", "countNumber": 1}}
    assert findings(RULE, with_policy(json.dumps({"rules": [wrong]}))) == [
        (
            "the lifecycle rule of rulePriority 1 selects tagged images and has neither tagPatternList nor "
            "tagPrefixList; fix: write tagPatternList: ['*'] for all tags"
        ),
        (
            "the lifecycle rule of rulePriority 1 has no countUnit beside countType sinceImagePushed; allowed: 'days'; "
            "fix: write countUnit: days"
        ),
    ]


def test_the_cdk_renders_too_many_without_a_word(app: App, stack: Stack) -> None:
    """One rule a tag."""
    web = ecr.Repository(stack, "Web")
    for number in range(51):
        web.add_lifecycle_rule(tag_prefix_list=[f"v{number}"], max_image_age=Duration.days(1))
    (found,) = findings(RULE, synthesized(app))
    assert found.startswith("the lifecycle policy has 51 rules;")
