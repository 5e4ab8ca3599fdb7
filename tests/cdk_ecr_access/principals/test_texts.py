"""A principal that is given as a text is read as the principal of ``aws_iam`` that it stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App, Aws, CfnParameter, Fn, Stack
from aws_cdk import aws_iam as iam
from hypothesis import given
from hypothesis import strategies as st
from jsii._kernel.providers.process import _NodeProcess

from cdk_ecr_access.principals.grantees import grantees_of
from cdk_ecr_access.principals.texts import named
from ecr_access.iam.principals import principal_of
from tests.reading import ENV, FOREIGN_ROLE, OTHER, ROLE

if TYPE_CHECKING:
    from collections.abc import Callable

ORGANIZATION = "o-abc1234567"
UNIT = f"{ORGANIZATION}/r-ab12/ou-ab12-11111111/*"
IN_UNIT = {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": UNIT}}
PRINCIPALS: dict[str, iam.IPrincipal] = {
    ROLE: iam.ArnPrincipal(ROLE),
    FOREIGN_ROLE: iam.ArnPrincipal(FOREIGN_ROLE),
    f"arn:aws:iam::{OTHER}:role/team/deploy-*": iam.ArnPrincipal(f"arn:aws:iam::{OTHER}:role/team/deploy-*"),
    f"arn:aws-us-gov:iam::{OTHER}:user/bob": iam.ArnPrincipal(f"arn:aws-us-gov:iam::{OTHER}:user/bob"),
    OTHER: iam.AccountPrincipal(OTHER),
    ORGANIZATION: iam.OrganizationPrincipal(ORGANIZATION),
    UNIT: iam.StarPrincipal().with_conditions(IN_UNIT),
    **{
        name: iam.ServicePrincipal(name)
        for name in (
            "codebuild.amazonaws.com",
            "lambda.amazonaws.com",
            "states.eu-west-1.amazonaws.com",
            "elasticmapreduce.amazonaws.com.cn",
        )
    },
}


@pytest.mark.parametrize("text", PRINCIPALS)
def test_a_text_is_read_as_its_principal(stack: Stack, text: str) -> None:
    """Whatever is rendered and checked follows from what is read."""
    assert grantees_of(text, scope=stack) == grantees_of(PRINCIPALS[text], scope=stack)


@pytest.mark.parametrize("text", PRINCIPALS)
def test_a_text_is_read_without_asking_the_cdk(stack: Stack, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A principal of ``aws_iam`` costs a good part of a repository, only to be made."""
    with monkeypatch.context() as patch:
        patch.delattr(_NodeProcess, "send")
        assert grantees_of(text, scope=stack)


@pytest.mark.parametrize(
    ("make", "same"),
    [
        (lambda _: f"arn:{Aws.PARTITION}:iam::{OTHER}:role/ci", iam.ArnPrincipal),
        (lambda _: f"arn:aws:iam::{Aws.ACCOUNT_ID}:role/ci", iam.ArnPrincipal),
        (lambda stack: f"arn:{stack.partition}:iam::{stack.account}:user/ci", iam.ArnPrincipal),
        (lambda stack: f"arn:aws:iam::{OTHER}:role/{CfnParameter(stack, 'Name').value_as_string}", iam.ArnPrincipal),
        (lambda _: f"arn:aws:iam::{Fn.import_value('Account')}:role/ci", iam.ArnPrincipal),
        (lambda _: f"arn:aws:iam::{Fn.select(4, Fn.split(':', Fn.import_value('Arn')))}:user/ci", iam.ArnPrincipal),
        (lambda stack: f"arn:aws:iam::{CfnParameter(stack, 'Id').value_as_string}:root", iam.ArnPrincipal),
        (lambda stack: iam.Role.from_role_name(stack, "Role", "ci").role_arn, iam.ArnPrincipal),
        (lambda stack: iam.User(stack, "User").user_arn, iam.ArnPrincipal),
        (lambda stack: iam.CfnRole(stack, "Role", assume_role_policy_document={}).attr_arn, iam.ArnPrincipal),
        (lambda _: Aws.ACCOUNT_ID, iam.AccountPrincipal),
        (lambda _: Fn.ref("AWS::AccountId"), iam.AccountPrincipal),
    ],
)
@pytest.mark.parametrize("env", [ENV, None], ids=["known", "agnostic"])
def test_a_text_of_which_parts_are_tokens_is_read_as_its_principal(
    make: Callable[[Stack], str], same: Callable[[str], iam.IPrincipal], env: Any
) -> None:
    """Where the ARN says its kind, the values may be known later."""
    stack = Stack(App(), "Stack", env=env)
    text = make(stack)
    assert "${Token[" in text
    (read,), (expected,) = grantees_of(text, scope=stack), grantees_of(same(text), scope=stack)
    assert (read.kind, read.account, stack.resolve(read.name)) == (
        expected.kind, expected.account, stack.resolve(expected.name),
    )  # fmt: skip


