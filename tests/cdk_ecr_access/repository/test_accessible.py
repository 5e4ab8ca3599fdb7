"""A repository's defaults, each of which can be turned off, and its name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App, CfnParameter, Duration, RemovalPolicy, Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from cdk_ecr_access import AccessCheck, AccessibleRepository, ExistingRepository
from cdk_ecr_access.testing import snapshot_of
from tests.reading import ENV, FOREIGN_ROLE, OTHER, ROLE, rendered

if TYPE_CHECKING:
    from collections.abc import Callable

    from syrupy.assertion import SnapshotAssertion

TYPE = "AWS::ECR::Repository"


def declared(stack: Stack, **properties: Any) -> dict[str, Any]:
    """Declare a repository and return the resource."""
    AccessibleRepository(stack, "Repository", repository_name="team/app", **properties)
    return rendered(stack).one(TYPE)


def lifecycle(resource: dict[str, Any]) -> list[dict[str, Any]]:
    """The lifecycle rules of a repository."""
    policy = resource["Properties"].get("LifecyclePolicy", {"LifecyclePolicyText": '{"rules": []}'})
    rules: list[dict[str, Any]] = json.loads(policy["LifecyclePolicyText"])["rules"]
    return rules


def test_a_repository_is_an_aws_ecr_repository(repository: AccessibleRepository) -> None:
    """It goes wherever an IRepository goes."""
    assert isinstance(repository, ecr.Repository)


def test_the_defaults_keep_images_safe(stack: Stack) -> None:
    """Scanned on push, tags that never move, kept when the stack is deleted, under its name."""
    resource = declared(stack)
    assert resource["Properties"]["RepositoryName"] == "team/app"
    assert resource["Properties"]["ImageScanningConfiguration"] == {"ScanOnPush": True}
    assert resource["Properties"]["ImageTagMutability"] == "IMMUTABLE"
    assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")


def test_untagged_images_expire_after_two_weeks(stack: Stack) -> None:
    """Only what no tag names is cleaned up."""
    (rule,) = lifecycle(declared(stack))
    assert rule["selection"] == {
        "tagStatus": "untagged",
        "countType": "sinceImagePushed",
        "countNumber": 14,
        "countUnit": "days",
    }
    assert rule["action"] == {"type": "expire"}


@pytest.mark.parametrize(
    ("properties", "rendered_as"),
    [
        ({"image_scan_on_push": False}, {"ImageScanningConfiguration": {"ScanOnPush": False}}),
        ({"image_tag_mutability": ecr.TagMutability.MUTABLE}, {"ImageTagMutability": "MUTABLE"}),
        (
            {"empty_on_delete": True, "removal_policy": RemovalPolicy.DESTROY},
            {"EmptyOnDelete": True},
        ),
    ],
)
def test_every_default_can_be_turned_off(stack: Stack, properties: dict[str, Any], rendered_as: dict[str, Any]) -> None:
    """A value that was given counts, False among them."""
    assert declared(stack, **properties)["Properties"].items() >= rendered_as.items()


def test_no_lifecycle_rule_is_no_lifecycle_rule(stack: Stack) -> None:
    """An empty list is a choice, not an omission."""
    assert "LifecyclePolicy" not in declared(stack, lifecycle_rules=[])["Properties"]


def test_lifecycle_rules_of_ones_own_replace_the_default(stack: Stack) -> None:
    """The default is not added to what the caller wrote."""
    (rule,) = lifecycle(declared(stack, lifecycle_rules=[ecr.LifecycleRule(max_image_count=9)]))
    assert rule["selection"]["countNumber"] == 9


def test_no_rollback_deletes_images_by_default(stack: Stack) -> None:
    """The default deletes what a failed deployment has created: images go only where DESTROY says so."""
    with pytest.raises(RuntimeError, match="without setting removal policy to 'DESTROY'"):
        declared(stack, empty_on_delete=True)


def test_a_repository_without_a_name_is_named_by_cloudformation(app: App, stack: Stack) -> None:
    """As with aws_ecr: the grant, the check and another stack refer to it."""
    repository = AccessibleRepository(stack, "Unnamed")
    other = Stack(app, "Other", env=ENV)
    repository.grant_pull(iam.Role(other, "Role", assumed_by=iam.AccountRootPrincipal()))
    assert "RepositoryName" not in rendered(stack).one("AWS::ECR::Repository")["Properties"]
    (required,) = rendered(other).requirements
    assert [*required["Access"]["PULL"][0]] == ["Fn::ImportValue"]


def test_a_name_prefix_needs_a_name(stack: Stack) -> None:
    """There is nothing to compare it with, and the message shows no token."""
    repository = AccessibleRepository(stack, "Unnamed")
    role = iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())
    with pytest.raises(ValueError, match=r"^name_prefix needs a name .* the repository's name is known at deploy time"):
        repository.grant_pull(role, name_prefix="team/")


def test_the_repository_may_go_with_the_stack(stack: Stack) -> None:
    """The removal policy is the caller's."""
    assert declared(stack, removal_policy=RemovalPolicy.DESTROY)["DeletionPolicy"] == "Delete"


