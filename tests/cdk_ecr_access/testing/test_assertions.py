"""Who can pull and push, asserted on a template as it is written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from cdk_ecr_access.testing import (
    assert_can_pull,
    assert_can_push,
    assert_cannot_pull,
    assert_cannot_push,
    assert_has_token,
    assert_no_token_on_resource,
)
from tests.cdk_ecr_access.testing.documents import (
    PULLS,
    PUSHES,
    SIGN_IN,
    allow,
    deny,
    repository,
    role,
    template,
    trust,
)
from tests.reading import PULL, PUSH, REQUIRED_PULL, TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable

PLACE = "arn:${AWS::Partition}:ecr:${AWS::Region}:${AWS::AccountId}:repository/team"
BASE = "arn:aws:ecr:eu-west-1:111122223333:repository/base"
OWN_POLICY = "  Ci in template 1, Properties.Policies[0].PolicyDocument.Statement"
THEIRS = "  Web in template 1, Properties.RepositoryPolicyText.Statement[0]"
OWN = {"Fn::GetAtt": ["Ci", "Arn"]}
ROOT = {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}
MANAGED = "arn:aws:iam::aws:policy"
UNNAMED = {"Type": "AWS::ECR::Repository", "Properties": {}}
IS_CI = {"ArnLike": {"aws:PrincipalArn": "arn:*:iam::*:role/ci"}}
IS_OTHER = {"StringEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/other"}}
IS_ORGANIZATION = {"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}}


def refused(check: Callable[..., None], *arguments: object) -> str:
    """What an assertion says that does not hold."""
    with pytest.raises(AssertionError) as caught:
        check(*arguments)
    return str(caught.value)


def fails(check: Callable[..., None], given: dict[str, Any]) -> bool:
    """Whether an assertion does not hold."""
    try:
        check(given, "Ci", "Web")
    except AssertionError:
        return True
    return False


@pytest.mark.parametrize(
    "given",
    [
        template(role(*PULLS)),
        template(role(allow("ecr:*", "*"))),
        template(role(ManagedPolicyArns=[f"{MANAGED}/AmazonEC2ContainerRegistryReadOnly"])),
        template(role(SIGN_IN), repository(trust(PULL, {"AWS": OWN}))),
        template(role(SIGN_IN), repository(trust(PULL))),
        template(role(SIGN_IN), repository(trust(PULL, Condition=IS_CI))),
        template(role(allow(PULL[:2]), SIGN_IN), repository(trust(PULL[2], {"AWS": OWN}))),
        template(role(*PULLS), repository(trust(PULL, {"AWS": "444455556666"}))),
        template(role(*PULLS), UNNAMED),
        template(role(*PULLS, deny(PULL, {"Fn::GetAtt": ["Api", "Arn"]})), Api=repository(name="team/api")),
        template(role(*PULLS), repository({**trust(PULL), "Effect": "Deny", "Condition": IS_OTHER})),
    ],
)
def test_who_signs_in_and_gets_layers_can_pull(given: dict[str, Any]) -> None:
    """By its own policies, by the repository's, or each for a part."""
    assert_can_pull(given, "Ci", "Web")
    assert fails(assert_cannot_pull, given)
    assert_has_token(given, "Ci")


@pytest.mark.parametrize(
    "given",
    [
        template(role()),
        template(role(SIGN_IN)),
        template(role(allow(PULL[1:2]), SIGN_IN)),
        template(role(*PUSHES)),
        template(role(allow(PULL, {"Fn::GetAtt": ["Api", "Arn"]}), SIGN_IN), Api=repository(name="team/api")),
        template(role(allow(PULL, {"Fn::GetAtt": ["Api", "Arn"]}), SIGN_IN), UNNAMED, Api=repository(name="team/api")),
        template(role(*PULLS, deny("ecr:*", "*"))),
        template(role(*PULLS), repository({**trust("*"), "Effect": "Deny"})),
        template(role(*PULLS), repository({**trust(PULL, {"AWS": ROOT}), "Effect": "Deny"})),
        template(role(SIGN_IN), repository(trust(PULL, {"AWS": ROOT}))),
        template(role(SIGN_IN), repository(trust(PULL, Condition=IS_OTHER))),
        template(role(SIGN_IN), repository(trust(PULL, {"Service": "codebuild.amazonaws.com"}))),
        template(role(SIGN_IN), repository({"Effect": "Allow", "NotPrincipal": {"AWS": OWN}, "Action": PULL})),
        template(role(*PULLS, deny(PULL, Condition={"Bool": {"aws:SecureTransport": "true"}}))),
    ],
)
def test_who_lacks_an_action_that_gets_layers_cannot_pull(given: dict[str, Any]) -> None:
    """No statement allows it, or one denies it; that the account may delegate allows nothing."""
    assert_cannot_pull(given, "Ci", "Web")
    assert fails(assert_can_pull, given)


