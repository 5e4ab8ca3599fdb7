"""What grants attach to a principal: one statement a level, in as few policies as IAM's limits allow."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App, NestedStack, Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs

from cdk_ecr_access import AccessCheck, AccessibleRepository
from tests.reading import ACCOUNT, ENV, FOREIGN_ROLE, PULL, PUSH, REGION, ROLE, TOKEN, rendered

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.reading import Rendered

CI = iam.AccountRootPrincipal()
MANAGED = "AWS::IAM::ManagedPolicy"


def repositories(stack: Stack, count: int, *, name: str = "team/app-{:03}") -> list[AccessibleRepository]:
    """Declare so many repositories."""
    return [AccessibleRepository(stack, f"R{n}", repository_name=name.format(n)) for n in range(count)]


def of_grants(found: Rendered) -> list[dict[str, Any]]:
    """The statements on repositories of all policies, but for the check's own."""
    documents = [
        one["Properties"]["PolicyDocument"]
        for key, one in found.template["Resources"].items()
        if one["Type"] in ("AWS::IAM::Policy", MANAGED) and not key.startswith("EcrAccessCheck")
    ]
    return [one for document in documents for one in document["Statement"] if one["Action"] != TOKEN]


def listed(value: object) -> list[Any]:
    """One or many, as a list."""
    return value if isinstance(value, list) else [value]


def managed_of_grants(found: Rendered) -> dict[str, Any]:
    """The managed policies that grants brought."""
    return {
        key: one
        for key, one in found.template["Resources"].items()
        if one["Type"] == MANAGED and not key.startswith("EcrAccessCheck")
    }


@pytest.mark.parametrize("minimized", [False, True])
def test_a_level_is_one_statement_over_all_repositories(*, minimized: bool) -> None:
    """Whether or not the CDK merges statements of its own accord."""
    stack = Stack(App(context={"@aws-cdk/aws-iam:minimizePolicies": minimized}), "Stack", env=ENV)
    role = iam.Role(stack, "Role", assumed_by=CI)
    for one in repositories(stack, 5):
        one.grant_pull(role)
        one.grant_push(role)
    found = rendered(stack)
    by_level = [({*one["Action"]}, len(listed(one["Resource"]))) for one in of_grants(found)]
    # Of the same resources, it makes one statement of both levels.
    assert by_level == ([({*PULL, *PUSH}, 5)] if minimized else [({*PULL}, 5), ({*PUSH}, 5)])
    assert [one["Resource"] for one in found.identity_side if one["Action"] == TOKEN] == ["*"]


def test_an_imported_role_that_is_imported_again_gets_its_policy(stack: Stack) -> None:
    """Under the same id it is another construct: what was attached to the first went with it."""
    (repository,) = repositories(stack, 1)
    repository.grant_pull(iam.Role.from_role_arn(stack, "Imported", ROLE))
    stack.node.try_remove_child("Imported")
    repository.grant_pull(iam.Role.from_role_arn(stack, "Imported", ROLE))
    assert [{*one["Action"]} for one in of_grants(rendered(stack))] == [{*PULL}]


def test_an_imported_role_that_takes_statements_has_one_too(stack: Stack) -> None:
    """The statement by which it was found out is the one that grows."""
    role = iam.Role.from_role_arn(stack, "Role", ROLE)
    for one in repositories(stack, 3):
        one.grant_pull(role)
    (statement,) = of_grants(rendered(stack))
    assert len(statement["Resource"]) == 3


def test_the_same_grant_again_is_the_same_grant(stack: Stack, repository: AccessibleRepository) -> None:
    """Nothing is added."""
    role = iam.Role(stack, "Role", assumed_by=CI)
    first, second = (repository.grant_pull(role) for _ in range(2))
    assert first is second


@pytest.fixture(scope="module")
def pipeline() -> Rendered:
    """A role that pushes to three hundred repositories."""
    stack = Stack(App(), "Stack", env=ENV)
    role = iam.Role(stack, "Role", assumed_by=CI)
    for one in repositories(stack, 300):
        one.grant_push(role)
    return rendered(stack)