def test_tags_that_may_move_are_excluded_from_the_default(stack: Stack) -> None:
    """Filters alone keep the other tags immutable, where aws_ecr asks for the fitting mutability too."""
    filters = [ecr.ImageTagMutabilityExclusionFilter.wildcard("dev-*")]
    resource = declared(stack, image_tag_mutability_exclusion_filters=filters)
    assert resource["Properties"]["ImageTagMutability"] == "IMMUTABLE_WITH_EXCLUSION"


@pytest.mark.parametrize("name", ["ab", "a--b", "a__b", "team/web-app", "a.b_c--d__e/f", "x" * 256])
def test_every_name_of_the_api_is_accepted(stack: Stack, name: str) -> None:
    """Names among them that aws_ecr rejects are rendered as they are."""
    AccessibleRepository(stack, "Repository", repository_name=name)
    assert rendered(stack).one(TYPE)["Properties"]["RepositoryName"] == name


@pytest.mark.parametrize("name", ["", "a", "x" * 257, "Team/app", "team//app", "/app", "app/", "a..b", "a b", "a___b"])
def test_another_name_is_refused_before_anything_is_built(stack: Stack, name: str) -> None:
    """The scope is as empty as before."""
    with pytest.raises(ValueError, match=r"^repository name .* allowed: "):
        AccessibleRepository(stack, "Repository", repository_name=name)
    assert stack.node.children == []


def test_a_name_that_is_a_token_passes(stack: Stack) -> None:
    """What is known at deploy time is validated there."""
    name = CfnParameter(stack, "Name").value_as_string
    AccessibleRepository(stack, "Repository", repository_name=name)
    assert rendered(stack).one(TYPE)["Properties"]["RepositoryName"] == {"Ref": "Name"}


def test_a_repository_without_grants_brings_no_check(stack: Stack) -> None:
    """Nothing to prove, nothing to deploy."""
    AccessibleRepository(stack, "Repository", repository_name="team/app")
    assert [one["Type"] for one in rendered(stack).template["Resources"].values()] == [TYPE]


def test_the_repositorys_check_is_its_stacks(stack: Stack, repository: AccessibleRepository) -> None:
    """There is one a stack."""
    assert repository.access_check is AccessCheck.of(stack)


def test_minimal(stack: Stack, template_snapshot: SnapshotAssertion) -> None:
    """The template of as little as possible."""
    AccessibleRepository(stack, "Repository", repository_name="team/app")
    assert snapshot_of(stack) == template_snapshot


