"""``no-lifecycle``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import aws_ecr as ecr

from cdk_ecr_access import AccessibleRepository
from ecr_access.rules.checks.no_lifecycle import RULE
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import ACCOUNT, NOTHING, PARAMETER, repository, synthesized

if TYPE_CHECKING:
    from aws_cdk import App, Stack


@pytest.mark.parametrize(
    "properties",
    [
        {},
        {"LifecyclePolicy": NOTHING},
        {"LifecyclePolicy": {}},
        {"LifecyclePolicy": {"RegistryId": ACCOUNT}},
        {"LifecyclePolicy": {"LifecyclePolicyText": NOTHING}},
        {"LifecyclePolicy": {"LifecyclePolicyText": ""}},
    ],
)
def test_a_repository_that_keeps_everything_is_reported(properties: dict[str, Any]) -> None:
    """With what that comes to."""
    (found,) = findings(RULE, app_of({"Web": repository(**properties)}))
    assert found == (
        "repository 'Web' has no lifecycle policy: every image that was ever pushed is kept and billed, and beyond the "
        "quota, 100,000 by default, pushes are refused; fix: add a rule that expires what is not used, untagged "
        "images at least, as "
        "AccessibleRepository does by default: repository.add_lifecycle_rule(...)"
    )


@pytest.mark.parametrize(
    "policy",
    [
        {"LifecyclePolicyText": '{"rules": []}'},
        {"LifecyclePolicyText": PARAMETER},
        {"Fn::If": ["A", {"LifecyclePolicyText": "{}"}, NOTHING]},
        PARAMETER,
        "a text, which is no policy",
    ],
)
def test_one_that_has_a_policy_or_may_is_not(policy: object) -> None:
    """What the policy says is the matter of another rule."""
    assert findings(RULE, app_of({"Web": repository(LifecyclePolicy=policy)})) == []


def test_a_repository_of_the_cdk_has_none_and_ours_has(app: App, stack: Stack) -> None:
    """By their defaults."""
    ecr.Repository(stack, "Web")
    AccessibleRepository(stack, "Api", repository_name="api")
    (found,) = RULE.check(synthesized(app))
    assert found.resource.logical_id.startswith("Web")


@pytest.mark.parametrize(
    ("kind", "name", "count"),
    [("CONTAINER_IMAGE", "web", 0), ("AMI_IMAGE", "web", 1), ("CONTAINER_IMAGE", "api", 1)],
)
def test_what_image_builder_cleans_is_not(kind: str, name: str, count: int) -> None:
    """A policy of EC2 Image Builder deletes the images of its containers."""
    recipe = {"TargetRepository": {"Service": "ECR", "RepositoryName": name}}
    resources = {
        "Web": repository(),
        "Recipe": {"Type": "AWS::ImageBuilder::ContainerRecipe", "Properties": recipe},
        "Clean": {"Type": "AWS::ImageBuilder::LifecyclePolicy", "Properties": {"ResourceType": kind}},
    }
    assert len(findings(RULE, app_of(resources))) == count


DELETE = {"Type": "DELETE", "IncludeResources": {"Containers": True}}


@pytest.mark.parametrize(
    ("properties", "count"),
    [
        ({"PolicyDetails": [{"Action": DELETE}]}, 0),
        ({"PolicyDetails": [{"Action": {"Type": "DEPRECATE"}}, {"Action": DELETE}]}, 0),
        ({"PolicyDetails": [{"Action": {"Type": PARAMETER}}]}, 0),
        ({"PolicyDetails": PARAMETER}, 0),
        ({"Status": PARAMETER}, 0),
        ({"ResourceSelection": {"TagMap": {"team": "web"}}}, 0),
        ({"ResourceSelection": {"Recipes": [{"Name": "web", "SemanticVersion": "1.0.0"}]}}, 0),
        ({"ResourceSelection": {"Recipes": [{"Name": PARAMETER, "SemanticVersion": "1.0.0"}]}}, 0),
        ({"ResourceSelection": {"Recipes": [{"Name": "api", "SemanticVersion": "1.0.0"}]}}, 1),
        ({"Status": "DISABLED"}, 1),
        ({"PolicyDetails": [{"Action": {"Type": "DEPRECATE"}}]}, 1),
        ({"PolicyDetails": [{"Action": {"Type": "DELETE", "IncludeResources": {"Containers": False}}}]}, 1),
    ],
)
def test_a_policy_of_image_builder_that_deletes_no_container_does_not_clean(
    properties: dict[str, object], count: int
) -> None:
    """It is off, keeps the images, or is about those of another recipe."""
    recipe = {"Name": "web", "TargetRepository": {"Service": "ECR", "RepositoryName": "web"}}
    policy = {"ResourceType": "CONTAINER_IMAGE", **properties}
    resources = {
        "Web": repository(),
        "Recipe": {"Type": "AWS::ImageBuilder::ContainerRecipe", "Properties": recipe},
        "Clean": {"Type": "AWS::ImageBuilder::LifecyclePolicy", "Properties": policy},
    }
    assert len(findings(RULE, app_of(resources))) == count
