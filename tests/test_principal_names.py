"""Principals written as text become typed values, or an error that says what was probably meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_ecr_access.principal_names import (
    Account,
    IamArn,
    Organization,
    PrincipalName,
    RoleKey,
    Service,
    read_outside,
    read_principal,
    role_key_error,
)

ROLE = "arn:aws:iam::111122223333:role/ci"


@pytest.mark.parametrize(
    ("text", "principal"),
    [
        (ROLE, IamArn(ROLE)),
        ("arn:aws:iam::111122223333:user/team/b.c@d", IamArn("arn:aws:iam::111122223333:user/team/b.c@d")),
        ("arn:aws-cn:iam::111122223333:role/ci", IamArn("arn:aws-cn:iam::111122223333:role/ci")),
        ("arn:aws-us-gov:iam::111122223333:role/a/b/c", IamArn("arn:aws-us-gov:iam::111122223333:role/a/b/c")),
        ("012345670123", Account("012345670123")),
        ("o-abc1234567", Organization("o-abc1234567")),
        ("codebuild.amazonaws.com", Service("codebuild.amazonaws.com")),
        ("states.us-east-1.amazonaws.com", Service("states.us-east-1.amazonaws.com")),
        ("elasticmapreduce.amazonaws.com.cn", Service("elasticmapreduce.amazonaws.com.cn")),
    ],
)
def test_each_kind_of_principal_is_told_by_its_form(text: str, principal: PrincipalName) -> None:
    """A principal needs no word for its kind."""
    assert read_outside(text) == principal
    assert read_principal(text, roles=["ci"]) == principal


def test_the_key_of_a_role_names_that_role() -> None:
    """A manifest's own role needs no ARN, which nobody knows before it is deployed."""
    assert read_principal("ci", roles=["ci"]) == RoleKey("ci")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("cii", "'cii' names no principal; did you mean 'ci'?"),
        ("CI", "'CI' names no principal; did you mean 'ci'?"),
        ("", "'' names no principal;"),
        ("ci\n", r"'ci\n' names no principal"),
        ("*", "'*' has a wildcard; name each role or user, or their account or organization"),
        ("arn:aws:iam::111122223333:role/team-*", "has a wildcard"),
        ("1111-2222-3333", "is not how an account id is written here; write '111122223333'"),
        ("11112222333", "has 11 digits where an account id has 12, leading zeros included"),
        ("١١١١٢٢٢٢٣٣٣٣", "names no principal"),
        ("o-short", "is no organization id, which is 'o-' and 10 to 32 lowercase letters and digits"),
        ("arn:aws:iam", "is no whole ARN, such as 'arn:aws:iam::111122223333:role/ci'"),
        ("arn:aws:iam::111122223333:root", "is an account; write '111122223333'"),
        (
            "arn:aws:sts::111122223333:assumed-role/ci/session",
            "is a session; name its role: 'arn:aws:iam::111122223333:role/ci'",
        ),
        ("arn:aws:iam::111122223333:group/devs", "is a group, which no policy can name"),
        ("arn:aws:s3:::bucket", "is an ARN of 's3', not of IAM"),
        ("arn:aws:iam::1111:role/ci", "has the account '1111', which is not 12 digits"),
        ("arn:aws:iam::111122223333:policy/ci", "is no ARN of a role or user"),
        (f"{ROLE}\n", "is no ARN of a role or user"),
        ("amazonaws.com", "names no principal"),
    ],
)
def test_an_error_says_what_is_wrong_and_what_is_allowed(text: str, fault: str) -> None:
    """The frequent mistakes each get the sentence that mends them."""
    with pytest.raises(ValueError, match="; allowed: ") as raised:
        read_principal(text, roles=["ci"])
    assert fault in str(raised.value)
    assert str(raised.value).endswith(
        "allowed: a key of \"roles\" ('ci'), the ARN of an IAM role or user, a 12-digit account id, "
        "an organization id ('o-...') or a service name ('codebuild.amazonaws.com')"
    )


def test_where_roles_cannot_be_named_they_are_not_offered() -> None:
    """Who may assume a role is somebody who exists without the manifest."""
    with pytest.raises(ValueError, match="'ci' names no principal; allowed: the ARN of an IAM role or user"):
        read_outside("ci")


def test_without_roles_the_error_says_that_none_are_declared() -> None:
    """A reader sees that the manifest makes no role."""
    with pytest.raises(ValueError, match=r'a key of "roles" \(none are declared\)'):
        read_principal("ci", roles=[])


@pytest.mark.parametrize("key", ["ci", "web-deploy", "a1-b2", "o-short"])
def test_a_role_key_is_lowercase_words(key: str) -> None:
    """Such keys make distinct names of outputs: 'web-deploy' is WebDeployRoleArn."""
    assert role_key_error(key) is None


@pytest.mark.parametrize("key", ["", "CI", "a_b", "a--b", "-a", "a-1", "1a", "111122223333", "a.b", "ci\n"])
def test_any_other_role_key_is_refused(key: str) -> None:
    """The error shows the key and an example."""
    assert f"{key!r} cannot be the key of a role; allowed: lowercase words" in (role_key_error(key) or "")


def test_a_role_key_that_reads_as_an_organization_is_refused() -> None:
    """A name in a list must mean one principal."""
    assert role_key_error("o-abcdefghij") == "'o-abcdefghij' reads as an organization id; choose another key"


@given(st.text() | st.text(alphabet="arn:ws-im0123/*o.", max_size=40), st.lists(st.text(max_size=5)))
def test_any_text_names_a_principal_or_is_refused_with_a_value_error(text: str, roles: list[str]) -> None:
    """Nothing that a person can write makes it fail in another way."""
    try:
        principal = read_principal(text, roles=roles)
    except ValueError as error:
        assert "; allowed: " in str(error)  # noqa: PT017 -- not every text is refused
    else:
        assert text in vars(principal).values()
