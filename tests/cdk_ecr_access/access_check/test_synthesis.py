"""What checks read of the construct trees: once a synthesis, and again in the next one."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import jsii
import pytest
from aws_cdk import App, Aspects, CfnOutput, Environment, IAspect, NestedStack, Stack, Stage, Token
from aws_cdk import aws_iam as iam

from cdk_ecr_access import AccessCheck, AccessibleRepository
from cdk_ecr_access.access_check import stack_contents
from cdk_ecr_access.cdk import lazy_values
from cdk_ecr_access.cdk.l1 import resources_in
from tests.reading import ACCOUNT, ENV, rendered

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_cdk import CfnResource
    from constructs import Construct, IConstruct

CI = iam.AccountRootPrincipal()
DENY = iam.PolicyStatement(effect=iam.Effect.DENY, actions=["ecr:GetAuthorizationToken"], resources=["*"])


@jsii.implements(IAspect)
class When:
    """Does something at each visit of one construct."""

    def __init__(self, path: str, do: Callable[[], object]) -> None:
        self._path = path
        self._do = do

    def visit(self, node: IConstruct) -> None:
        """Do it."""
        if node.node.path == self._path:
            self._do()


def one_role(scope: Construct | None = None) -> tuple[Stack, iam.Role]:
    """Declare a stack with a repository and a role that may pull."""
    stack = Stack(scope or App(), "Stack", env=ENV)
    role = iam.Role(stack, "Role", assumed_by=CI)
    AccessibleRepository(stack, "Repository", repository_name="team/app").grant_pull(role)
    return stack, role


def mesh(app: App, size: int) -> list[Stack]:
    """Declare stacks of repositories, and as many whose role pulls from each of them."""
    images = [Stack(app, f"Images{number}", env=ENV) for number in range(size)]
    repositories = [AccessibleRepository(one, "Repository", repository_name=one.node.id.lower()) for one in images]
    services = [Stack(app, f"Service{number}", env=ENV) for number in range(size)]
    for service in services:
        role = iam.Role(service, "Role", assumed_by=CI)
        for repository in repositories:
            repository.grant_pull(role)
    return [*images, *services]


def digest(stack: Stack) -> str:
    """Synthesize the app unless it is synthesized, and read the digest of a stack's check."""
    return str(rendered(stack).check["Properties"]["Digest"])


