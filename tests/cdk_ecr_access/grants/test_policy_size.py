"""A repository policy that ECR would refuse for its length is an error at synthesis that says what to do."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import NestedStack, Stack
from aws_cdk import aws_iam as iam
from hypothesis import example, given
from hypothesis import strategies as st

from cdk_ecr_access import AccessCheck, AccessibleRepository
from ecr_access.ecr.policy_size import LONGEST, is_too_long, size_error
from ecr_access.tokens import PLAUSIBLE
from tests.reading import ENV, FOREIGN_ROOT, OTHER, PULL, built

if TYPE_CHECKING:
    from aws_cdk import App

ROLES = [f"arn:aws:iam::{OTHER}:role/team/pipeline-of-service-{number:03}" for number in range(200)]
TOO_LONG = r"the repository policy of '{}' has up to 1\d,\d{{3}} characters; allowed: 10,240"


def statement(principal: object = "*", **changes: object) -> dict[str, Any]:
    """Write a statement."""
    return {"Effect": "Allow", "Action": PULL, "Principal": principal, **changes}


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    """Write a policy."""
    return {"Version": "2012-10-17", "Statement": [*statements]}


def as_long_as(length: int, value: Any = "") -> dict[str, Any]:
    """Write a policy of so many characters, if ``value`` had none."""
    empty = len(json.dumps(document(statement({"AWS": ["", ""]})), separators=(",", ":")))
    return document(statement({"AWS": ["x" * (length - empty), value]}))


def ref(name: str) -> dict[str, Any]:
    """Refer to a resource, a parameter or a pseudo parameter."""
    return {"Ref": name}


def test_the_limit_is_ecrs() -> None:
    """https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_SetRepositoryPolicy.html."""
    assert LONGEST == 10_240


@pytest.mark.parametrize("policy", [None, document(), document(statement()), as_long_as(LONGEST)])
def test_a_policy_may_be_as_long_as_the_limit(policy: object) -> None:
    """And there may be none."""
    assert not is_too_long(policy)


def test_one_character_more_is_too_long() -> None:
    """Written without spaces, as it is sent."""
    assert len(json.dumps(as_long_as(LONGEST + 1), separators=(",", ":"))) == LONGEST + 1
    assert is_too_long(as_long_as(LONGEST + 1))


@pytest.mark.parametrize(
    ("value", "longest"),
    [
        (ref("AWS::Partition"), len("aws-us-gov")),
        (ref("AWS::Region"), len("ap-southeast-99")),
        (ref("AWS::AccountId"), 12),
        (ref("AWS::URLSuffix"), len("amazonaws.com.cn")),
        (ref("Parameter"), PLAUSIBLE),
        ({"Fn::GetAtt": ["Role", "Arn"]}, PLAUSIBLE),
        ({"Fn::ImportValue": "Role"}, PLAUSIBLE),
        ({"Fn::Select": [4, {"Fn::Split": [":", ref("Parameter")]}]}, PLAUSIBLE),
        ({"Fn::Join": ["", ["arn:", ref("AWS::Partition"), f":iam::{OTHER}:root"]]}, 4 + 10 + 6 + 12 + 5),
        ({"Fn::Join": ["::", ["a", {"Fn::Join": ["-", ["b", ref("AWS::AccountId")]]}, "c"]]}, 1 + 2 + 14 + 2 + 1),
        # Who knows how many parts there are.
        ({"Fn::Join": [",", {"Fn::Split": ["/", ref("Parameter")]}]}, PLAUSIBLE),
        ({"Fn::Join": [",", ref("List")]}, PLAUSIBLE),
    ],
    ids=lambda value: json.dumps(value) if isinstance(value, dict) else "",
)
def test_what_is_known_at_deployment_counts_at_its_longest(value: dict[str, Any], longest: int) -> None:
    """Neither as the text of the function, nor as nothing."""
    assert not is_too_long(as_long_as(LONGEST - longest, value))
    assert is_too_long(as_long_as(LONGEST - longest + 1, value))


def test_a_principal_or_condition_of_one_key_is_no_function() -> None:
    """They are dictionaries of one entry as well."""
    kept = document(statement({"AWS": ["x" * LONGEST]}, Condition={"StringEquals": {"aws:SourceAccount": OTHER}}))
    assert is_too_long(kept)


@given(st.lists(st.text(st.characters(codec="ascii"), max_size=40), max_size=5))
@example(["\\", '"'])
def test_a_policy_of_literals_counts_as_it_is_written(names: list[str]) -> None:
    """Whatever its statements."""
    rest = len(json.dumps(document(statement({"AWS": [*names, ""]})), separators=(",", ":")))
    assert not is_too_long(document(statement({"AWS": [*names, "x" * (LONGEST - rest)]})))
    assert is_too_long(document(statement({"AWS": [*names, "x" * (LONGEST - rest + 1)]})))


def test_the_error_says_how_long_the_policy_is_and_what_to_do() -> None:
    """With the limit, and the way out."""
    message = size_error("Stack/Repository/Resource", as_long_as(LONGEST + 1))
    assert message.startswith(
        "the repository policy of 'Stack/Repository/Resource' has up to 10,241 characters; allowed: 10,240; "
    )
    assert message.endswith(
        "trust an organization (iam.OrganizationPrincipal) or whole accounts (iam.AccountPrincipal) in the place of "
        "single roles"
    )


def test_the_error_names_the_three_largest_contributors() -> None:
    """The largest first, each with its size, its principals and their number."""
    parts = [
        statement({"AWS": [f"account-{number}" for number in range(30)]}),
        statement(
            {"Service": "codebuild.amazonaws.com"}, Condition={"StringEquals": {"aws:SourceAccount": "smallest"}}
        ),
        statement({"AWS": FOREIGN_ROOT}, Condition={"ArnLike": {"aws:PrincipalArn": ROLES}}),
        statement("*", Condition={"StringEquals": {"aws:PrincipalOrgID": [f"o-abc12345{n:02}" for n in range(60)]}}),
    ]
    message = size_error("Repository", document(*parts))
    sizes = [len(json.dumps(one, separators=(",", ":"))) for one in parts]
    found = re.findall(r"([\d,]+) characters for (.*?); ", message)
    assert [int(size.replace(",", "")) for size, _ in found] == sorted(sizes, reverse=True)[:3]
    assert [principals for _, principals in found] == [
        f"'{FOREIGN_ROOT}' under 200 aws:PrincipalArn ('{ROLES[0]}', ...)",
        "'*' under 60 aws:PrincipalOrgID ('o-abc1234500', ...)",
        "30 AWS principals ('account-0', ...)",
    ]


@pytest.mark.parametrize(
    ("one", "principals"),
    [
        (statement({"AWS": {"Fn::GetAtt": ["Role", "Arn"]}}), "a value known at deployment"),
        (statement({"AWS": "a"}, Condition={"StringEquals": {"aws:SourceAccount": []}}), "under no aws:SourceAccount"),
        (statement({"AWS": ["a", "b"], "Service": "c"}), "for 2 AWS principals ('a', ...), 'c'; "),
        ({"Effect": "Deny", "Action": "*", "NotPrincipal": {"AWS": ["a", "b"]}}, "2 AWS principals ('a', ...)"),
    ],
    ids=["token", "no value", "two schemes", "all but some"],
)
def test_the_error_describes_any_statement(one: dict[str, Any], principals: str) -> None:
    """Also one that no grant writes."""
    assert principals in size_error("Repository", document(one))


def pulled_by_all(repository: AccessibleRepository) -> None:
    """Grant two hundred roles of another account, one by one."""
    for role in ROLES:
        repository.grant_pull(iam.ArnPrincipal(role))


def trusting_all(repository: AccessibleRepository) -> AccessibleRepository:
    """Trust the same in a statement of one's own."""
    condition = {"ArnLike": {"aws:PrincipalArn": ROLES}}
    own = iam.PolicyStatement(actions=PULL, principals=[iam.AccountPrincipal(OTHER)], conditions=condition)
    repository.add_to_resource_policy(own)
    return repository