@pytest.mark.parametrize(
    "given",
    [
        template(role(SIGN_IN), repository(trust(PULL, Condition=IS_ORGANIZATION))),
        template(role(SIGN_IN), repository({**trust(PULL), "Principal": {"AWS": {"Ref": "Unknown"}}})),
        template(role(SIGN_IN), {"Type": "AWS::ECR::Repository", "Properties": {"RepositoryPolicyText": {"Ref": "P"}}}),
        template(role(SIGN_IN, allow(PULL, Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}))),
        template(role(*PULLS, deny(PULL, Condition={"Bool": {"aws:MultiFactorAuthPresent": "false"}}))),
        template(role(SIGN_IN, ManagedPolicyArns=[{"Ref": "Parameter"}])),
    ],
)
def test_what_the_deployment_decides_passes_neither(given: dict[str, Any]) -> None:
    """An assertion that holds by chance would prove nothing."""
    assert fails(assert_can_pull, given)
    assert fails(assert_cannot_pull, given)


def test_a_missing_token_alone_keeps_no_principal_out() -> None:
    """Without it a principal cannot pull, but another policy may grant it."""
    given = template(role(allow(PULL), allow(PUSH)))
    assert "not allowed on *: ecr:GetAuthorizationToken" in refused(assert_can_pull, given, "Ci", "Web")
    for check in (assert_cannot_pull, assert_cannot_push):
        assert fails(check, given)


@pytest.mark.parametrize("missing", PUSH)
def test_pushing_needs_each_action(missing: str) -> None:
    """Also the one that the CDK's own grant leaves out."""
    assert_can_push(template(role(*PUSHES)), "Ci", "Web")
    text = refused(
        assert_can_push, template(role(allow([one for one in PUSH if one != missing]), SIGN_IN)), "Ci", "Web"
    )
    assert text.splitlines()[0] == "role ci cannot push to team/web"
    assert f"  not allowed on {PLACE}/web: {missing}" in text.splitlines()


def test_a_managed_policy_that_pushes_to_some_repositories_leaves_that_open() -> None:
    """SageMaker's policy reaches repositories of its name; it pulls from all."""
    given = template(role(ManagedPolicyArns=[f"{MANAGED}/AmazonSageMakerFullAccess"]))
    assert_can_pull(given, "Ci", "Web")
    for check in (assert_can_push, assert_cannot_push):
        assert fails(check, given)


@pytest.mark.parametrize(
    "given",
    [
        template(role(allow(REQUIRED_PULL), SIGN_IN)),
        template(role(ManagedPolicyArns=["arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly"])),
    ],
    ids=["own", "AmazonEC2ContainerRegistryPullOnly"],
)
def test_pulling_needs_no_look_for_layers(given: dict[str, Any]) -> None:
    """AWS's own policy for nodes allows the two actions by which an image arrives, and no third."""
    assert_can_pull(given, "Ci", "Web")
    assert fails(assert_cannot_pull, given)


def test_who_may_put_an_image_is_not_kept_from_pushing() -> None:
    """A tag can be moved to layers that are there."""
    assert_cannot_push(template(role(allow([one for one in PUSH if one != "ecr:PutImage"]), SIGN_IN)), "Ci", "Web")
    assert fails(assert_cannot_push, template(role(allow("ecr:PutImage"))))


def test_the_failure_names_who_what_and_on_what() -> None:
    """And a statement of each kind that comes near."""
    api = {"Fn::GetAtt": ["Api", "Arn"]}
    given = template(
        role(
            allow(REQUIRED_PULL[:1]),
            allow(REQUIRED_PULL[1], api),
            allow("ecr:DescribeImages"),
            allow("s3:GetObject", "*"),
            {"Effect": "Allow", "Action": TOKEN, "Resource": api},
        ),
        repository(trust(PULL, {"AWS": "444455556666"})),
        Api=repository(name="team/api"),
    )
    assert refused(assert_can_pull, given, "Ci", "Web").splitlines() == [
        "role ci cannot pull from team/web",
        "  not allowed on *: ecr:GetAuthorizationToken",
        f"  allowed on {PLACE}/web: ecr:BatchGetImage",
        f"  not allowed on {PLACE}/web: ecr:GetDownloadUrlForLayer",
        "statements that come near:",
        f"{OWN_POLICY}[4]: allows ecr:GetAuthorizationToken on another resource: {PLACE}/api",
        f"{OWN_POLICY}[0]: allows ecr:BatchGetImage there, and nothing of what is missing",
        f"{OWN_POLICY}[1]: allows ecr:GetDownloadUrlForLayer on another resource: {PLACE}/api",
        f"{OWN_POLICY}[2]: allows ecr:DescribeImages there, and nothing of what is missing",
        f"{THEIRS}: allows ecr:GetDownloadUrlForLayer to 444455556666, which is another principal",
        "[ECR-ACCESS-701]",
    ]


