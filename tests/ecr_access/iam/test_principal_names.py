"""Principals written as text become typed values, or an error that says what was probably meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_access.iam.principal_names import (
    Account,
    IamArn,
    Organization,
    PrincipalName,
    RoleKey,
    Service,
    UnitPath,
    account_error,
    read_principal,
    read_trusted,
    role_key_error,
    service_error,
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
        ("o-abc1234567/r-ab12/", UnitPath("o-abc1234567/r-ab12/")),
        ("o-abc1234567/r-ab12/ou-ab12-11111111/", UnitPath("o-abc1234567/r-ab12/ou-ab12-11111111/")),
        ("o-abc1234567/r-ab12/ou-ab12-11111111/*", UnitPath("o-abc1234567/r-ab12/ou-ab12-11111111/*")),
        ("codebuild.amazonaws.com", Service("codebuild.amazonaws.com")),
        ("states.us-east-1.amazonaws.com", Service("states.us-east-1.amazonaws.com")),
        ("elasticmapreduce.amazonaws.com.cn", Service("elasticmapreduce.amazonaws.com.cn")),
    ],
)
def test_each_kind_of_principal_is_told_by_its_form(text: str, principal: PrincipalName) -> None:
    """A principal needs no word for its kind."""
    assert read_trusted(text) == principal
    assert read_principal(text, roles=["ci"]) == principal


def test_the_key_of_a_role_names_that_role() -> None:
    """A manifest's own role needs no ARN, which is not known before it is deployed."""
    assert read_principal("ci", roles=["ci"]) == RoleKey("ci")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("cii", "'cii' names no principal; did you mean 'ci'?"),
        ("CI", "'CI' names no principal; did you mean 'ci'?"),
        ("", "'' names no principal;"),
        ("ci\n", r"'ci\n' names no principal"),
        ("*", "'*' has a wildcard, allowed in the ARN of a role or user alone; name their account, organization"),
        ("4444*", "has a wildcard, allowed in the ARN of a role or user alone"),
        ("o-*", "is no organization id, which is 'o-' and 10 to 32 lowercase letters and digits"),
        ("o-abc1234567/*", "is no unit path: an organization, its root, and units down to the one meant"),
        ("o-abc1234567/ou-ab12-11111111/", "is no unit path"),
        ("o-abc1234567/r-ab12/ou-*/", "is no unit path"),
        ("o-abc1234567/r-ab12", "lacks its last slash; write 'o-abc1234567/r-ab12/' for the unit, or"),
        ("o-abc1234567/r-ab12/ou-ab12-11111111", "or 'o-abc1234567/r-ab12/ou-ab12-11111111/*' for the units below"),
        ("ou-ab12-11111111", "is a part of a unit path, which starts with its organization and root"),
        ("arn:aws:iam::*:role/ci", "has the account '*', which is not 12 digits"),
        ("arn:aws:iam::111122223333:*", "is no ARN of a role or user"),
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
        ("arn:aws:iam::111122223333:policy/ci", "is a policy, which is no principal; name the roles or users"),
        ("arn:aws:iam::111122223333:mfa/ci", "is no ARN of a role or user"),
        ("arn:aws:iam::111122223333:saml-provider/idp", "is an identity provider; name the role that its users assume"),
        ("arn:aws:iam::${AWS::AccountId}:role/ci", "has a '${...}', which nothing fills in here; write its value"),
        ("role/ci", "is a part of an ARN; write all of it, such as 'arn:aws:iam::111122223333:role/ci'"),
        ("AROAEXAMPLEID", "is a unique id, which a role or user that is made again does not keep; write its ARN"),
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
        "an organization id ('o-...'), a unit path ('o-.../r-.../ou-.../') or a service name "
        "('codebuild.amazonaws.com')"
    )


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (f"'{ROLE}'", ROLE),
        (f" {ROLE}\n", ROLE),
        (f"{ROLE};", ROLE),
        ("ARN:AWS:IAM::111122223333:role/ci", ROLE),
        ("arn:aws:iam:111122223333:role/ci", ROLE),
        ("arn:aws:iam:::111122223333:role/ci", ROLE),
        ("arn:aws:iam:eu-west-1:111122223333:role/ci", ROLE),
        ("arn:aws:iam::1111-2222-3333:role/ci", ROLE),
        ("arn:aws:iam::111122223333:Role/ci", ROLE),
        ("arn:aws:iam::111122223333:roles/ci", ROLE),
        ("arn:aws:iam::111122223333:role:ci", ROLE),
        ("arn:aws:iam::111122223333:role//ci", ROLE),
        ("arn:aws:iam::111122223333:ci", ROLE),
        ("arn:aws:iam::111122223333:instance-profile/ci", ROLE),
        ("arn:aws:sts:us-east-1:111122223333:assumed-role/ci/me", ROLE),
        ("arn:aws-cn:iam::111122223333:USER/team/Bob", "arn:aws-cn:iam::111122223333:user/team/Bob"),
        ("arn:aws:sts::111122223333:federated-user/bob", "arn:aws:iam::111122223333:user/bob"),
        ("O-ABC1234567", "o-abc1234567"),
        ("o-abc1234567/R-AB12/", "o-abc1234567/r-ab12/"),
        ("CodeBuild.amazonaws.com", "codebuild.amazonaws.com"),
        ("https://codebuild.aws/", "codebuild.amazonaws.com"),
        ('"444455556666"', "444455556666"),
    ],
)
def test_the_principal_that_is_probably_meant_is_suggested(text: str, meant: str) -> None:
    """What the error suggests can be copied, and is read."""
    with pytest.raises(ValueError, match="; allowed: ") as raised:
        read_trusted(text)
    assert f"{meant!r}" in str(raised.value)
    assert read_trusted(meant)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "web",
        "codebuild",
        "12345678901",
        "arn:aws:iam::12345678901:role/ci",
        "arn:aws:iam::111122223333:root",
        "arn:aws:iam::111122223333:*",
        "arn:aws:iam::111122223333:policy/ci",
        "arn:aws:iam::111122223333:group/ci",
        "*",
        f"arn:aws:iam::111122223333:roles/{'x' * 2048}",
    ],
)
def test_nothing_is_suggested_where_it_would_be_a_guess(text: str) -> None:
    """A suggestion is copied without much thought."""
    with pytest.raises(ValueError, match="; allowed: ") as raised:
        read_trusted(text)
    assert "did you mean" not in str(raised.value)