def test_two_hundred_roles_of_another_account_are_an_error() -> None:
    """At synthesis, with the path of the repository; ECR would answer minutes into the deployment."""
    with pytest.raises(RuntimeError, match=TOO_LONG.format("Stack/Repository/Resource")) as raised:
        built(lambda _, repository: pulled_by_all(repository))
    assert f"'{FOREIGN_ROOT}' under 200 aws:PrincipalArn ('{ROLES[0]}', ...)" in str(raised.value)


def test_the_same_through_their_organization_pass() -> None:
    """The way out that the error names; each of the roles may still be required to have its access."""

    def build(stack: Stack, repository: AccessibleRepository) -> None:
        repository.grant_pull(iam.OrganizationPrincipal("o-abc1234567"))
        for role in ROLES[:3]:
            AccessCheck.of(stack).require_pull(iam.ArnPrincipal(role), repository)

    found = built(build)
    assert [one["Principal"] for one in found.repository_side] == [{"AWS": "*"}]
    assert set(ROLES[:3]) < {*found.principals}


def test_the_same_through_their_account_pass() -> None:
    """The other way out."""
    (found,) = built(lambda _, repository: repository.grant_pull(iam.AccountPrincipal(OTHER))).repository_side
    assert found["Principal"] == {"AWS": FOREIGN_ROOT}


def test_synthesizing_the_app_tells_of_all_policies_that_are_too_long(app: App) -> None:
    """Also policies of other stacks and nested ones, and none that is short enough, in one error."""
    stack, other = Stack(app, "Stack", env=ENV), Stack(app, "Other")
    for scope in (stack, NestedStack(stack, "Nested"), other):
        trusting_all(AccessibleRepository(scope, "Long", repository_name="team/long"))
    AccessibleRepository(stack, "Short", repository_name="team/short").grant_pull(iam.AccountPrincipal(OTHER))
    with pytest.raises(RuntimeError) as raised:
        app.synth()
    found = re.findall(r"the repository policy of '([^']*)'", str(raised.value))
    assert {*found} == {"Other/Long/Resource", "Stack/Long/Resource", "Stack/Nested/Long/Resource"}


def test_a_policy_that_two_checks_see_is_told_of_once(app: App) -> None:
    """The check of a role's stack reads the policies of the repositories that it may use."""
    images, service = Stack(app, "Images", env=ENV), Stack(app, "Service", env=ENV)
    repository = trusting_all(AccessibleRepository(images, "Long", repository_name="team/long"))
    repository.grant_pull(iam.Role(service, "Role", assumed_by=iam.AccountRootPrincipal()))
    with pytest.raises(RuntimeError) as raised:
        app.synth()
    assert str(raised.value).count("the repository policy of 'Images/Long/Resource'") == 1


def test_a_policy_of_another_stacks_repository_is_measured(app: App) -> None:
    """What refers to another stack counts as well: a role whose ARN is known at deployment."""
    images, service = Stack(app, "Images", env=ENV), Stack(app, "Service", env=ENV)
    repository = AccessibleRepository(images, "Long", repository_name="team/long")
    for number in range(90):
        role = iam.Role(service, f"Role{number}", assumed_by=iam.AccountRootPrincipal())
        repository.grant_pull(role.without_policy_updates())
    with pytest.raises(RuntimeError, match=TOO_LONG.format("Images/Long/Resource")):
        app.synth()
