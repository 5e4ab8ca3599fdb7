"""The access check: one a stack, made on first use, and told of everything until synthesis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jsii
import pytest
from aws_cdk import App, AspectPriority, Aspects, CfnParameter, Duration, IAspect, Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Template
from constructs import Construct, IConstruct

from cdk_ecr_access import AccessCheck, AccessibleRepository
from cdk_ecr_access.access_check.propagation import CONTEXT_PROPAGATION
from cdk_ecr_access.testing import snapshot_of
from tests.reading import ENV, OTHER, ROLE, Rendered, built, rendered

if TYPE_CHECKING:
    from collections.abc import Callable

    from syrupy.assertion import SnapshotAssertion

CI = iam.AccountRootPrincipal()


def pulled(stack: Stack, repository: AccessibleRepository) -> iam.Role:
    """Grant a role of the stack."""
    role = iam.Role(stack, "Role", assumed_by=CI)
    repository.grant_pull(role)
    return role


def types(found: Rendered) -> list[str]:
    """The types of all resources that the check brings."""
    return sorted(one["Type"] for key, one in found.template["Resources"].items() if key.startswith("EcrAccessCheck"))


def test_of_makes_one_check_and_finds_it_again(stack: Stack) -> None:
    """From anywhere in the stack it is the same."""
    check = AccessCheck.of(Construct(stack, "Deep"))
    assert AccessCheck.of(stack) is check
    assert AccessCheck.of(check) is check
    assert check.node.path == "Stack/EcrAccessCheck"


def test_of_finds_the_explicit_form(stack: Stack) -> None:
    """A check with properties of its own is the stack's."""
    check = AccessCheck(stack, propagation=Duration.seconds(5))
    assert AccessCheck.of(stack) is check


@pytest.mark.parametrize("again", [AccessCheck, AccessCheck.of], ids=["made", "asked for"])
def test_a_check_that_is_made_again_gets_the_grants_that_follow(
    stack: Stack, repository: AccessibleRepository, again: Callable[[Stack], AccessCheck]
) -> None:
    """One that was removed from the tree renders nothing."""
    pulled(stack, repository)
    stack.node.try_remove_child("EcrAccessCheck")
    check = again(stack)
    repository.grant_push(iam.Role(stack, "Pusher", assumed_by=CI))
    assert repository.access_check is check
    assert [[*one["Access"]] for one in rendered(stack).requirements] == [["PUSH"]]


def test_a_check_that_was_removed_stays_away(stack: Stack, repository: AccessibleRepository) -> None:
    """Whatever is granted afterwards: an app that wants none in a stack does not have to remove it last."""
    pulled(stack, repository)
    stack.node.try_remove_child("EcrAccessCheck")
    repository.grant_push(iam.Role(stack, "Pusher", assumed_by=CI))
    assert not types(rendered(stack))


def test_policy_outputs_that_were_removed_stay_away(stack: Stack, repository: AccessibleRepository) -> None:
    """As the check does."""
    repository.grant_pull(iam.AccountPrincipal(OTHER))
    stack.node.try_remove_child("EcrPolicyOutputs")
    repository.grant_push(iam.AccountPrincipal(OTHER))
    assert not rendered(stack).template.get("Outputs")


def test_settings_after_the_first_grant_are_refused(stack: Stack, repository: AccessibleRepository) -> None:
    """The grant made the check, with the defaults, and a second one would be none of the stack's."""
    pulled(stack, repository)
    check = AccessCheck.of(stack)
    with pytest.raises(ValueError, match=r"^the access check of stack 'Stack' is there already, .* before the first"):
        AccessCheck(stack, report_only=True)
    assert AccessCheck.of(stack) is check


@pytest.mark.parametrize("scope", ["stack", "deeper"])
def test_a_check_is_a_direct_child_of_its_stack(stack: Stack, scope: str) -> None:
    """Under another id or scope it would not be found, and a second would be made."""
    where, id_ = (stack, "Other") if scope == "stack" else (Construct(stack, "Deep"), "EcrAccessCheck")
    with pytest.raises(
        ValueError,
        match=r"^AccessCheck must be a direct child of a stack with id 'EcrAccessCheck', got scope '.*' and id ",
    ):
        AccessCheck(where, id_)
    assert where.node.children == []