@pytest.fixture(name="trees_read")
def _trees_read(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count how often each tree is read, by the path of its root."""
    found: Counter[str] = Counter()

    def counted(scope: IConstruct, *types: str) -> list[CfnResource]:
        found[scope.node.path] += 1
        return resources_in(scope, *types)

    monkeypatch.setattr(stack_contents, "resources_in", counted)
    return found


@pytest.fixture(name="properties_read")
def _properties_read(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count the crossings for what a policy resource holds."""
    found: Counter[str] = Counter()
    original = jsii.get

    def counted(obj: Any, name: str) -> Any:
        found[name] += isinstance(obj, iam.CfnPolicy)
        return original(obj, name)

    monkeypatch.setattr(jsii, "get", counted)
    return found


def test_each_tree_is_read_once_a_synthesis(trees_read: Counter[str]) -> None:
    """Whatever the number of checks that rest on it: four here, of each stack of repositories."""
    app = App()
    stacks = mesh(app, 4)
    app.synth()
    assert {one.node.path: trees_read[one.node.path] for one in stacks if trees_read[one.node.path] != 1} == {}
    app.synth(force=True)
    assert {trees_read[one.node.path] for one in stacks} == {2}


def test_a_policy_is_read_in_one_crossing(properties_read: Counter[str]) -> None:
    """Its document, and the roles, users and groups that it is attached to."""
    stack, role = one_role()
    for number in range(3):
        iam.Policy(stack, f"Policy{number}", roles=[role], statements=[DENY])
    rendered(stack)
    read = {name: times for name, times in properties_read.items() if times and name != "node"}
    assert read == {"cfnProperties": 4}


def test_an_unchanged_app_has_the_same_digest_again() -> None:
    """References between stacks have been made by then."""
    app = App()
    service = mesh(app, 2)[-1]
    before = digest(service)
    app.synth(force=True)
    assert digest(service) == before


def test_a_policy_added_after_a_synthesis_changes_the_digest_of_the_next() -> None:
    """It is the one that an app has which declares the policy at once, and the check waits for the policy."""
    app = App()
    stack, role = one_role(app)
    before = digest(stack)
    iam.Policy(stack, "Deny", roles=[role], statements=[DENY])
    app.synth(force=True)
    fresh, same = one_role()
    iam.Policy(fresh, "Deny", roles=[same], statements=[DENY])
    assert before != digest(stack) == digest(fresh)
    assert rendered(stack).check["DependsOn"] == rendered(fresh).check["DependsOn"]


def test_a_boundary_set_after_a_synthesis_changes_the_digest_of_the_next() -> None:
    """What a principal has of its own is read again, too."""
    app = App()
    stack, role = one_role(app)
    before = digest(stack)
    leaf: Any = role.node.default_child
    leaf.permissions_boundary = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    app.synth(force=True)
    assert digest(stack) != before


@pytest.mark.parametrize("token", [False, True], ids=["at validation", "before it"])
def test_a_synthesis_that_failed_leaves_nothing_for_the_next(*, token: bool) -> None:
    """What was wrong is put right, and policies change with it."""
    app = App()
    stack, role = one_role(app)
    wrong: list[str] = ["wrong"]

    def fail() -> str:
        if token and wrong:
            raise ValueError(wrong[0])
        return "right"

    CfnOutput(stack, "Output", value=Token.as_string(lazy_values.value(fail)))
    stack.node.add_validation(lazy_values.Validation(lambda: [*wrong]))
    with pytest.raises(RuntimeError, match="wrong"):
        app.synth()
    wrong.clear()
    role.add_to_policy(DENY)
    fresh, same = one_role()
    same.add_to_policy(DENY)
    assert digest(stack) == digest(fresh)


def test_a_policy_of_a_late_aspect_changes_the_digest() -> None:
    """Also one that comes after something has asked for the digest, as a rule in an aspect does."""
    plain = digest(one_role()[0])
    stack, role = one_role()
    resource: Any = AccessCheck.of(stack).node.find_child("Resource").node.default_child
    last = f"{stack.node.path}/{AccessCheck.of(stack).node.id}/Resource/Default"
    early: list[Any] = []
    Aspects.of(stack).add(When("Stack", lambda: early.append(stack.resolve(jsii.get(resource, "cfnProperties")))))
    Aspects.of(stack).add(When(last, lambda: iam.Policy(role, "Deny", roles=[role], statements=[DENY])))
    late = digest(stack)
    assert early[0]["Digest"] == plain != late


def test_a_policy_in_a_nested_stack_changes_the_digest() -> None:
    """The tree of a stack has those that are nested in it."""
    before = digest(one_role()[0])
    stack, role = one_role()
    iam.Policy(NestedStack(stack, "Nested"), "Deny", roles=[role], statements=[DENY])
    assert digest(stack) != before


def test_a_check_of_a_later_stage_reads_what_an_aspect_of_that_adds() -> None:
    """An earlier stage's check has read the tree by then, before the later stage's aspects."""

    def found(*, denied: bool) -> str:
        app = App()
        first, second = Stage(app, "First", env=ENV), Stage(app, "Second")
        stack, _ = one_role(second)
        elsewhere = Stack(second, "Elsewhere", env=Environment(account=ACCOUNT, region="us-east-1"))
        named = iam.Role(elsewhere, "Role", role_name="ci", assumed_by=CI)
        images = AccessibleRepository(Stack(first, "Images"), "Repository", repository_name="team/other")
        AccessCheck.of(images).require_pull(named, images)
        AccessCheck.of(stack).require_token(named)
        if denied:
            deny = When(elsewhere.node.path, lambda: named.add_to_policy(DENY))
            Aspects.of(elsewhere).add(deny)
        return digest(stack)

    assert found(denied=False) == found(denied=False) != found(denied=True)


def test_apps_of_one_process_are_read_each_by_itself(trees_read: Counter[str]) -> None:
    """Their stacks have the same paths."""
    digests = {digest(one_role()[0]) for _ in range(3)}
    assert len(digests) == 1
    assert trees_read["Stack"] == 3
