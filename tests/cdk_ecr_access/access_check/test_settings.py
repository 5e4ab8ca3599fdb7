"""How strict a check is, and what it tells other resources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App, CfnOutput, Stack
from aws_cdk import aws_iam as iam

from cdk_ecr_access import AccessCheck, AccessibleRepository
from tests.reading import OTHER, rendered

if TYPE_CHECKING:
    from collections.abc import Callable

_FLAGS = pytest.mark.parametrize(
    ("name", "key", "rendered_as"),
    [
        ("allow_undetermined", "cdk-ecr-access:allow-undetermined", "AllowUndetermined"),
        ("report_only", "cdk-ecr-access:report-only", "ReportOnly"),
        ("log_allowed", "cdk-ecr-access:log-allowed", "LogAllowed"),
    ],
)


def _properties(context: dict[str, object] | None = None, /, **given: Any) -> dict[str, Any]:
    stack = Stack(App(context=context), "Stack")
    AccessCheck(stack, **given)
    properties: dict[str, Any] = rendered(stack).check["Properties"]
    return properties


@_FLAGS
def test_a_check_is_strict(name: str, key: str, rendered_as: str) -> None:
    """Unless an argument or the context says otherwise."""
    assert rendered_as not in _properties()
    assert rendered_as not in _properties({key: True}, **{name: False})


@_FLAGS
@pytest.mark.parametrize("value", [True, "true", "True"])
def test_a_check_is_as_lenient_as_told(name: str, key: str, rendered_as: str, value: object) -> None:
    """By its parameter, or by the context, which the command line writes as text."""
    assert _properties(**{name: True})[rendered_as] == "true"
    assert _properties({key: value})[rendered_as] == "true"


@_FLAGS
def test_a_flag_that_is_none_is_refused_before_anything_is_built(name: str, key: str, rendered_as: str) -> None:
    """A typo must not make a check lenient, nor strict."""
    stack = Stack(App(context={key: "yes"}), "Stack")
    with pytest.raises(ValueError, match=rf"^the context '{key}' is 'yes'; allowed: true or false .ECR-ACCESS-306.$"):
        AccessCheck.of(stack)
    assert stack.node.children == []
    assert rendered_as not in _properties(**{name: False})


def test_a_setting_for_images_that_is_no_flag_is_refused_with_the_others() -> None:
    """All at once; it does not travel to the check, which is given the images."""
    stack = Stack(App(context={"cdk-ecr-access:images": "all", "cdk-ecr-access:report-only": "yes"}), "Stack")
    with pytest.raises(
        ValueError, match=r"report-only' is 'yes'.*; the context 'cdk-ecr-access:images' is 'all'; "
    ) as told:
        AccessCheck.of(stack)
    assert str(told.value).endswith("allowed: true or false [ECR-ACCESS-306]")
    assert stack.node.children == []
    assert "Images" not in _properties({"cdk-ecr-access:images": "true"})


@pytest.mark.parametrize("name", ["allow_undetermined", "report_only", "log_allowed", "images"])
@pytest.mark.parametrize("value", ["false", "x", 5, [1]])
def test_a_parameter_that_is_no_flag_is_refused(name: str, value: object) -> None:
    """A text would count as true, and make the check lenient in silence."""
    stack = Stack(App(), "Stack")
    given: dict[str, Any] = {name: value}
    with pytest.raises(
        ValueError, match=rf"^argument {name} is .*; allowed: True or False, without quotes .ECR-ACCESS-101.$"
    ):
        AccessCheck(stack, **given)
    assert stack.node.children == []


@_FLAGS
def test_a_check_that_becomes_strict_runs_again(name: str, key: str, rendered_as: str) -> None:
    """What it let pass before was not proved."""
    assert _properties(**{name: True})["Digest"] != _properties({key: "false"})["Digest"]
    assert rendered_as in _properties(**{name: True})


@pytest.mark.parametrize(
    ("read", "attribute"),
    [
        (lambda check: check.verified, "Verified"),
        (lambda check: check.allowed_count, "Allowed"),
        (lambda check: check.denied_count, "Denied"),
        (lambda check: check.undetermined_count, "Undetermined"),
        (lambda check: check.not_verifiable_count, "NotVerifiable"),
        (lambda check: check.token_endpoint, "TokenEndpoint"),
    ],
)
def test_what_was_found_can_be_an_output(stack: Stack, read: Callable[[AccessCheck], str], attribute: str) -> None:
    """An attribute of the custom resource."""
    CfnOutput(stack, "Found", value=read(AccessCheck.of(stack)))
    found = rendered(stack)
    assert found.template["Outputs"]["Found"]["Value"] == {
        "Fn::GetAtt": [found.id("Custom::EcrAccessCheck"), attribute]
    }


def test_a_grant_under_a_condition_tells_the_check_that_it_is_meant(stack: Stack) -> None:
    """Its statement is compared with the live one, so that the condition in it is no doubt."""
    repository = AccessibleRepository(stack, "Repository", repository_name="team/app")
    tagged = {"StringEquals": {"aws:PrincipalTag/team": "web"}}
    repository.grant_pull(iam.AccountPrincipal(OTHER).with_conditions(tagged))
    (declared,) = rendered(stack).check["Properties"]["Declared"]
    assert [one["Condition"] for one in declared["Statements"]] == [tagged]


def test_a_grant_without_one_is_not_compared(stack: Stack) -> None:
    """Access itself proves its statement."""
    AccessibleRepository(stack, "Repository", repository_name="team/app").grant_pull(iam.AccountPrincipal(OTHER))
    assert "Declared" not in rendered(stack).check["Properties"]


def test_a_setting_that_does_not_exist_is_refused_before_anything_is_built() -> None:
    """A typo would change nothing, without a sign of it."""
    stack = Stack(App(context={"cdk-ecr-access:allow-undetermind": "true", "cdk-ecr-access:report": "true"}), "Stack")
    with pytest.raises(ValueError, match=r"^the context .* is not known; allowed: ") as caught:
        AccessCheck.of(stack)
    assert all(f"'cdk-ecr-access:{one}'" in str(caught.value) for one in ("allow-undetermind", "report"))
    assert stack.node.children == []