@pytest.mark.parametrize("count", [0, 1, 5])
def test_the_check_is_four_resources_however_many_repositories(stack: Stack, count: int) -> None:
    """A function, its role, its log group and one custom resource."""
    check = AccessCheck.of(stack)
    for number in range(count):
        repository = AccessibleRepository(stack, f"Repository{number}", repository_name=f"team/app{number}")
        for level in (repository.grant_pull, repository.grant_push):
            level(iam.Role.from_role_name(stack, f"{level.__name__}{number}", f"ci{number}"))
        assert repository.access_check is check
    found = rendered(stack)
    assert types(found) == [
        "AWS::IAM::Role",
        "AWS::Lambda::Function",
        "AWS::Logs::LogGroup",
        "Custom::EcrAccessCheck",
    ]
    assert len(found.requirements) == count


def test_a_grant_made_after_the_check_counts(stack: Stack, repository: AccessibleRepository) -> None:
    """Requirements are gathered until synthesis."""
    AccessCheck.of(stack)
    pulled(stack, repository)
    assert len(rendered(stack).requirements) == 1


def test_a_grant_made_after_synthesis_is_refused(stack: Stack, repository: AccessibleRepository) -> None:
    """It would go unchecked."""
    pulled(stack, repository)
    Template.from_stack(stack)
    with pytest.raises(RuntimeError, match=rf"^'Stack/EcrAccessCheck' is rendered and would not check .* '{ROLE}' to "):
        repository.grant_pull(iam.ArnPrincipal(ROLE))


def test_what_would_not_be_checked_is_named_by_path_and_name() -> None:
    """Where account and Region are unknown, ARNs are tokens, whose inner names a user has not written."""
    stack = Stack(App(), "Agnostic")
    repository = AccessibleRepository(stack, "Repository", repository_name="team/app")
    role, other = (iam.Role(stack, name, assumed_by=iam.AccountRootPrincipal()) for name in ("Role", "Other"))
    repository.grant_pull(role)
    check = AccessCheck.of(stack)
    Template.from_stack(stack)
    of_access = "the access of 'Agnostic/Other' to repository 'Agnostic/Repository'; grant before synthesis"
    with pytest.raises(
        RuntimeError, match=f" would not check {of_access}, in an aspect at the latest .ECR-ACCESS-304.$"
    ):
        check.require_pull(other, repository)
    with pytest.raises(RuntimeError, match=" would not check a token of 'Agnostic/Other'; grant before synthesis"):
        check.require_token(other)


def test_a_grant_repeated_after_synthesis_is_harmless(stack: Stack, repository: AccessibleRepository) -> None:
    """It is checked already."""
    role = pulled(stack, repository)
    Template.from_stack(stack)
    assert repository.grant_pull(role).success


@jsii.implements(IAspect)
class Granting:
    """Grants every role that it visits, and denies it something."""

    def __init__(self, repository: AccessibleRepository) -> None:
        """Remember the repository."""
        self._repository = repository

    def visit(self, node: IConstruct) -> None:
        """Grant a role."""
        if isinstance(node, iam.Role) and node.node.path == "Stack/Role":
            self._repository.grant_pull(node)


@pytest.mark.parametrize("stabilized", [False, True])
@pytest.mark.parametrize("check", ["before", "after", "by the grant"])
@pytest.mark.parametrize("priority", [None, AspectPriority.MUTATING, AspectPriority.READONLY])
def test_a_grant_made_in_an_aspect_counts(priority: int | None, check: str, *, stabilized: bool) -> None:
    """Wherever the role stands in the tree, in either way that the CDK walks it."""
    stack = Stack(App(context={"@aws-cdk/core:aspectStabilization": stabilized}), "Stack", env=ENV)
    repository = AccessibleRepository(stack, "Repository", repository_name="team/app")
    if check == "before":
        AccessCheck.of(stack)
    iam.Role(stack, "Role", assumed_by=CI)
    if check == "after":
        AccessCheck.of(stack)
    Aspects.of(stack).add(Granting(repository), priority=priority)
    found = rendered(stack)
    assert [one["Token"] for one in found.requirements] == [True]
    assert found.check["DependsOn"] == [found.id("AWS::IAM::Policy")]
    assert "iam:SimulatePrincipalPolicy" in [one["Action"] for one in found.checks_own]


def test_the_check_waits_for_the_policies_of_its_principals_alone() -> None:
    """A principal that is not checked is not waited for."""

    def build(stack: Stack, repository: AccessibleRepository) -> None:
        role, user = pulled(stack, repository), iam.User(stack, "User", groups=[iam.Group(stack, "Group")])
        repository.grant_pull(user)
        repository.grant_pull(iam.Role.from_role_arn(stack, "Imported", ROLE))
        statement = iam.PolicyStatement(actions=["s3:ListBucket"], resources=["*"])
        iam.Policy(stack, "Attached", roles=[role], statements=[statement])
        iam.ManagedPolicy(stack, "Managed", roles=[role], statements=[statement])
        iam.Policy(stack, "OfGroup", groups=[iam.Group.from_group_name(stack, "None", "none")], statements=[statement])
        user.add_to_group(team := iam.Group(stack, "Team"))
        team.add_to_policy(statement)
        iam.Role(stack, "Other", assumed_by=CI).add_to_policy(statement)

    waited = {one.rstrip("0123456789ABCDEF") for one in built(build).check["DependsOn"]}
    assert waited == {
        "RoleDefaultPolicy",
        "UserDefaultPolicy",
        "ImportedPolicy",
        "Attached",
        "Managed",
        "TeamDefaultPolicy",
    }