@pytest.mark.parametrize("name", ["role/team-*", "user/ci-??", "role/*", "role/team/*/ci"])
def test_the_arn_of_a_role_or_user_may_have_wildcards(name: str) -> None:
    """Roles of another account that are made later are meant too."""
    arn = f"arn:aws:iam::444455556666:{name}"
    assert read_principal(arn, roles=[]) == IamArn(arn)


def test_who_may_assume_a_role_has_no_wildcard() -> None:
    """IAM takes a wildcard in the principal of a trust policy for a character of the name."""
    with pytest.raises(ValueError, match=r"team-\*' has a wildcard, which the trust policy of a role does not know"):
        read_trusted("arn:aws:iam::444455556666:role/team-*")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("012345670123", None),
        ("4444-5555-6666", "is not how an account id is written here; write '444455556666'; allowed: a 12-digit"),
        ("1234", "has 4 digits where an account id has 12, leading zeros included; allowed: a 12-digit account id"),
        ("444455556666\n", "names no principal; allowed: a 12-digit account id"),
    ],
)
def test_an_account_alone_is_twelve_digits(text: str, error: str | None) -> None:
    """Where nothing but an account may stand, the frequent mistakes get the same sentences."""
    found = account_error(text)
    assert found is None if error is None else error in (found or "")


@pytest.mark.parametrize("text", ["codebuild", "codebuild.example.com", "*.amazonaws.com", "", "a.amazonaws.com\n"])
def test_a_service_alone_is_a_name_of_aws(text: str) -> None:
    """A service is named as policies name it."""
    assert service_error("codebuild.amazonaws.com") is None
    assert "is no service name; allowed: one such as 'codebuild.amazonaws.com'" in (service_error(text) or "")


def test_where_roles_cannot_be_named_they_are_not_offered() -> None:
    """A principal that may assume a role exists without the manifest."""
    with pytest.raises(ValueError, match="'ci' names no principal; allowed: the ARN of an IAM role or user"):
        read_trusted("ci")


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