def test_full(stack: Stack, template_snapshot: SnapshotAssertion) -> None:
    """The template of everything on."""
    repository = AccessibleRepository(
        stack,
        "Repository",
        repository_name="team/app",
        empty_on_delete=True,
        encryption=ecr.RepositoryEncryption.KMS,
        encryption_key=kms.Key(stack, "Key"),
        image_scan_on_push=False,
        image_tag_mutability=ecr.TagMutability.MUTABLE_WITH_EXCLUSION,
        image_tag_mutability_exclusion_filters=[ecr.ImageTagMutabilityExclusionFilter.wildcard("v*")],
        lifecycle_registry_id=OTHER,
        lifecycle_rules=[ecr.LifecycleRule(max_image_age=Duration.days(90))],
        removal_policy=RemovalPolicy.DESTROY,
    )
    role = iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())
    repository.grant_pull(iam.User(stack, "User"))
    repository.grant_push(role)
    repository.grant_pull_push(iam.Group(stack, "Group"))
    repository.grant_read(iam.Role.from_role_arn(stack, "Imported", ROLE, mutable=False))
    repository.grant_pull(iam.ArnPrincipal(FOREIGN_ROLE))
    repository.grant_pull(iam.AccountPrincipal(OTHER))
    repository.grant_pull(iam.OrganizationPrincipal("o-abc1234567"))
    repository.grant_pull(iam.ServicePrincipal("lambda.amazonaws.com"))
    repository.grant_pull(iam.ServicePrincipal("codebuild.amazonaws.com"))
    assert snapshot_of(stack) == template_snapshot


@pytest.mark.parametrize(("filter_", "right"), [("a*b*", True), ("a*b*c*", False), ("*" * 5, False)])
def test_a_filter_of_three_wildcards_is_refused(stack: Stack, filter_: str, *, right: bool) -> None:
    """ECR takes two, and says so at deploy time only."""
    filters = [ecr.ImageTagMutabilityExclusionFilter.wildcard(filter_)]
    if right:
        assert declared(stack, image_tag_mutability_exclusion_filters=filters)
        return
    with pytest.raises(ValueError, match=r"filters of 'Stack/Repository': '[abc*]+'; allowed: 2 wildcards"):
        declared(stack, image_tag_mutability_exclusion_filters=filters)
    assert stack.node.children == []


@pytest.mark.parametrize(
    ("choose", "left_behind"),
    [
        (lambda stack: AccessibleRepository(stack, "Web", repository_name="web"), False),
        (lambda stack: AccessibleRepository(stack, "Web", removal_policy=RemovalPolicy.RETAIN), True),
        (lambda stack: AccessibleRepository(stack, "Web", removal_policy=RemovalPolicy.DESTROY), False),
        (lambda stack: ecr.Repository(stack, "Web"), True),
        (lambda stack: ecr.Repository(stack, "Web", removal_policy=RemovalPolicy.DESTROY), False),
        (lambda stack: ExistingRepository.from_repository_name(stack, "Web", "team/web"), False),
    ],
)
def test_the_check_knows_what_a_failed_deployment_leaves_behind(
    stack: Stack, choose: Callable[[Stack], ecr.IRepository], *, left_behind: bool
) -> None:
    """Its message ends with the command that takes it back in."""
    AccessCheck.of(stack).require_pull(iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal()), choose(stack))
    assert len(rendered(stack).check["Properties"].get("Retained", [])) == left_behind


def test_a_removal_policy_that_is_chosen_later_counts(stack: Stack) -> None:
    """The last one."""
    repository = AccessibleRepository(stack, "Web", removal_policy=RemovalPolicy.RETAIN)
    repository.grant_pull(iam.AccountPrincipal(OTHER))
    repository.apply_removal_policy(RemovalPolicy.DESTROY)
    found = rendered(stack)
    assert found.one(TYPE)["DeletionPolicy"] == "Delete"
    assert "Retained" not in found.check["Properties"]


def test_a_grant_that_a_subclass_overrides_is_the_one_that_is_called(stack: Stack) -> None:
    """By the app and by the CDK's own constructs, whatever a type checker says of its parameters."""
    asked: list[iam.IGrantable] = []

    class Mine(AccessibleRepository):
        def grant_pull(self, grantee: iam.IGrantable) -> iam.Grant:  # type: ignore[override]  # as of aws_ecr
            asked.append(grantee)
            return super().grant_pull(grantee)

    repository = Mine(stack, "Mine", repository_name="team/mine")
    repository.grant_pull(iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal()))
    task = ecs.FargateTaskDefinition(stack, "Task")
    task.add_container("Web", image=ecs.ContainerImage.from_ecr_repository(repository, "v1"))
    assert len(asked) == len(rendered(stack).principals) == 2
