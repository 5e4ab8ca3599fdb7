"""A principal is taken apart in few calls into the CDK's process, each of a quarter of a millisecond."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App, Aws, CfnParameter, NestedStack, Stack
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_iam as iam
from jsii._kernel.providers.process import _NodeProcess

from cdk_ecr_access import AccessibleRepository
from cdk_ecr_access.principals.grantees import grantees_of
from tests.reading import ENV, FOREIGN_ROLE, OTHER, ROLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = iam.AccountRootPrincipal()


class OwnRole(iam.Role):
    """A role of a class of the app's own."""


class Renamed(iam.Role):
    """A role that a policy names in another way."""

    @property
    def policy_fragment(self) -> iam.PrincipalPolicyFragment:
        """Name a role of another account."""
        return iam.ArnPrincipal(FOREIGN_ROLE).policy_fragment


@contextmanager
def calls_counted() -> Iterator[Counter[str]]:
    """Count the calls, by what is asked."""
    found: Counter[str] = Counter()
    send = _NodeProcess.send

    def counted(self: Any, request: Any, response: Any) -> Any:
        name = getattr(request, "property", None) or getattr(request, "method", None) or type(request).__name__
        found[str(name)] += 1
        return send(self, request, response)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_NodeProcess, "send", counted)
        yield found


KINDS: list[tuple[Callable[[Stack], Any], set[str], set[str]]] = [
    (lambda _: iam.ArnPrincipal(FOREIGN_ROLE), {"arn"}, set()),
    (lambda _: iam.ArnPrincipal(f"arn:{Aws.PARTITION}:iam::{OTHER}:role/ci"), {"arn"}, set()),
    (lambda _: iam.ArnPrincipal(f"arn:aws:iam::{Aws.ACCOUNT_ID}:role/ci"), {"arn"}, set()),
    (lambda _: iam.AccountPrincipal(OTHER), {"accountId"}, set()),
    (lambda _: iam.OrganizationPrincipal("o-abc1234567"), {"organizationId"}, set()),
    (
        lambda _: iam.ServicePrincipal("codebuild.amazonaws.com"),
        {"policyFragment", "principalJson", "conditions", "resolve"},
        set(),
    ),
    (lambda stack: iam.Role.from_role_arn(stack, "I", FOREIGN_ROLE), {"roleArn"}, set()),
    (lambda stack: iam.Role.from_role_arn(stack, "I", ROLE, mutable=False), {"roleArn"}, set()),
    (lambda stack: iam.Role.from_role_name(stack, "I", "ci"), {"roleArn"}, set()),
    (lambda stack: iam.User.from_user_name(stack, "I", "ann"), {"userArn"}, set()),
    (lambda stack: iam.Group.from_group_name(stack, "I", "team"), {"groupArn"}, set()),
    (lambda stack: iam.Role(stack, "I", assumed_by=ROOT), {"roleArn", "of"}, set()),
    (lambda stack: OwnRole(stack, "I", assumed_by=ROOT), {"roleArn", "of"}, set()),
    (lambda stack: iam.LazyRole(stack, "I", assumed_by=ROOT), {"roleArn", "of"}, set()),
    (
        lambda stack: iam.Role(stack, "I", assumed_by=ROOT).without_policy_updates(),
        {"roleArn", "of", "resolve", "principalAccount"},
        {"resolve", "principalAccount"},
    ),
    (lambda stack: iam.User(stack, "I"), {"userArn", "of"}, set()),
    (lambda stack: iam.Group(stack, "I"), {"groupArn", "of"}, set()),
    (lambda stack: iam.Role(NestedStack(stack, "Nested"), "I", assumed_by=ROOT), {"roleArn", "of"}, set()),
    (
        lambda stack: codebuild.PipelineProject(stack, "I"),
        {"grantPrincipal", "roleArn", "of"},
        {"grantPrincipal", "roleArn", "of"},
    ),
    (lambda _: f"arn:{Aws.PARTITION}:iam::{OTHER}:role/ci", set(), set()),
    (lambda stack: f"arn:aws:iam::{CfnParameter(stack, 'P').value_as_string}:role/ci", {"resolve"}, {"resolve"}),
]  # fmt: skip


@pytest.mark.parametrize(("make", "first", "again"), KINDS)
def test_each_kind_of_principal_is_asked_little_and_once(
    stack: Stack, make: Callable[[Stack], Any], first: set[str], again: set[str]
) -> None:
    """What its class tells is not asked, and what was asked is not asked again."""
    principal = make(stack)
    # Asked once a stack, whatever is granted.
    grantees_of(iam.Role(stack, "Before", assumed_by=ROOT), scope=stack)
    if isinstance(principal, iam.Role):
        grantees_of(iam.Role(Stack.of(principal), "Beside", assumed_by=ROOT), scope=stack)
    for expected in (first, again):
        with calls_counted() as calls:
            grantees_of(principal, scope=stack)
        assert calls == Counter(expected)


def test_a_second_grant_to_an_imported_role_asks_nothing_of_the_role(stack: Stack) -> None:
    """Neither what it is, nor where."""
    role = iam.Role.from_role_arn(stack, "Imported", FOREIGN_ROLE)
    repositories = [AccessibleRepository(stack, f"R{n}", repository_name=f"team/{n}") for n in range(2)]
    repositories[0].grant_pull(role)
    with calls_counted() as calls:
        repositories[1].grant_pull(role)
    assert not {*calls} - {"addStatementToResourcePolicy", "fromJson"}


def test_a_class_that_names_itself_otherwise_is_asked(app: App) -> None:
    """What the CDK's class would tell does not hold of one that extends it."""
    stack = Stack(app, "Other", env=ENV)
    (one,) = grantees_of(Renamed(stack, "Role", assumed_by=ROOT), scope=stack)
    assert (one.name, one.account) == (FOREIGN_ROLE, OTHER)
