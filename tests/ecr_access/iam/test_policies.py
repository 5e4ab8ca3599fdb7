"""What the policies of both sides come to, also where parts of them are unknown."""

from __future__ import annotations

from typing import Any

import pytest

from ecr_access.iam.arns import account_named, account_of, repository_at
from ecr_access.iam.policies import Says, joined, said_by, said_by_repository
from ecr_access.iam.principals import Kind, Principal, Source
from ecr_access.iam.repository_policy import Question, RepositoryPolicy
from ecr_access.iam.statement_principals import names
from ecr_access.iam.statements import is_on, malformed
from ecr_access.iam.ternary import Ternary
from ecr_access.iam.unknown_text import unknown

YES, NO, MAYBE = Ternary.YES, Ternary.NO, Ternary.MAYBE
HERE, THERE = "111122223333", "444455556666"
WEB = repository_at(f"arn:aws:ecr:eu-west-1:{HERE}:repository/team/web")
ROLE = f"arn:aws:iam::{HERE}:role/ci"
SOME = unknown("Some")
TOKEN, PULL = "ecr:GetAuthorizationToken", "ecr:BatchGetImage"


def asked(action: str = PULL, principal: str = ROLE, on: str = "") -> Question:
    """A question about the repository."""
    return Question(WEB, Principal(principal, Kind.IAM_IDENTITY, HERE), action, on=on)


def allow(action: object = "ecr:*", resource: object = "*", effect: str = "Allow", **more: object) -> dict[str, Any]:
    """A statement."""
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


@pytest.mark.parametrize(
    ("statement", "allows"),
    [
        (allow(), YES),
        (allow("s3:*"), NO),
        (allow(SOME), MAYBE),
        (allow(resource=SOME), MAYBE),
        (allow(resource="arn:aws:ecr"), YES),
        (allow(resource="arn:aws:s3"), NO),
        (allow(resource=f"arn:aws:ecr:{SOME}"), MAYBE),
        (allow(resource="arn:aws:ecr:*:*:repository/${aws:username}"), MAYBE),
        (allow(Condition={"Bool": {"aws:SecureTransport": "true"}}), YES),
        (allow(Condition={"Bool": {"aws:SecureTransport": SOME}}), MAYBE),
        (allow(Condition={"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{THERE}:{SOME}"}}), NO),
        (allow(Condition={"StringEquals": {SOME: SOME}}), MAYBE),
        ({"Effect": "Allow", "NotAction": SOME, "NotResource": "arn:aws:s3:::*"}, MAYBE),
    ],
)
def test_a_statement_of_an_identity_applies_as_far_as_it_is_known(statement: dict[str, Any], allows: Ternary) -> None:
    """What is unknown leaves it open where it decides, and nowhere else."""
    assert said_by([statement], asked()) == Says(allows, NO)
    assert said_by([{**statement, "Effect": "Deny"}], asked()) == Says(NO, allows)


@pytest.mark.parametrize(
    ("resource", "found"),
    [("*", YES), ("**", YES), ("arn:aws:ecr:*", NO), (f"{SOME}", MAYBE), (f"arn:{SOME}", NO), ([], NO)],
)
def test_a_token_is_on_no_resource(resource: object, found: Ternary) -> None:
    """A pattern of an ARN does not match it."""
    assert is_on(allow(resource=resource), "*") is found


def test_a_star_may_reach_beyond_the_colon_of_an_arn_that_lacks_parts() -> None:
    """AWS does not say so, and does not say the opposite."""
    assert is_on(allow(resource="arn:aws:ecr:*:repository/team/web"), WEB.arn) is MAYBE
    assert is_on(allow(resource="arn:aws:ecr:*:repository/team/api"), WEB.arn) is NO


def test_what_only_an_allow_or_a_deny_says_by_itself() -> None:
    """An explicit deny wins."""
    assert Says(YES).alone is YES
    assert Says(YES, YES).alone is NO
    assert Says(YES, MAYBE).alone is MAYBE
    assert Says().alone is NO