def test_what_crowds_a_roles_own_policy_goes_into_managed_ones(pipeline: Rendered) -> None:
    """Each repository is in one of them, and the CDK splits nothing by itself."""
    resources = [str(one) for statement in of_grants(pipeline) for one in listed(statement["Resource"])]
    assert len(resources) == len(set(resources)) == 300
    assert len(managed_of_grants(pipeline)) == 3
    assert not [key for key in pipeline.template["Resources"] if "Overflow" in key]


def test_each_managed_policy_is_within_iams_limit(pipeline: Rendered) -> None:
    """With the ARNs that the repositories will have."""
    arn = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/team/app-000"
    for one in managed_of_grants(pipeline).values():
        document = one["Properties"]["PolicyDocument"]
        for statement in document["Statement"]:
            statement["Resource"] = [arn for _ in statement["Resource"]]
        assert len(json.dumps(document, separators=(",", ":"))) <= 6144


def test_the_check_waits_for_all_of_them(pipeline: Rendered) -> None:
    """What it is to prove is attached by then."""
    assert managed_of_grants(pipeline).keys() <= {*pipeline.check["DependsOn"]}


def test_what_waits_for_a_grant_waits_for_its_policy(stack: Stack) -> None:
    """The managed one, if it is there."""
    role = iam.Role(stack, "Role", assumed_by=CI)
    grants = [one.grant_push(role) for one in repositories(stack, 60)]
    grants[-1].apply_before(sqs.Queue(stack, "Queue"))
    found = rendered(stack)
    (policy,) = managed_of_grants(found)
    assert policy in found.one("AWS::SQS::Queue")["DependsOn"]


@pytest.mark.parametrize(
    ("make", "attached"),
    [
        (lambda stack: iam.Role(stack, "One", assumed_by=CI), "Roles"),
        (lambda stack: iam.User(stack, "One"), "Users"),
        (lambda stack: iam.Group(stack, "One"), "Groups"),
        (lambda stack: iam.Role.from_role_name(stack, "One", "ci"), "Roles"),
        (lambda stack: iam.User.from_user_name(stack, "One", "ann"), "Users"),
        (lambda stack: iam.Group.from_group_name(stack, "One", "team"), "Groups"),
    ],
)
def test_a_managed_policy_is_attached_to_its_grantee(stack: Stack, make: Callable[[Stack], Any], attached: str) -> None:
    """A user's own policies have the least room, a group's some, a role's the most."""
    one = make(stack)
    for repository in repositories(stack, 45):
        repository.grant_pull(one)
    policies = [policy["Properties"] for policy in managed_of_grants(rendered(stack)).values()]
    assert policies
    assert all(len(policy[attached]) == 1 for policy in policies)


def test_more_than_a_role_can_hold_is_an_error_at_the_grant(stack: Stack) -> None:
    """With both ways out, and whose role it is."""
    role = iam.Role(stack, "Pipeline", assumed_by=CI)
    # Long names fill policies soon.
    many = repositories(stack, 260, name="team/" + "x" * 240 + "-{:03}")
    with pytest.raises(ValueError, match=r"^no room to grant PUSH on .* to 'Stack/Pipeline': ") as caught:
        [one.grant_push(role) for one in many]
    assert "name_prefix='team/'" in str(caught.value)
    assert "grant_push(role.role_arn)" in str(caught.value)
    many[-1].grant_push(role.role_arn)


