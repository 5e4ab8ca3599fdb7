"""Tokens are told from texts, and counted at their largest plausible length."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aws_cdk import App, Aws, CfnParameter, Fn, Intrinsic, Stack, Token
from aws_cdk import aws_iam as iam
from aws_cdk.region_info import RegionInfo
from hypothesis import given
from hypothesis import strategies as st

from cdk_ecr_access import AccessibleRepository
from ecr_access.tokens import PLAUSIBLE, is_token, plausible_length
from tests.reading import ACCOUNT, REGION, ROLE

if TYPE_CHECKING:
    from collections.abc import Callable

CI = iam.AccountRootPrincipal()
# What an environment-agnostic stack does not know of itself, and the longest that it may turn out to be.
PSEUDO = {
    "partition": "aws-us-gov",
    "account": ACCOUNT,
    "region": "ap-southeast-99",
    "url_suffix": "amazonaws.com.cn",
}
UNKNOWN: dict[str, Callable[[Stack], str]] = {
    "parameter": lambda stack: CfnParameter(stack, "Parameter").value_as_string,
    "role": lambda stack: iam.Role(stack, "Role", assumed_by=CI).role_arn,
    "repository": lambda stack: AccessibleRepository(stack, "One", repository_name="team/app").repository_arn,
    "import": lambda _: Fn.import_value("Name"),
    "part": lambda stack: Fn.select(4, Fn.split(":", CfnParameter(stack, "Parameter").value_as_string)),
    "stack id": lambda stack: stack.stack_id,
    "intrinsic": lambda _: Token.as_string(Intrinsic("team/app")),
    "another pseudo parameter": lambda _: Aws.STACK_NAME,
}
# Curly brackets and dollar signs among them, and never a token.
LITERALS = st.text(st.sampled_from("ab:/-*${}[]")).filter(lambda text: "${Token[" not in text)


@pytest.mark.parametrize("text", ["", "team/app", ROLE, "${AWS::AccountId}", "${aws:PrincipalTag/team}", "Token[x]"])
def test_a_text_is_no_token_and_counts_its_characters(text: str) -> None:
    """IAM's variables and CloudFormation's are texts to the CDK."""
    assert not is_token(text)
    assert plausible_length(text) == len(text)


@pytest.mark.parametrize("name", PSEUDO)
def test_a_pseudo_parameter_counts_as_the_longest_that_there_is(name: str) -> None:
    """Not as an unknown token: there are hundreds of ARNs in a policy."""
    token = getattr(Stack(App(), "Agnostic"), name)
    assert is_token(token)
    assert plausible_length(token) == len(PSEUDO[name])


def test_no_region_is_longer_than_its_pseudo_parameters() -> None:
    """The Regions that the CDK knows, with their partitions and domains."""
    found = [(one.partition or "", one.name, one.domain_suffix or "") for one in RegionInfo.regions]
    for index, token in enumerate((Aws.PARTITION, Aws.REGION, Aws.URL_SUFFIX)):
        assert max(len(one[index]) for one in found) <= plausible_length(token)


def test_an_account_and_a_region_that_are_known_are_texts(stack: Stack) -> None:
    """Only the stacks of no environment have tokens for them."""
    assert not is_token(f"{stack.account}{stack.region}")
    assert plausible_length(f"{stack.account}{stack.region}") == len(f"{ACCOUNT}{REGION}")


@pytest.mark.parametrize("make", UNKNOWN.values(), ids=UNKNOWN)
def test_any_other_token_counts_as_much_as_a_long_arn(stack: Stack, make: Callable[[Stack], str]) -> None:
    """It is known at deploy time alone; the ARN of a role with the longest name still fits."""
    token = make(stack)
    assert is_token(token)
    assert plausible_length(token) == PLAUSIBLE > len(f"arn:aws-us-gov:iam::{ACCOUNT}:role/{'x' * 64}")


def test_an_arn_is_counted_part_by_part() -> None:
    """Literals as they are, each token by itself."""
    agnostic = Stack(App(), "Agnostic")
    arn = f"arn:{agnostic.partition}:ecr:{agnostic.region}:{agnostic.account}:repository/team/app"
    longest = f"arn:{PSEUDO['partition']}:ecr:{PSEUDO['region']}:{PSEUDO['account']}:repository/team/app"
    assert is_token(arn)
    assert plausible_length(arn) == len(longest)


def test_the_same_token_counts_each_time() -> None:
    """It is written out as often."""
    assert plausible_length(f"{Aws.ACCOUNT_ID}/{Aws.ACCOUNT_ID}") == 2 * 12 + 1


@given(st.lists(LITERALS, min_size=1, max_size=4))
def test_a_text_with_tokens_is_never_shorter_than_its_literal_parts(literals: list[str]) -> None:
    """Whatever stands between them, which counts for itself."""
    parts = "".join(literals)
    for token in (Aws.ACCOUNT_ID, "${Token[TOKEN.7]}"):
        mixed = token.join(literals)
        assert plausible_length(mixed) == len(parts) + (len(literals) - 1) * plausible_length(token)
        assert is_token(mixed) is (len(literals) > 1)
