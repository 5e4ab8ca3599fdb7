"""``mutable-tag-pulled``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import Environment, Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs

from cdk_ecr_access import AccessibleRepository
from ecr_access.rules.checks.mutable_tag_pulled import RULE
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import (
    ACCOUNT,
    NOTHING,
    OTHER,
    PARAMETER,
    REGION,
    WEB_URI,
    function,
    repository,
    synthesized,
    task,
)

if TYPE_CHECKING:
    from aws_cdk import App

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def filters(*values: object) -> list[dict[str, object]]:
    """The filters of tags for which the opposite holds."""
    kind, value = (f"ImageTagMutabilityExclusionFilter{one}" for one in ("Type", "Value"))
    return [{kind: "WILDCARD", value: one} for one in values]


def found(image: object = f"{WEB_URI}:v1", **properties: object) -> list[str]:
    """What is found where a task runs an image."""
    return findings(RULE, app_of({"Web": repository(**properties), "Task": task(image)}))


def test_a_tag_that_can_be_moved_is_reported() -> None:
    """With the image, the setting and the fix."""
    assert found(ImageTagMutability="MUTABLE") == [
        "task definition 'Task' runs 'web:v1', a tag that any principal that may push can move to another image: the "  # noqa: ISC004
        "repository's ImageTagMutability is MUTABLE; fix: set ImageTagMutability IMMUTABLE, the default of "
        "AccessibleRepository, and deploy each image by a tag of its own, or name it by digest"
    ]


@pytest.mark.parametrize(
    "properties",
    [
        {},
        {"ImageTagMutability": NOTHING},
        {"ImageTagMutability": "MUTABLE_WITH_EXCLUSION", "ImageTagMutabilityExclusionFilters": filters("prod*")},
        {"ImageTagMutability": "IMMUTABLE_WITH_EXCLUSION", "ImageTagMutabilityExclusionFilters": filters("a", "v*")},
    ],
)
def test_so_are_the_default_and_exclusions(properties: dict[str, Any]) -> None:
    """ECR's own default lets tags move."""
    assert len(found(**properties)) == 1


def test_no_tag_is_latest() -> None:
    """Which is a tag like any other."""
    assert found(WEB_URI)[0].startswith("task definition 'Task' runs 'web:latest', ")


@pytest.mark.parametrize(
    "properties",
    [
        {"ImageTagMutability": "IMMUTABLE"},
        {"ImageTagMutability": PARAMETER},
        {"ImageTagMutability": "MUTABLE_WITH_EXCLUSION", "ImageTagMutabilityExclusionFilters": filters("v*")},
        {"ImageTagMutability": "MUTABLE_WITH_EXCLUSION", "ImageTagMutabilityExclusionFilters": filters(PARAMETER)},
        {"ImageTagMutability": "MUTABLE_WITH_EXCLUSION", "ImageTagMutabilityExclusionFilters": PARAMETER},
        {"ImageTagMutability": "IMMUTABLE_WITH_EXCLUSION", "ImageTagMutabilityExclusionFilters": filters("prod*")},
        {"ImageTagMutability": "IMMUTABLE_WITH_EXCLUSION", "ImageTagMutabilityExclusionFilters": filters(PARAMETER)},
    ],
)
def test_a_tag_that_stays_or_may_stay_is_not_reported(properties: dict[str, Any]) -> None:
    """By the setting, by a filter, or by what only the deployment knows."""
    assert found(**properties) == []


@pytest.mark.parametrize(
    "image",
    [
        f"{WEB_URI}@sha256:ab",
        f"{WEB_URI}:v1@sha256:ab",
        f"{WEB_URI}:{COMMIT}",
        f"{WEB_URI}:build-{COMMIT}{COMMIT[:24]}",
        {"Fn::Sub": f"{WEB_URI}:${{Parameter}}"},
        f"{WEB_URI}-other:v1",
        WEB_URI.replace("111122223333", OTHER),
        "nginx:latest",
        PARAMETER,
    ],
)
def test_other_images_are_not(image: object) -> None:
    """By digest, by a hash, by a tag that only the deployment knows, or of a repository that is not declared here."""
    assert found(image) == []


def test_a_tag_that_is_not_quite_a_hash_is() -> None:
    """A word of hexadecimal digits is no commit."""
    assert len(found(f"{WEB_URI}:deadbeef")) == 1


def test_every_image_is_told() -> None:
    """At the resource that runs it."""
    application = app_of({"Web": repository(), "Task": task(), "Function": function()})
    assert [(one.resource.logical_id, one.path) for one in RULE.check(application)] == [
        ("Task", "Properties.ContainerDefinitions[0].Image"),
        ("Function", "Properties.Code.ImageUri"),
    ]


def test_a_repository_of_the_cdk_is_mutable_and_ours_is_not(app: App, stack: Stack) -> None:
    """By their defaults."""
    definition = ecs.FargateTaskDefinition(stack, "Task")
    repositories = (ecr.Repository(stack, "Web"), AccessibleRepository(stack, "Api", repository_name="api"))
    for one in repositories:
        definition.add_container(one.node.id, image=ecs.ContainerImage.from_ecr_repository(one, "v1"))
    (finding,) = findings(RULE, synthesized(app))
    assert "' runs '${Web" in finding


def test_a_repository_of_another_region_is_followed(app: App) -> None:
    """As the CDK refers to it."""
    one, two = (
        Stack(app, region, env=Environment(account=ACCOUNT, region=region), cross_region_references=True)
        for region in (REGION, "us-east-1")
    )
    image = ecs.ContainerImage.from_ecr_repository(ecr.Repository(one, "Web"), "v1")
    ecs.FargateTaskDefinition(two, "Task").add_container("Web", image=image)
    assert len(findings(RULE, synthesized(app))) == 1


def test_a_resource_that_resolves_the_tag_once_is_not() -> None:
    """A container group of GameLift keeps the image of when it was made."""
    group = {
        "Type": "AWS::GameLift::ContainerGroupDefinition",
        "Properties": {"GameServerContainerDefinition": {"ImageUri": f"{WEB_URI}:v1"}},
    }
    application = app_of({"Web": repository(), "Group": group})
    assert len(application.images) == 1
    assert findings(RULE, application) == []
