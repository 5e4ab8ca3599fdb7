"""What a declared repository's policy says of several trusted principals: joined where that allows the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsii
import pytest
from aws_cdk import App, Aspects, CfnJson, CfnParameter, Fn, IAspect, NestedStack, Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

from cdk_ecr_access import AccessibleRepository
from tests.reading import ACCOUNT, ENV, FOREIGN_ROLE, FOREIGN_ROOT, OTHER, PULL, PUSH, ROLE, built, rendered

if TYPE_CHECKING:
    from collections.abc import Callable

    from constructs import IConstruct

CI = iam.AccountRootPrincipal()
THIRD, FOURTH = "777788889999", "555566667777"
THIRD_ROOT = f"arn:aws:iam::{THIRD}:root"
SERVICE = "codebuild.amazonaws.com"
ORGANIZATIONS = ("o-abc1234567", "o-xyz1234567")
UNITS = ("o-abc1234567/r-ab12/ou-ab12-11111111/", "o-abc1234567/r-ab12/ou-ab12-22222222/*")


def role(name: str, account: str = OTHER) -> iam.ArnPrincipal:
    """A role of another account."""
    return iam.ArnPrincipal(f"arn:aws:iam::{account}:role/{name}")


def unit(path: str) -> iam.IPrincipal:
    """Every principal of a unit."""
    return iam.StarPrincipal().with_conditions({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": path}})


def pulled_by(*principals: iam.IPrincipal) -> list[dict[str, Any]]:
    """Grant each a pull, one by one, and read the repository's policy."""
    return built(lambda _, repository: [repository.grant_pull(one) for one in principals]).repository_side


def allow(principal: object, condition: object = None, *, actions: list[str] = PULL) -> dict[str, Any]:
    """Write a statement."""
    found = {"Effect": "Allow", "Action": actions, "Principal": principal}
    return found if condition is None else {**found, "Condition": condition}


def own(*principals: iam.IPrincipal, **changes: Any) -> iam.PolicyStatement:
    """Write a statement of one's own."""
    return iam.PolicyStatement(**{"actions": PULL, "principals": [*principals], **changes})