def test_the_arn_of_a_role_of_another_stack_is_read(app: App, stack: Stack) -> None:
    """The reference between the stacks is kept."""
    role = iam.Role(Stack(app, "Other", env=ENV), "Role", assumed_by=iam.AccountRootPrincipal())
    (read,) = grantees_of(role.role_arn, scope=stack)
    assert read.name == role.role_arn


@pytest.mark.parametrize(
    "make",
    [
        lambda stack: CfnParameter(stack, "Parameter").value_as_string,
        lambda _: Fn.import_value("RoleArn"),
        lambda _: f"codebuild.{Aws.URL_SUFFIX}",
        lambda _: f"{Fn.import_value('Organization')}/r-ab12/",
        lambda _: f"arn:aws:iam::{Aws.ACCOUNT_ID}:{Fn.import_value('Role')}",
        lambda _: f"arn:aws:sts::{Aws.ACCOUNT_ID}:assumed-role/ci/me",
        lambda _: f"arn:aws:s3:::{Aws.ACCOUNT_ID}-role/",
        lambda _: f"{Aws.ACCOUNT_ID}0",
    ],
)
def test_a_text_whose_kind_is_known_only_at_deployment_is_refused(stack: Stack, make: Callable[[Stack], str]) -> None:
    """An account, a role and an organization are named in different parts of a policy."""
    with pytest.raises(
        ValueError,
        match=r"^cannot grant to '.*': its kind of principal is known only at deployment; allowed: 'arn:PART",
    ) as error:
        grantees_of(make(stack), scope=stack)
    assert "Token[" not in str(error.value)
    assert str(error.value).endswith("or iam.OrganizationPrincipal(...) [ECR-ACCESS-201]")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it names no principal; allowed: the ARN of an IAM role or user"),
        ("ci", "it names no principal; allowed"),
        ("*", "it has a wildcard, allowed in the ARN of a role or user alone"),
        (f" {ROLE}", f"it names no principal; did you mean '{ROLE}'?"),
        (f"'{ROLE}'", f"it names no principal; did you mean '{ROLE}'?"),
        (f"arn:aws:iam::{OTHER}:Role/x", f"did you mean 'arn:aws:iam::{OTHER}:role/x'?"),
        (f"arn:aws:iam::{OTHER}:group/devs", "it is a group, which no policy can name"),
        (f"arn:aws:sts::{OTHER}:assumed-role/x/me", f"it is a session; name its role: 'arn:aws:iam::{OTHER}:role/x'"),
        (f"arn:aws:iam::{OTHER}:root", f"it is an account; write '{OTHER}'"),
        ("arn:aws:iam::12345678901:role/x", "it has the account '12345678901', which is not 12 digits"),
        ("12345678901", "it has 11 digits where an account id has 12, leading zeros included"),
        ("4444-5555-6666", "it is not how an account id is written here; write '444455556666'"),
        ("O-ABC1234567", "did you mean 'o-abc1234567'?"),
        ("o-abc1234567/r-ab12", "it lacks its last slash; write 'o-abc1234567/r-ab12/'"),
        ("CodeBuild.amazonaws.com", "did you mean 'codebuild.amazonaws.com'?"),
    ],
)
def test_a_text_that_names_no_principal_is_refused(stack: Stack, text: str, reason: str) -> None:
    """With what is probably meant, and what is allowed."""
    with pytest.raises(ValueError, match=r"^cannot grant to .*\[ECR-ACCESS-201\]$") as error:
        grantees_of(text, scope=stack)
    assert reason in str(error.value)


@given(st.text() | st.text(alphabet="arn:ws-im0123/*o.{}$", max_size=60) | st.sampled_from([*PRINCIPALS]))
def test_what_is_read_is_what_the_check_will_read(text: str) -> None:
    """Whatever is given, the check knows its kind by the same name, or it is refused with a code."""
    try:
        read = named(text)
    except ValueError as error:
        assert str(error).endswith("[ECR-ACCESS-201]")  # noqa: PT017 -- not every text is refused
    else:
        found = principal_of(read.name)
        assert found is not None
        assert (found.kind, found.account) == (read.kind, read.account or "")
