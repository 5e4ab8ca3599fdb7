"""A permissions boundary limits what policies allow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cdk_ecr_access.testing import assert_can_pull, assert_cannot_pull, assert_cannot_push, assert_has_token
from tests.cdk_ecr_access.testing.documents import PULLS, PUSHES, allow, deny, repository, role, template, trust
from tests.reading import PULL, TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable

OWN = {"Fn::GetAtt": ["Ci", "Arn"]}
ELSEWHERE = "arn:aws:iam::111122223333:policy/of-another-app"


def bounded(*statements: dict[str, Any], trusted: dict[str, Any] | None = None, **properties: object) -> dict[str, Any]:
    """A role that may pull by its policies, and a boundary of these statements."""
    boundary = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": {"Statement": [*statements]}}}
    limits = {"PermissionsBoundary": {"Ref": "Boundary"}, **properties}
    given = template(role(*PULLS, **limits), repository(*([trusted] if trusted else [])))
    return {"Resources": {**given["Resources"], "Boundary": boundary}}


@pytest.mark.parametrize(
    "statement", [allow("ecr:*", "*"), allow("*", "*"), allow([*PULL, TOKEN], "*")], ids=["ecr", "all", "each"]
)
def test_what_the_boundary_allows_too_is_allowed(statement: dict[str, Any]) -> None:
    """Both have to."""
    assert_can_pull(bounded(statement), "Ci", "Web")


@pytest.mark.parametrize(
    "statements",
    [[allow("s3:*", "*")], [allow("*", "*"), deny("ecr:BatchGetImage", "*")]],
    ids=["other actions", "a denial"],
)
def test_what_the_boundary_does_not_allow_is_not(statements: list[dict[str, Any]]) -> None:
    """Whatever the role's own policies say."""
    assert_cannot_pull(bounded(*statements), "Ci", "Web")


def test_the_boundary_limits_the_token_as_well() -> None:
    """The message says which of the two it is."""
    with pytest.raises(AssertionError, match="its permissions boundary does not allow ecr:GetAuthorizationToken"):
        assert_has_token(bounded(allow(PULL, "*")), "Ci")


def test_a_boundary_and_a_trusting_repository_are_left_open() -> None:
    """A role that is named by its ARN is limited by its boundary; a session that is named is not, if it calls."""
    session = {"Fn::Sub": "arn:${AWS::Partition}:sts::${AWS::AccountId}:assumed-role/ci/one"}
    given = bounded(allow(TOKEN, "*"), trusted=trust(PULL, {"AWS": session}))
    for check in (assert_can_pull, assert_cannot_pull):
        with pytest.raises(AssertionError):
            check(given, "Ci", "Web")
    assert_cannot_pull(bounded(allow(TOKEN, "*"), trusted=trust(PULL, {"AWS": OWN})), "Ci", "Web")


def test_a_boundary_of_another_app_is_not_looked_at() -> None:
    """As little as the policies of an organization: an account that bounds every role could assert nothing."""
    assert_can_pull(bounded(PermissionsBoundary=ELSEWHERE), "Ci", "Web")


def either(one: object, other: object) -> dict[str, Any]:
    """One of two, by a condition of the template."""
    return {"Fn::If": ["IsLive", one, other]}


@pytest.mark.parametrize(
    "given",
    [
        bounded(either(allow("*", "*"), {"Ref": "AWS::NoValue"})),
        bounded(allow("s3:*", "*"), PermissionsBoundary=either({"Ref": "Boundary"}, {"Ref": "AWS::NoValue"})),
    ],
    ids=["a statement", "the boundary"],
)
def test_a_boundary_that_the_deployment_chooses_is_left_open(given: dict[str, Any]) -> None:
    """The message says that it may limit, not that it does."""
    with pytest.raises(AssertionError, match="its permissions boundary may not allow ecr:GetAuthorizationToken"):
        assert_can_pull(given, "Ci", "Web")
    with pytest.raises(AssertionError):
        assert_cannot_pull(given, "Ci", "Web")


@pytest.mark.parametrize(
    ("name", "check"),
    [
        ("AmazonEC2ContainerRegistryReadOnly", assert_can_pull),
        ("AmazonEC2ContainerRegistryReadOnly", assert_cannot_push),
        ("service-role/AWSLambdaBasicExecutionRole", assert_cannot_pull),
    ],
)
def test_a_boundary_of_aws_limits_as_far_as_it_is_known(name: str, check: Callable[..., None]) -> None:
    """By the same list as policies of AWS that are attached."""
    given = template(role(*PULLS, *PUSHES, PermissionsBoundary=f"arn:aws:iam::aws:policy/{name}"))
    check(given, "Ci", "Web")