@pytest.mark.parametrize(
    ("principals", "statement"),
    [
        (
            [role("ci"), role("cd"), role("web-*")],
            allow(
                {"AWS": FOREIGN_ROOT}, {"ArnLike": {"aws:PrincipalArn": [role(n).arn for n in ("ci", "cd", "web-*")]}}
            ),
        ),
        ([iam.AccountPrincipal(OTHER), iam.AccountPrincipal(THIRD)], allow({"AWS": [FOREIGN_ROOT, THIRD_ROOT]})),
        (
            [iam.OrganizationPrincipal(one) for one in ORGANIZATIONS],
            allow({"AWS": "*"}, {"StringEquals": {"aws:PrincipalOrgID": [*ORGANIZATIONS]}}),
        ),
        (
            [unit(one) for one in UNITS],
            allow({"AWS": "*"}, {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": [*UNITS]}}),
        ),
        (
            [iam.ServicePrincipal(one) for one in (SERVICE, "ecs.amazonaws.com")],
            allow({"Service": [SERVICE, "ecs.amazonaws.com"]}, {"StringEquals": {"aws:SourceAccount": ACCOUNT}}),
        ),
        (
            [
                iam.ServicePrincipal(SERVICE, conditions={"StringEquals": {"aws:SourceAccount": one}})
                for one in (OTHER, THIRD)
            ],
            allow({"Service": SERVICE}, {"StringEquals": {"aws:SourceAccount": [OTHER, THIRD]}}),
        ),
        ([iam.ArnPrincipal(ROLE), iam.ArnPrincipal(f"{ROLE}2")], allow({"AWS": [ROLE, f"{ROLE}2"]})),
    ],
    ids=["roles of an account", "accounts", "organizations", "units", "services", "a service's sources", "own roles"],
)
def test_those_of_a_kind_share_a_statement(principals: list[iam.IPrincipal], statement: dict[str, Any]) -> None:
    """In the order of the grants, each once, however often it is granted."""
    assert pulled_by(*principals) == [statement]
    assert pulled_by(*principals, *principals) == [statement]


@pytest.mark.parametrize(
    "principals",
    [
        [role("ci"), role("ci", THIRD)],
        [role("ci"), iam.AccountPrincipal(OTHER)],
        [iam.AccountPrincipal(OTHER), iam.ServicePrincipal(SERVICE)],
        [iam.OrganizationPrincipal(ORGANIZATIONS[0]), unit(UNITS[0])],
        [iam.OrganizationPrincipal(ORGANIZATIONS[0]), iam.AccountPrincipal(OTHER)],
        [iam.ServicePrincipal(SERVICE), iam.ServicePrincipal("lambda.amazonaws.com")],
    ],
    ids=["accounts", "role and account", "account and service", "organization and unit", "star", "services"],
)
def test_those_who_differ_in_more_have_a_statement_each(principals: list[iam.IPrincipal]) -> None:
    """The roles of two accounts, for one: joined, each account would vouch for the other's roles."""
    found = pulled_by(*principals)
    assert found == [statement for one in principals for statement in pulled_by(one)]
    assert len(found) == 2


def test_each_level_has_a_statement_of_its_own() -> None:
    """Who may pull may not push."""

    def build(_: Stack, repository: AccessibleRepository) -> None:
        for name in ("ci", "cd"):
            repository.grant_pull(role(name))
            repository.grant_push(role(name))

    condition = {"ArnLike": {"aws:PrincipalArn": [role("ci").arn, role("cd").arn]}}
    assert built(build).repository_side == [
        allow({"AWS": FOREIGN_ROOT}, condition, actions=one) for one in (PULL, PUSH)
    ]


def test_a_policy_with_nothing_to_join_is_as_the_cdk_writes_it(stack: Stack) -> None:
    """Most repositories have one grant."""
    statements = [
        allow({"AWS": FOREIGN_ROOT}),
        allow({"AWS": "*"}, {"StringEquals": {"aws:PrincipalOrgID": ORGANIZATIONS[0]}}),
    ]
    plain = ecr.Repository(stack, "Plain")
    for one in statements:
        plain.add_to_resource_policy(iam.PolicyStatement.from_json(one))
    repository = AccessibleRepository(stack, "Repository", repository_name="team/app")
    repository.grant_pull(iam.AccountPrincipal(OTHER))
    repository.grant_pull(iam.OrganizationPrincipal(ORGANIZATIONS[0]))
    one, other = (it["Properties"]["RepositoryPolicyText"] for it in rendered(stack).all("AWS::ECR::Repository"))
    assert one == other == {"Version": "2012-10-17", "Statement": statements}


def test_a_joined_policy_keeps_its_version() -> None:
    """Only its statements are joined."""
    found = built(lambda _, repository: [repository.grant_pull(role(one)) for one in ("ci", "cd")])
    policy = found.one("AWS::ECR::Repository")["Properties"]["RepositoryPolicyText"]
    assert policy == {"Version": "2012-10-17", "Statement": found.repository_side}


def test_repositories_are_joined_each_by_itself(stack: Stack) -> None:
    """What one trusts, another does not."""
    for name in ("web", "worker"):
        repository = AccessibleRepository(stack, name, repository_name=f"team/{name}")
        repository.grant_pull(role(name))
        repository.grant_pull(role("ci"))
    found = [one["Condition"]["ArnLike"]["aws:PrincipalArn"] for one in rendered(stack).repository_side]
    assert found == [[role(name).arn, FOREIGN_ROLE] for name in ("web", "worker")]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_statement_of_ones_own_is_joined_with_its_like(place: int) -> None:
    """Whenever it is added, as if a grant had."""

    def build(_: Stack, repository: AccessibleRepository) -> None:
        for number, account in enumerate((OTHER, THIRD, None)):
            if number == place:
                repository.add_to_resource_policy(own(iam.AccountPrincipal(FOURTH)))
            if account:
                repository.grant_pull(iam.AccountPrincipal(account))

    (found,) = built(build).repository_side
    assert len(found["Principal"]["AWS"]) == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"sid": "Mine"},
        {"effect": iam.Effect.DENY},
        {"actions": ["ecr:DeleteRepository"]},
        {"conditions": {"Bool": {"aws:SecureTransport": "true"}}},
        {"conditions": {"StringEquals": {"aws:PrincipalTag/team": ["a", "b"]}}},
    ],
    ids=["an id", "a deny", "other actions", "a condition", "values"],
)
def test_a_statement_of_ones_own_stays_beside_joined_ones(changes: dict[str, Any]) -> None:
    """It is rendered as if nothing had been joined."""
    statement = own(iam.AccountPrincipal(FOURTH), **changes)
    (alone,) = built(lambda _, repository: repository.add_to_resource_policy(statement)).repository_side

    def build(_: Stack, repository: AccessibleRepository) -> None:
        repository.grant_pull(iam.AccountPrincipal(OTHER))
        repository.add_to_resource_policy(own(iam.AccountPrincipal(FOURTH), **changes))
        repository.grant_pull(iam.AccountPrincipal(THIRD))

    assert built(build).repository_side == [allow({"AWS": [FOREIGN_ROOT, THIRD_ROOT]}), alone]


def test_a_statement_added_twice_is_rendered_once() -> None:
    """As in any policy of the CDK; two of one id would be refused."""

    def build(_: Stack, repository: AccessibleRepository) -> None:
        for account in (OTHER, THIRD):
            repository.grant_pull(iam.AccountPrincipal(account))
            repository.add_to_resource_policy(own(iam.AnyPrincipal(), sid="Mine", effect=iam.Effect.DENY))

    assert len(built(build).repository_side) == 2