def test_the_failure_of_the_opposite_names_what_allows_it() -> None:
    """And nothing else."""
    given = template(
        role(allow("ecr:PutImage"), allow("ecr:PutImage", BASE)),
        repository(trust(PUSH, {"AWS": OWN})),
    )
    assert refused(assert_cannot_push, given, "Ci", "Web").splitlines()[2:] == [
        "statements that allow it:",
        f"{OWN_POLICY}[0]: allows ecr:PutImage",
        THEIRS + ": allows ecr:PutImage to arn:${AWS::Partition}:iam::${AWS::AccountId}:role/ci",
        "[ECR-ACCESS-701]",
    ]
    managed = template(role(ManagedPolicyArns=[f"{MANAGED}/PowerUserAccess"]))
    assert f"  {MANAGED}/PowerUserAccess: allows ecr:PutImage" in refused(assert_cannot_push, managed, "Ci", "Web")


def test_what_denies_it_is_named() -> None:
    """With its condition."""
    given = template(role(*PUSHES, deny("ecr:Put*", Condition={"Bool": {"aws:MultiFactorAuthPresent": "false"}})))
    text = refused(assert_can_push, given, "Ci", "Web")
    assert text.startswith("role ci cannot be shown to be able to push to team/web\n")
    assert "Statement[2]: denies ecr:PutImage, under a condition on aws:multifactorauthpresent" in text


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (template(role()), "role ci cannot get a token\n  not allowed on *: ecr:GetAuthorizationToken\nno statement"),
        (template(role(allow(TOKEN))), "allows ecr:GetAuthorizationToken on another resource: arn:"),
        (template(role(SIGN_IN, deny(TOKEN, "*"))), "Statement[1]: denies ecr:GetAuthorizationToken"),
        (template(role(ManagedPolicyArns=[{"Ref": "P"}])), "not known before the deployment on *: ecr:GetAuthori"),
        (template(role(ManagedPolicyArns=[{"Ref": "P"}])), "not all policies of role ci are known"),
    ],
)
def test_a_missing_token_is_told(given: dict[str, Any], text: str) -> None:
    """With what comes near."""
    assert text in refused(assert_has_token, given, "Ci")


def test_the_token_on_a_resource_is_found_in_either_policy() -> None:
    """All at once, each with its place."""
    assert_no_token_on_resource(template(role(*PULLS), repository(trust(PULL))))
    given = template(role(allow([TOKEN, *PULL], BASE)), repository(trust(TOKEN)))
    assert refused(assert_no_token_on_resource, given).splitlines() == [
        "ecr:GetAuthorizationToken works on '*' in an identity's policy, and nowhere else",
        f"{OWN_POLICY}[0].Resource: ecr:GetAuthorizationToken is allowed on '{BASE}' alone, where it has no effect",
        f"{THEIRS}: ecr:GetAuthorizationToken is in a repository policy, where it has no effect",
        "[ECR-ACCESS-701]",
    ]


POLICY = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "ecr:GetAuth*", "Resource": "*"}]}
NOTHING = {"Ref": "AWS::NoValue"}


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("AWS::ECR::Repository", {"RepositoryPolicyText": POLICY}),
        ("AWS::ECR::Repository", {"RepositoryPolicyText": json.dumps(POLICY)}),
        ("AWS::ECR::RepositoryCreationTemplate", {"RepositoryPolicy": json.dumps(POLICY)}),
        ("AWS::ECR::RegistryPolicy", {"PolicyText": POLICY}),
    ],
    ids=["object", "text", "creation template", "registry"],
)
def test_the_token_is_found_in_every_policy_of_a_resource(kind: str, properties: dict[str, object]) -> None:
    """Also where the policy is a text, and where a wildcard ends the action."""
    given = template(role(), Other={"Type": kind, "Properties": properties})
    assert "Other in template 1, Properties." in refused(assert_no_token_on_resource, given)


@pytest.mark.parametrize("branches", [(allow(TOKEN), NOTHING), (NOTHING, allow(TOKEN))])
def test_the_token_is_found_under_a_condition_of_the_template(branches: tuple[object, object]) -> None:
    """It would be there in one deployment."""
    given = template(role(SIGN_IN, {"Fn::If": ["IsLive", *branches]}))
    assert "Statement[1].Resource" in refused(assert_no_token_on_resource, given)
    assert_no_token_on_resource(template(role({"Fn::If": ["IsLive", SIGN_IN, NOTHING]})))


def test_the_token_is_found_on_a_resource_that_is_put_together() -> None:
    """Beside a statement under a condition."""
    joined = {"Fn::Join": ["", ["arn:aws:ecr:eu-west-1:111122223333:", "repository/base"]]}
    given = template(role({"Fn::If": ["IsLive", SIGN_IN, NOTHING]}, allow(TOKEN, joined)))
    assert f"is allowed on '{BASE}' alone" in refused(assert_no_token_on_resource, given)


def test_a_repository_that_exists_already_is_named_by_its_arn() -> None:
    """Its policy is not known, nor whose account it is in: nothing is enough to say that a principal cannot."""
    text = refused(assert_cannot_pull, template(role(SIGN_IN)), "Ci", BASE)
    assert text.startswith("role ci may at deployment be able to pull from base\n")
    assert f"the policy of {BASE} is in none of the templates" in text
    assert "the account of template 1 is not known: give the App, or the stack in its place" in text