def test_a_policy_of_a_role_under_conditions_is_waited_for(stack: Stack, repository: AccessibleRepository) -> None:
    """Its token comes from there."""
    role = iam.Role(stack, "Role", assumed_by=CI)
    ecr.AuthorizationToken.grant_read(role)
    repository.grant_pull(iam.PrincipalWithConditions(role, {"Bool": {"aws:SecureTransport": "true"}}))
    found = rendered(stack)
    assert found.check["DependsOn"] == [found.id("AWS::IAM::Policy")]


def test_others_can_wait_for_the_check(stack: Stack, repository: AccessibleRepository) -> None:
    """A service starts when its access is proved."""
    pulled(stack, repository)
    later = iam.CfnServiceLinkedRole(stack, "Service", aws_service_name="ecs.amazonaws.com")
    later.node.add_dependency(AccessCheck.of(stack))
    found = rendered(stack)
    waits = found.one("AWS::IAM::ServiceLinkedRole")["DependsOn"]
    assert found.id("Custom::EcrAccessCheck") in waits


@pytest.mark.parametrize(
    ("context", "explicit", "seconds"),
    [
        (None, None, "60"),
        (5, None, "5"),
        ("0", None, "0"),
        (5, Duration.minutes(2), "120"),
        (None, Duration.seconds(0), "0"),
    ],
)
def test_how_long_a_denial_is_doubted(context: object, explicit: Duration | None, seconds: str) -> None:
    """The property first, then the context, then a minute."""
    stack = Stack(App(context=None if context is None else {CONTEXT_PROPAGATION: context}), "Stack")
    AccessCheck(stack, propagation=explicit)
    assert rendered(stack).check["Properties"]["PropagationSeconds"] == seconds


@pytest.mark.parametrize("wrong", ["soon", -1, 1.5, 241, "nan", "inf"])
def test_a_doubt_without_measure_is_refused_before_anything_is_built(wrong: object) -> None:
    """The function needs time to answer."""
    stack = Stack(App(context={CONTEXT_PROPAGATION: wrong}), "Stack")
    with pytest.raises(
        ValueError, match=rf"^propagation is '{wrong}' seconds; allowed: .* '{CONTEXT_PROPAGATION}' .ECR-ACCESS-306.$"
    ):
        AccessCheck.of(stack)
    assert stack.node.children == []


def test_a_doubt_that_only_deployment_knows_is_refused(stack: Stack) -> None:
    """In any unit; the number that stands for it in Python is none that a user has given."""
    number = CfnParameter(stack, "Number", type="Number").value_as_number
    for unknown in (Duration.seconds(number), Duration.minutes(number)):
        with pytest.raises(
            ValueError, match=r"^propagation is known only at deployment; allowed: a whole number from 0"
        ):
            AccessCheck(stack, propagation=unknown)


def test_the_log_group_can_be_handed_on(stack: Stack) -> None:
    """Where each finding is a line."""
    check = AccessCheck.of(stack)
    group = stack.resolve(check.log_group.log_group_name)
    assert group == {"Ref": rendered(stack).id("AWS::Logs::LogGroup")}


def test_minimal(stack: Stack, template_snapshot: SnapshotAssertion) -> None:
    """The template of as little as possible."""
    AccessCheck.of(stack)
    assert snapshot_of(stack) == template_snapshot


def test_full(stack: Stack, template_snapshot: SnapshotAssertion) -> None:
    """The template of everything on."""
    check = AccessCheck(stack, propagation=Duration.seconds(60))
    theirs = ecr.Repository.from_repository_name(stack, "Theirs", "base")
    ours = AccessibleRepository(stack, "Repository", repository_name="team/app")
    check.require_token(iam.ArnPrincipal(ROLE))
    check.require_pull(iam.AccountPrincipal(OTHER), ours)
    check.require_push(iam.Role.from_role_name(stack, "Role", "ci"), theirs)
    ours.grant_read(iam.User(stack, "User"))
    assert snapshot_of(stack) == template_snapshot