@pytest.mark.parametrize("joined", [False, True])
@pytest.mark.parametrize(
    "condition",
    [
        lambda stack: {"StringEquals": CfnJson(stack, "Json", value={"aws:SourceAccount": ACCOUNT})},
        lambda _: {"StringEquals": {"aws:SourceAccount": Fn.get_att("Other", "Account")}},
        lambda stack: {
            "StringEquals": {
                "aws:SourceAccount": CfnParameter(stack, "Accounts", type="CommaDelimitedList").value_as_list
            }
        },
        lambda stack: {"StringEquals": {"aws:SourceAccount": CfnParameter(stack, "Account").value_as_string}},
    ],
    ids=["keys", "intrinsic", "list", "text"],
)
def test_a_condition_of_ones_own_may_be_known_later(
    condition: Callable[[Stack], dict[str, Any]], *, joined: bool
) -> None:
    """The CDK takes tokens there, and so does a joined policy."""

    def build(stack: Stack, repository: AccessibleRepository) -> None:
        repository.add_to_resource_policy(own(iam.AccountPrincipal(FOURTH), conditions=condition(stack)))
        for account in (OTHER, THIRD) if joined else (OTHER,):
            repository.grant_pull(iam.AccountPrincipal(account))

    found = built(build).repository_side
    assert len(found) == 2
    assert next(iter(found[0]["Condition"].values()))


@pytest.mark.parametrize("whose", ["grant", "own"])
def test_a_role_of_another_stack_is_imported_into_a_joined_policy(app: App, whose: str) -> None:
    """What refers to another stack does so in a list as well."""
    images, service = Stack(app, "Images", env=ENV), Stack(app, "Service", env=ENV)
    repository = AccessibleRepository(images, "Repository", repository_name="team/app")
    for name in ("One", "Two"):
        there = iam.Role(service, name, assumed_by=CI)
        if whose == "grant":
            repository.grant_pull(there.without_policy_updates())
        else:
            repository.add_to_resource_policy(own(iam.ArnPrincipal(there.role_arn)))
    for account in (OTHER, THIRD):
        repository.grant_pull(iam.AccountPrincipal(account))
    (found,) = rendered(images).repository_side
    *imported, one, other = found["Principal"]["AWS"]
    assert [one.keys() for one in imported] == [{"Fn::ImportValue"}, {"Fn::ImportValue"}]
    assert [one, other] == [FOREIGN_ROOT, THIRD_ROOT]
    assert len(rendered(service).template["Outputs"]) == 2


def test_a_role_of_the_parent_stack_is_a_parameter_of_a_nested_ones_joined_policy(stack: Stack) -> None:
    """References between a stack and one nested in it are parameters."""
    nested = NestedStack(stack, "Nested")
    repository = AccessibleRepository(nested, "Repository", repository_name="team/app")
    for name in ("One", "Two"):
        repository.grant_pull(iam.Role(stack, name, assumed_by=CI).without_policy_updates())
    (found,) = rendered(nested).repository_side
    assert [one.keys() for one in found["Principal"]["AWS"]] == [{"Ref"}, {"Ref"}]


def test_what_an_aspect_adds_is_joined(stack: Stack, repository: AccessibleRepository) -> None:
    """The policy is read when all aspects have had their say."""
    repository.grant_pull(iam.AccountPrincipal(OTHER))
    repository.grant_pull(iam.AccountPrincipal(THIRD))
    Aspects.of(stack).add(_Trusting(iam.AccountPrincipal(FOURTH)))
    (found,) = rendered(stack).repository_side
    assert len(found["Principal"]["AWS"]) == 3


def test_the_cdks_own_merging_changes_nothing() -> None:
    """With the feature flag of new projects, by which it merges statements of one principal, no principal gets more."""
    stack = Stack(App(context={"@aws-cdk/aws-iam:minimizePolicies": True}), "Stack", env=ENV)
    repository = AccessibleRepository(stack, "Repository", repository_name="team/app")
    for name in ("ci", "cd"):
        repository.grant_pull(role(name))
    repository.grant_push(role("ci"))
    found = {
        (action, arn)
        for one in rendered(stack).repository_side
        for arns in [one["Condition"]["ArnLike"]["aws:PrincipalArn"]]
        for arn in (arns if isinstance(arns, list) else [arns])
        for action in one["Action"]
    }
    assert found == {(one, role("cd").arn) for one in PULL} | {(one, role("ci").arn) for one in {*PULL, *PUSH}}


@jsii.implements(IAspect)
class _Trusting:
    """Trusts a principal, wherever it can."""

    def __init__(self, principal: iam.IPrincipal) -> None:
        self._principal = principal

    def visit(self, node: IConstruct) -> None:
        """Add a statement."""
        if isinstance(node, ecr.Repository):
            node.add_to_resource_policy(own(self._principal))