def test_a_shared_prefix_is_one_resource(stack: Stack) -> None:
    """Each repository is still required by itself."""
    role = iam.Role(stack, "Role", assumed_by=CI)
    for one in repositories(stack, 50):
        one.grant_push(role, name_prefix="team/")
    found = rendered(stack)
    (statement,) = of_grants(found)
    assert statement["Resource"] == f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/team/*"
    assert len(found.requirements[0]["Access"]["PUSH"]) == 50


def test_a_prefix_does_not_widen_the_repository_side(repository: AccessibleRepository, stack: Stack) -> None:
    """A repository policy is about one repository."""
    repository.grant_pull(iam.ArnPrincipal(FOREIGN_ROLE), name_prefix="team/")
    assert "Resource" not in rendered(stack).repository_side[0]


@pytest.mark.parametrize(
    ("prefix", "words"),
    [
        ("", "would be every repository of the registry"),
        ("other/", "is not what the name starts with; allowed: the beginning of the repository's own name 'team/app'"),
        ("${Token[TOKEN.1]}", "the name_prefix is known at deploy time only"),
    ],
)
def test_a_prefix_is_the_beginning_of_the_name(
    stack: Stack, repository: AccessibleRepository, prefix: str, words: str
) -> None:
    """Never a guess, and never everything."""
    role = iam.Role(stack, "Role", assumed_by=CI)
    with pytest.raises(ValueError, match=words):
        repository.grant_push(role, name_prefix=prefix)
    assert rendered(stack).identity_side == []


def test_a_grant_in_another_stack_keeps_the_export_of_aws_ecr(app: App) -> None:
    """The ARN is written out; the export stays, since CloudFormation refuses to drop one that is in use."""
    images, service = Stack(app, "Images", env=ENV), Stack(app, "Service", env=ENV)
    role = iam.Role(service, "Role", assumed_by=CI)
    for one in repositories(images, 3):
        one.grant_pull(role)
    (statement,) = of_grants(rendered(service))
    assert statement["Resource"][0] == f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/team/app-000"
    assert _exports(images) == _exports_with_aws_ecr(3)
    assert [one.stack_name for one in service.dependencies] == ["Images"]


def test_exports_leave_room_among_the_outputs_of_a_stack(app: App) -> None:
    """A template has two hundred outputs, and a stack may have more repositories."""
    images, service = Stack(app, "Images", env=ENV), Stack(app, "Service", env=ENV)
    role = iam.Role(service, "Role", assumed_by=CI)
    for one in repositories(images, 151):
        one.grant_pull(role)
    assert len(_exports(images)) == 150


def _exports(stack: Stack) -> dict[str, str]:
    return {name: one["Export"]["Name"] for name, one in rendered(stack).template.get("Outputs", {}).items()}


def _exports_with_aws_ecr(count: int) -> dict[str, str]:
    app = App()
    images, service = Stack(app, "Images", env=ENV), Stack(app, "Service", env=ENV)
    role = iam.Role(service, "Role", assumed_by=CI)
    for one in repositories(Stack(App(), "Images", env=ENV), count):
        ecr.Repository(images, one.node.id).grant_pull(role)
    return _exports(images)


def test_in_its_own_stack_a_repository_is_referred_to(stack: Stack, repository: AccessibleRepository) -> None:
    """So that it is there before its users."""
    repository.grant_pull(iam.Role(stack, "Role", assumed_by=CI))
    assert "Fn::GetAtt" in of_grants(rendered(stack))[0]["Resource"]


@pytest.mark.parametrize("kind", ["agnostic", "nested"])
def test_what_cannot_be_written_out_is_referred_to(app: App, kind: str) -> None:
    """Where the account is not known, or the order of stacks is not ours to say."""
    images = Stack(app, "Images", env=None if kind == "agnostic" else ENV)
    service = NestedStack(images, "Service") if kind == "nested" else Stack(app, "Service")
    (repository,) = repositories(images, 1)
    repository.grant_pull(iam.Role(service, "Role", assumed_by=CI))
    (statement,) = of_grants(rendered(service))
    assert isinstance(statement["Resource"], dict)


def test_a_thousand_principals_and_their_check_are_within_the_limits(
    stack: Stack, repository: AccessibleRepository
) -> None:
    """Four resources and what the role's permissions take; an event that Lambda takes."""
    check = AccessCheck.of(stack)
    for n in range(1000):
        check.require_pull(iam.ArnPrincipal(f"arn:aws:iam::{ACCOUNT}:role/team-{n:04}"), repository)
    found = rendered(stack)
    policies = [one["Properties"]["PolicyDocument"] for one in found.all(MANAGED)]
    assert len(policies) == 6
    assert all(len(json.dumps(one, separators=(",", ":"))) <= 6144 for one in policies)
    assert len(json.dumps(found.check["Properties"], separators=(",", ":"))) < 100_000
