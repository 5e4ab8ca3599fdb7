"""``archived-and-pulled``."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aws_cdk import App, Duration, Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam

from cdk_ecr_access import AccessibleRepository, ArchiveRule
from ecr_access.rules.checks.archived_and_pulled import RULE
from ecr_access.rules.guard import guarded
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import (
    OTHER,
    PARAMETER,
    PULL,
    WEB,
    WEB_URI,
    allow,
    function,
    repository,
    role,
    synthesized,
    task,
)
from tests.reading import ENV

ARCHIVE = {"type": "transition", "targetStorageClass": "archive"}
PULLER = role(allow(PULL, Resource=WEB))
TAIL = (
    ": the pull of an archived image answers 404, as if it did not exist; fix: archive by sinceImagePulled, keep the "
    "tags in use out of the rule by tagPatternList, or expire images instead; if no archived image is in use, "
    "acknowledge the finding"
)


def archiving(
    *statements: object, tag_status: str = "any", action: object = ARCHIVE, **selection: object
) -> dict[str, Any]:
    """A repository that archives images."""
    rule = {"rulePriority": 7, "selection": {"tagStatus": tag_status, **selection}, "action": action}
    return repository(*statements, LifecyclePolicy={"LifecyclePolicyText": json.dumps({"rules": [rule]})})


@pytest.mark.parametrize(
    ("resources", "puller"),
    [
        ({"Web": archiving(), "Task": task()}, f"Task runs '{WEB_URI}'"),
        ({"Web": archiving(), "Function": function(f"{WEB_URI}:v1")}, f"Function runs '{WEB_URI}:v1'"),
        ({"Web": archiving(), "Ci": PULLER}, "role ci may pull"),
        ({"Web": archiving(), "Ci": role(allow("ecr:*", Resource="*"))}, "role ci may pull"),
        ({"Web": archiving(allow(PULL, Principal={"AWS": OTHER}))}, f"its policy lets '{OTHER}' pull"),
        ({"Web": archiving(allow("*", Principal="*"))}, "its policy lets '*' pull"),
    ],
)
def test_archiving_what_is_pulled_is_reported(resources: dict[str, Any], puller: str) -> None:
    """With the rule and who pulls."""
    assert findings(RULE, app_of(resources)) == [
        f"the lifecycle rule of priority 7 archives images, and {puller}{TAIL}",
    ]


@pytest.mark.parametrize(
    "resources",
    [
        {"Web": archiving()},
        {"Web": archiving(action={"type": "expire"}), "Task": task()},
        {"Web": repository(), "Task": task()},
        {"Web": archiving(), "Task": task(f"{WEB_URI}-other")},
        {"Web": archiving(), "Task": task(PARAMETER)},
        {"Web": archiving(), "Ci": role(allow(PULL[0], Resource=WEB))},
        {"Web": archiving(), "Ci": role(allow(PULL, "Deny", Resource=WEB))},
        {"Web": archiving(), "Ci": role(allow(PULL, Resource=f"{WEB}-other"))},
        {"Web": archiving(), "Ci": role(allow(PULL, Resource=PARAMETER))},
        {"Web": archiving(), "Ci": role(allow(PULL, Resource=WEB, Condition={"Bool": {"a": "b"}}))},
        {"Web": archiving(), "Ci": role(allow("*", Resource="*"))},
        {"Web": archiving(allow(PULL, "Deny", Principal="*"))},
        {"Web": archiving(allow(PARAMETER, Principal="*"))},
        {"Web": repository(LifecyclePolicy={"LifecyclePolicyText": PARAMETER}), "Task": task()},
        {"Web": repository(LifecyclePolicy={"LifecyclePolicyText": "{"}), "Task": task()},
        {"Web": repository(LifecyclePolicy={"LifecyclePolicyText": "[]"}), "Task": task()},
        {"Web": repository(LifecyclePolicy=PARAMETER), "Task": task()},
    ],
)
def test_what_no_principal_pulls_for_sure_is_not(resources: dict[str, Any]) -> None:
    """Nor what is not archived; and an administrator, who may do anything, is no puller."""
    assert findings(RULE, app_of(resources)) == []


@pytest.mark.parametrize(
    ("image", "selection", "count"),
    [
        (f"{WEB_URI}:v1", {"tag_status": "tagged", "tagPatternList": ["v*"]}, 1),
        (f"{WEB_URI}:v1", {"tag_status": "tagged", "tagPrefixList": ["v"]}, 1),
        (f"{WEB_URI}@sha256:ab", {"tag_status": "untagged"}, 1),
        (f"{WEB_URI}:v1", {"tag_status": "tagged", "tagPatternList": ["dev*"]}, 0),
        (f"{WEB_URI}:v1", {"tag_status": "tagged", "tagPatternList": ["v*", "*-old"]}, 0),
        (f"{WEB_URI}:v1", {"tag_status": "tagged", "tagPrefixList": ["dev"]}, 0),
        (f"{WEB_URI}:v1", {"tag_status": "untagged"}, 0),
        (f"{WEB_URI}@sha256:ab", {"tag_status": "tagged", "tagPatternList": ["v*"]}, 0),
        ({"Fn::Sub": f"{WEB_URI}:${{Parameter}}"}, {"tag_status": "tagged", "tagPatternList": ["v*"]}, 0),
    ],
)
def test_a_rule_counts_for_the_images_that_it_selects(image: object, selection: dict[str, Any], count: int) -> None:
    """By all its patterns, and by tag or none."""
    assert len(findings(RULE, app_of({"Web": archiving(**selection), "Task": task(image)}))) == count


def test_a_rule_that_waits_for_the_last_pull_is_not_reported() -> None:
    """It archives no image in use."""
    waits: dict[str, Any] = {"countType": "sinceImagePulled", "countUnit": "days", "countNumber": 90}
    assert findings(RULE, app_of({"Web": archiving(**waits), "Ci": PULLER})) == []


def test_a_role_of_a_construct_is_called_by_its_path() -> None:
    """Its name is CloudFormation's to choose, and a logical id is not what its author wrote."""
    app = App(context={"aws:cdk:enable-path-metadata": True})  # as the CDK CLI has it
    stack = Stack(app, "Stack", env=ENV)
    repository = ecr.Repository(stack, "Web")
    ecr_policy = {"rules": [{"rulePriority": 1, "selection": {"tagStatus": "any"}, "action": ARCHIVE}]}
    leaf = repository.node.default_child
    assert isinstance(leaf, ecr.CfnRepository)
    leaf.lifecycle_policy = ecr.CfnRepository.LifecyclePolicyProperty(lifecycle_policy_text=json.dumps(ecr_policy))
    repository.grant_pull(iam.Role(stack, "Ci", assumed_by=iam.AccountRootPrincipal()))
    ((_, found),) = guarded(RULE, synthesized(app))
    assert found.text.startswith("the lifecycle rule of priority 1 archives images, and role Stack/Ci may pull: ")


def test_our_repository_renders_it(app: App, stack: Stack) -> None:
    """As a text, which is read."""
    repository = AccessibleRepository(
        stack, "Web", repository_name="web", lifecycle_rules=[ArchiveRule(max_image_age=Duration.days(90))]
    )
    repository.grant_pull(iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal()))
    image = ecs.ContainerImage.from_ecr_repository(repository, "v1")
    ecs.FargateTaskDefinition(stack, "Task").add_container("web", image=image)
    (found,) = findings(RULE, synthesized(app))
    assert found.startswith("the lifecycle rule of priority 1 archives images, and Task")
