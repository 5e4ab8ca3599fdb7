"""A role that exists already has the policies that the app attaches by its name, and perhaps others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App, CfnParameter, Environment, Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Template

from cdk_ecr_access import AccessibleRepository
from cdk_ecr_access.testing import (
    assert_can_pull,
    assert_can_push,
    assert_cannot_pull,
    assert_cannot_push,
    assert_has_token,
)
from tests.reading import ENV, OTHER, PULL

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = f"arn:aws:iam::{ENV.account}"


def is_open(given: Any, role: object, repository: object) -> bool:
    """Whether the template does not tell if the role can push."""
    for check in (assert_can_push, assert_cannot_push):
        with pytest.raises(AssertionError, match=r"not all policies of \w+ \S+ are known"):
            check(given, role, repository)
    return True


@pytest.mark.parametrize(
    "imported",
    [
        lambda stack: iam.Role.from_role_name(stack, "Ci", "ci"),
        lambda stack: iam.Role.from_role_arn(stack, "Ci", f"{HERE}:role/path/ci"),
        lambda stack: iam.Role.from_role_name(stack, "Ci", CfnParameter(stack, "Name").value_as_string),
        lambda stack: iam.User.from_user_name(stack, "Ci", "ci"),
        lambda stack: iam.Group.from_group_name(stack, "Ci", "ci"),
    ],
    ids=["name", "arn", "parameter", "user", "group"],
)
@pytest.mark.parametrize("env", [None, ENV], ids=["anywhere", "here"])
@pytest.mark.parametrize("form", ["app", "stack", "template"])
def test_what_the_app_grants_it_has(imported: Callable[[Stack], Any], env: Environment | None, form: str) -> None:
    """And of what the app does not grant nothing is said."""
    stack = Stack(app := App(), "Stack", env=env)
    role = imported(stack)
    web, api = (ecr.Repository(stack, one, repository_name=f"team/{one.lower()}") for one in ("Web", "Api"))
    web.grant_pull(role)
    given: Any = Template.from_stack(stack) if form == "template" else {"app": app, "stack": stack}[form]
    assert_can_pull(given, role, web)
    assert_has_token(given, role)
    assert is_open(given, role, web)
    assert is_open(given, role, api)


def test_what_is_denied_it_lacks() -> None:
    """By a policy that is attached in another stack, where it is imported again."""
    app = App()
    images, services = (Stack(app, one, env=ENV) for one in ("Images", "Services"))
    web = AccessibleRepository(images, "Web", repository_name="team/web")
    roles = [iam.Role.from_role_name(one, "Ci", "ci") for one in (images, services)]
    web.grant_push(roles[0])
    roles[1].add_to_principal_policy(iam.PolicyStatement(actions=["ecr:Put*"], resources=["*"], effect=iam.Effect.DENY))
    for role in roles:
        assert_cannot_push(app, role, web)
        assert_has_token(app, role)
    assert_can_push(images, roles[0], web)


def test_a_trusted_principal_may_pull_once_it_has_a_token() -> None:
    """A role whose policies the app does not touch: the token is what is left open."""
    stack = Stack(App(), "Stack", env=ENV)
    web = ecr.Repository(stack, "Web")
    role = iam.Role.from_role_arn(stack, "Ci", f"{HERE}:role/path/ci", mutable=False)
    web.add_to_resource_policy(iam.PolicyStatement(actions=PULL, principals=[iam.ArnPrincipal(role.role_arn)]))
    with pytest.raises(AssertionError, match=r"\n  not known before the deployment on \*: ecr:GetAuthorizationToken\n"):
        assert_can_pull(stack, role, web)
    with pytest.raises(AssertionError, match=r"^role ci can pull from"):
        assert_cannot_pull(stack, role, web)


def test_of_a_role_of_another_account_nothing_is_known() -> None:
    """The CDK attaches nothing to it."""
    stack = Stack(App(), "Stack", env=ENV)
    web = AccessibleRepository(stack, "Web", repository_name="team/web")
    role = iam.Role.from_role_arn(stack, "Ci", f"arn:aws:iam::{OTHER}:role/ci")
    with pytest.raises(ValueError, match="'Stack/Ci' is declared in none of the templates, so that nothing is known"):
        assert_can_pull(stack, role, web)