@pytest.mark.parametrize(
    ("own", "repository", "boundary", "here", "there"),
    [
        (Says(YES), Says(), Says(YES), YES, NO),
        (Says(), Says(YES), Says(YES), YES, NO),
        (Says(YES), Says(YES), Says(YES), YES, YES),
        (Says(YES), Says(), Says(), NO, NO),
        (Says(YES), Says(MAYBE), Says(MAYBE), MAYBE, MAYBE),
        (Says(YES, YES), Says(YES), Says(YES), NO, NO),
        (Says(YES), Says(YES, YES), Says(YES), NO, NO),
        (Says(YES), Says(YES), Says(YES, MAYBE), MAYBE, MAYBE),
    ],
)
def test_both_sides_are_joined_as_aws_joins_them(
    own: Says, repository: Says, boundary: Says, here: Ternary, there: Ternary
) -> None:
    """In one account either side is enough, across accounts it takes both; an unknown account takes what both say."""
    found = {same: joined(own, repository, boundary, same_account=same) for same in Ternary}
    assert (found[YES], found[NO]) == (here, there)
    assert found[MAYBE] is (here if here is there else MAYBE)


@pytest.mark.parametrize(
    ("principal", "within", "allows"),
    [
        (ROLE, YES, YES),
        (ROLE, NO, NO),
        (ROLE, MAYBE, MAYBE),
        ("*", NO, YES),
        ("*", MAYBE, YES),
        (SOME, YES, MAYBE),
        (SOME, NO, MAYBE),
        (f"arn:aws:sts::{HERE}:assumed-role/ci/one", NO, MAYBE),
        (f"arn:aws:iam::{HERE}:role/{SOME}", NO, NO),
    ],
)
def test_a_permissions_boundary_limits_a_role_that_is_named_by_its_arn(
    principal: str, within: Ternary, allows: Ternary
) -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html."""
    policy = RepositoryPolicy(WEB, ({"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "*"},))
    assert said_by_repository(policy, asked(), within) == Says(allows, NO)


@pytest.mark.parametrize(
    ("effect", "more", "said"),
    [
        ("Deny", {}, Says(NO, YES)),
        ("Deny", {"Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}}, Says(NO, MAYBE)),
        ("Allow", {"Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}}, Says(MAYBE, NO)),
        ("Allow", {"NotAction": SOME}, Says(MAYBE, NO)),
    ],
)
def test_a_judgement_is_read_as_what_allows_and_what_denies(effect: str, more: dict[str, Any], said: Says) -> None:
    """As the policies of an identity are."""
    statement = {"Effect": effect, "Principal": "*", **({} if "NotAction" in more else {"Action": "*"}), **more}
    assert said_by_repository(RepositoryPolicy(WEB, (statement,)), asked()) == said


@pytest.mark.parametrize(
    ("listed", "deny", "allow_"),
    [
        (SOME, MAYBE, MAYBE),
        (f"arn:aws:iam::{SOME}:root", MAYBE, NO),
        (f"arn:aws:iam::{HERE}:role/{SOME}", MAYBE, MAYBE),
        (f"arn:aws:iam::{HERE}:user/{SOME}", NO, NO),
        (f"arn:aws:sts::{HERE}:assumed-role/{SOME}", MAYBE, MAYBE),
        (f"arn:aws:sts::{HERE}:assumed-role/other", NO, NO),
        (f"arn:aws:sts::{HERE}:federated-user/ci", NO, NO),
    ],
)
def test_a_principal_with_unknown_parts_may_be_the_role(listed: str, deny: Ternary, allow_: Ternary) -> None:
    """An Allow for the repository's own account allows no role of it, whichever account that is."""
    principal = Principal(ROLE, Kind.IAM_IDENTITY, HERE)
    element = {"Principal": {"AWS": [listed]}}
    assert names(element, principal, owner=HERE, allowing=False)[0] is deny
    assert names(element, principal, owner=HERE, allowing=True)[0] is allow_


def test_a_deny_for_all_but_an_unknown_principal_is_open() -> None:
    """It may be the role itself."""
    principal = Principal(ROLE, Kind.IAM_IDENTITY, HERE)
    assert names({"NotPrincipal": {"AWS": SOME}}, principal, owner=HERE, allowing=False)[0] is MAYBE
    service = Principal("lambda.amazonaws.com", Kind.SERVICE)
    for listed, found in (("lambda.amazonaws.com", NO), (SOME, MAYBE), ("ecs.amazonaws.com", YES)):
        element = {"NotPrincipal": {"Service": listed}}
        assert names(element, service, owner=HERE, allowing=False)[0] is found


@pytest.mark.parametrize(
    ("listed", "found"),
    [
        (f"arn:aws:iam::{HERE}:role/ci", MAYBE),
        (f"arn:aws:iam::{THERE}:role/ci", NO),
        (f"arn:aws:iam::{SOME}:role/ci", MAYBE),
        ("AROAEXAMPLEEXAMPLE123", NO),
        (SOME, MAYBE),
    ],
)
def test_a_deny_for_a_part_of_an_account_is_open_for_the_account(listed: str, found: Ternary) -> None:
    """Which of its principals calls is not known."""
    account = Principal(HERE, Kind.ACCOUNT, HERE)
    assert names({"Principal": {"AWS": listed}}, account, owner=THERE, allowing=False)[0] is found


@pytest.mark.parametrize(
    ("name", "account", "root"),
    [
        (HERE, HERE, HERE),
        (f"arn:aws:iam::{HERE}:root", HERE, HERE),
        (ROLE, HERE, ""),
        (f"arn:aws:sts::{HERE}:assumed-role/ci/one", HERE, ""),
        (f"arn:{SOME}:iam::{SOME}:root", SOME, SOME),
        (f"arn:aws:s3:::{HERE}", "", ""),
        ("*", "", ""),
        (SOME, "", SOME),
    ],
)
def test_the_account_of_a_principal_and_the_account_that_it_stands_for(name: str, account: str, root: str) -> None:
    """The first is the account of the principal, the second the account that stands for all its principals."""
    assert account_of(name) == account
    assert account_named(name) == root


def test_a_repository_may_have_unknown_parts() -> None:
    """Of a text that is no ARN nothing is known, nor of the resource of a token."""
    found = repository_at(f"arn:aws:ecr:{SOME}:{HERE}:repository/{SOME}/web")
    assert (found.region, found.account, found.name) == (SOME, HERE, f"{SOME}/web")
    token = Question(repository_at("*"), Principal(ROLE, Kind.IAM_IDENTITY, HERE), TOKEN, on="*")
    assert "aws:ResourceAccount" not in token.context.possible
    for key in ("aws:ResourceAccount", "aws:RequestedRegion"):
        statement = allow(Condition={"StringEquals": {key: HERE}})
        assert said_by([statement], token).allows is MAYBE


def test_lambda_may_be_asked_about_one_function() -> None:
    """A statement for another function of the account is none for it."""
    service = Principal("lambda.amazonaws.com", Kind.SERVICE)
    function = f"arn:aws:lambda:eu-west-1:{HERE}:function:"
    for name, found in (("app", YES), ("other", NO), ("*", YES)):
        condition = {"StringLike": {"aws:SourceArn": function + name}}
        statement = {"Effect": "Allow", "Principal": "*", "Action": "*", "Condition": condition}
        judged = RepositoryPolicy(WEB, (statement,)).judge(service, PULL, Source(HERE, "eu-west-1", "app"))
        assert judged.allows is found


def test_a_malformed_statement_is_told() -> None:
    """No verdict can rest on it."""
    assert malformed({"Effect": "Allow"}) == ""
    assert "allowed is" in malformed({"Effect": SOME})
    assert "none of IAM's" in malformed({"Effect": "Allow", "Condition": {"Like": {"a": "b"}}})


def test_an_answer_of_three_values_is_no_boolean() -> None:
    """An "if" would take NO for true."""
    with pytest.raises(TypeError):
        bool(NO)
