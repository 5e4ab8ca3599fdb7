"""What the access check is told to find in live repository policies: statements that no requirement proves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App, CfnJson, Environment, Fn, NestedStack, Stack
from aws_cdk import aws_iam as iam

from cdk_ecr_access import AccessCheck, AccessibleRepository, ExistingRepository
from ecr_access.check.policy_drift import DeclaredPolicy
from ecr_access.iam.arns import repository_of
from ecr_access.iam.repository_policy import RepositoryPolicy
from tests.reading import (
    ACCOUNT,
    ENV,
    FOREIGN_ROLE,
    FOREIGN_ROOT,
    OTHER,
    PULL,
    PUSH,
    REGION,
    ROLE,
    Rendered,
    built,
    rendered,
)

if TYPE_CHECKING:
    from collections.abc import Callable

CI = iam.AccountRootPrincipal()
SERVICE = "codebuild.amazonaws.com"
DELETE = {"Effect": "Allow", "Action": "ecr:DeleteRepository", "Principal": {"AWS": ROLE}}


def own(principal: iam.IPrincipal | None = None, **changes: Any) -> iam.PolicyStatement:
    """Write a statement of one's own."""
    principals = [principal or iam.ArnPrincipal(ROLE)]
    return iam.PolicyStatement(**{"actions": ["ecr:DeleteRepository"], "principals": principals, **changes})


def declared(found: Rendered) -> list[dict[str, Any]]:
    """Read what the check has to find."""
    entries: list[dict[str, Any]] = found.check["Properties"].get("Declared", [])
    return entries


def statements(build: Callable[[Stack, AccessibleRepository], object]) -> list[dict[str, Any]]:
    """Read the statements that it has to find in the policy of the only repository."""
    found = built(build)
    entries = declared(found)
    assert [one["Repositories"] for one in entries] in ([], [[arn(found)]])
    return [statement for one in entries for statement in one["Statements"]]


def arn(found: Rendered) -> dict[str, Any]:
    """Refer to the only repository of a template."""
    return {"Fn::GetAtt": [found.id("AWS::ECR::Repository"), "Arn"]}


def lacking(found: Rendered) -> tuple[object, ...]:
    """Have the check compare the policy of the only repository, as it is rendered, with what it has to find."""
    one = repository_of(f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/team/app")
    assert one is not None
    (entry,) = declared(found)
    live = RepositoryPolicy(one, tuple(found.repository_side))
    return DeclaredPolicy(one, tuple(entry["Statements"])).compare(live).problems


def test_a_statement_of_ones_own_is_found() -> None:
    """Nothing else would notice that an import dropped it."""
    assert statements(lambda _, repository: repository.add_to_resource_policy(own())) == [DELETE]


@pytest.mark.parametrize(
    "changes",
    [
        {"effect": iam.Effect.DENY, "sid": "Mine", "conditions": {"Bool": {"aws:SecureTransport": "false"}}},
        {"actions": None, "not_actions": ["ecr:PutImage"]},
        {"principals": None, "not_principals": [iam.ArnPrincipal(ROLE)], "effect": iam.Effect.DENY},
        {"principals": [iam.OrganizationPrincipal("o-abc1234567")], "actions": PULL},
        {"principals": [iam.ServicePrincipal(SERVICE)], "actions": PULL},
    ],
    ids=["deny", "other actions", "others", "star", "service"],
)
def test_whatever_it_says_it_is_found_as_it_is_rendered(changes: dict[str, Any]) -> None:
    """In the words of the template."""
    found = built(lambda _, repository: repository.add_to_resource_policy(own(**changes)))
    assert [one["Statements"] for one in declared(found)] == [found.repository_side]


@pytest.mark.parametrize(
    "principal",
    [
        lambda _: iam.ArnPrincipal(ROLE),
        lambda stack: iam.Role.from_role_arn(stack, "One", ROLE, mutable=False),
    ],
)
def test_the_statement_for_an_immutable_role_of_this_account_is_found(principal: Callable[[Stack], Any]) -> None:
    """Its own policies may let it in as well, so that its access does not prove the statement."""
    found = statements(lambda stack, repository: repository.grant_pull(principal(stack)))
    assert found == [{"Effect": "Allow", "Action": PULL, "Principal": {"AWS": ROLE}}]


@pytest.mark.parametrize(
    "principal",
    [
        iam.ArnPrincipal(FOREIGN_ROLE),
        iam.AccountPrincipal(OTHER),
        iam.OrganizationPrincipal("o-abc1234567"),
        iam.StarPrincipal().with_conditions({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a1/r-b/ou-c/"}}),
    ],
    ids=["role of another account", "account", "organization", "unit"],
)
def test_what_a_requirement_proves_is_not_compared(principal: iam.IPrincipal) -> None:
    """The repository policy alone decides for them."""
    found = built(lambda _, repository: repository.grant_pull(principal))
    assert len(found.repository_side) == len(found.requirements) == 1
    assert "Declared" not in found.check["Properties"]


def test_the_statement_for_a_service_is_found() -> None:
    """The condition names the account that it acts for, which no requirement knows before it calls."""
    found = built(lambda _, repository: repository.grant_pull(iam.ServicePrincipal(SERVICE)))
    (entry,) = declared(found)
    assert entry["Statements"] == found.repository_side
    assert entry["Statements"][0]["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}


def test_a_role_that_takes_statements_leaves_nothing_to_compare() -> None:
    """The repository has no policy then."""
    assert statements(lambda stack, repository: repository.grant_pull(iam.Role(stack, "Role", assumed_by=CI))) == []


def test_of_a_composite_what_no_requirement_proves_is_found() -> None:
    """Each of its principals by itself."""
    both = iam.CompositePrincipal(iam.ArnPrincipal(ROLE), iam.AccountPrincipal(OTHER))
    found = statements(lambda _, repository: repository.grant_pull(both))
    assert [one["Principal"] for one in found] == [{"AWS": ROLE}]


def test_each_role_and_each_level_is_found() -> None:
    """Each once, however often it is granted."""

    def build(_: Stack, repository: AccessibleRepository) -> None:
        for name in (ROLE, f"{ROLE}2"):
            repository.grant_pull(iam.ArnPrincipal(name))
        repository.grant_push(iam.ArnPrincipal(ROLE))
        repository.grant_pull(iam.ArnPrincipal(ROLE))

    found = [
        (action, role)
        for one in statements(build)
        for roles in [one["Principal"]["AWS"]]
        for role in (roles if isinstance(roles, list) else [roles])
        for action in one["Action"]
    ]
    assert sorted(found) == sorted(
        [(action, role) for action in PULL for role in (ROLE, f"{ROLE}2")] + [(action, ROLE) for action in PUSH]
    )


def test_a_statement_that_changes_later_is_found_as_it_is_at_synthesis() -> None:
    """A statement is the caller's to add to until the app is synthesized."""

    def build(_: Stack, repository: AccessibleRepository) -> None:
        statement = own()
        repository.add_to_resource_policy(statement)
        statement.add_actions("ecr:BatchDeleteImage")
        statement.add_condition("Bool", {"aws:SecureTransport": "true"})

    (found,) = statements(build)
    assert {*found["Action"]} == {"ecr:BatchDeleteImage", "ecr:DeleteRepository"}
    assert found["Condition"] == {"Bool": {"aws:SecureTransport": "true"}}


def test_repositories_of_the_same_statements_share_an_entry(stack: Stack) -> None:
    """An event has to hold two hundred of them; one of other statements has an entry of its own."""
    for name in ("web", "worker", "cron"):
        repository = AccessibleRepository(stack, name, repository_name=f"team/{name}")
        repository.add_to_resource_policy(own(sid="Mine" if name == "worker" else None))
    found = [(len(one["Repositories"]), one["Statements"]) for one in declared(rendered(stack))]
    assert found == [(2, [DELETE]), (1, [{**DELETE, "Sid": "Mine"}])]


def test_a_repository_without_such_statements_is_not_named(stack: Stack, repository: AccessibleRepository) -> None:
    """Whatever the others have, and whatever they are to it."""
    repository.add_to_resource_policy(own())
    AccessibleRepository(stack, "Other", repository_name="team/other").grant_pull(iam.AccountPrincipal(OTHER))
    existing = ExistingRepository.from_repository_name(stack, "Existing", "team/existing")
    existing.grant_pull(iam.Role(stack, "Role", assumed_by=CI))
    assert [len(one["Repositories"]) for one in declared(rendered(stack))] == [1]


@pytest.mark.parametrize("first", ["requirement", "statement"])
def test_a_requirement_of_ones_own_hides_no_statement(first: str) -> None:
    """Whichever the check hears of first."""

    def build(stack: Stack, repository: AccessibleRepository) -> None:
        if first == "statement":
            repository.add_to_resource_policy(own())
        AccessCheck.of(stack).require_pull(iam.AccountPrincipal(OTHER), repository)
        if first == "requirement":
            repository.add_to_resource_policy(own())

    assert statements(build) == [DELETE]


@pytest.mark.parametrize(
    "condition",
    [
        lambda stack: {"StringEquals": CfnJson(stack, "Json", value={"aws:SourceAccount": ACCOUNT})},
        lambda _: {"StringEquals": {"aws:SourceAccount": Fn.get_att("Other", "Account")}},
    ],
    ids=["keys", "values"],
)
def test_what_is_known_at_deployment_is_found_as_it_is_rendered(condition: Callable[[Stack], dict[str, Any]]) -> None:
    """As in the template."""
    found = built(lambda stack, repository: repository.add_to_resource_policy(own(conditions=condition(stack))))
    assert [one["Statements"] for one in declared(found)] == [found.repository_side]


@pytest.mark.parametrize(
    "statement",
    [
        own(
            iam.ArnPrincipal(FOREIGN_ROOT),
            actions=PULL,
            conditions={"ArnLike": {"aws:PrincipalArn": f"{FOREIGN_ROLE}3"}},
        ),
        own(
            iam.ServicePrincipal(SERVICE),
            actions=PULL,
            conditions={"StringEquals": {"aws:SourceAccount": OTHER}},
        ),
        own(iam.ArnPrincipal("arn:aws:iam::777788889999:root"), actions=PULL),
        own(iam.OrganizationPrincipal("o-abc1234567"), actions=PULL),
        own(iam.StarPrincipal(), effect=iam.Effect.DENY),
    ],
    ids=["role of another account", "service", "account", "organization", "deny"],
)
def test_the_check_finds_what_is_declared_in_the_policy_as_rendered(statement: iam.PolicyStatement) -> None:
    """Joined with grants, which it does not compare, it is there as well: or every deployment would fail."""

    def build(_: Stack, repository: AccessibleRepository) -> None:
        repository.add_to_resource_policy(statement)
        for name in ("1", "2"):
            repository.grant_pull(iam.ArnPrincipal(f"{FOREIGN_ROLE}{name}"))
            repository.grant_pull(iam.ArnPrincipal(f"{ROLE}{name}"))
            repository.grant_pull(iam.OrganizationPrincipal(f"o-xyz123456{name}"))
        repository.grant_pull(iam.AccountPrincipal(OTHER))
        repository.grant_pull(iam.ServicePrincipal(SERVICE))

    assert lacking(built(build)) == ()


def test_the_check_finds_immutable_roles_beside_a_statement_of_ones_own() -> None:
    """Whether the policy joins them or not."""

    def build(_: Stack, repository: AccessibleRepository) -> None:
        repository.add_to_resource_policy(own())
        for name in ("1", "2"):
            repository.grant_pull(iam.ArnPrincipal(f"{ROLE}{name}"))

    assert lacking(built(build)) == ()


@pytest.mark.parametrize("minimized", [False, True])
def test_the_check_finds_services_that_act_for_the_same_account(*, minimized: bool) -> None:
    """One of which a grant lets act for another account, too; whether the CDK merges statements of its own accord."""
    stack = Stack(App(context={"@aws-cdk/aws-iam:minimizePolicies": minimized}), "Stack", env=ENV)
    repository = AccessibleRepository(stack, "Repository", repository_name="team/app")
    source = {"StringEquals": {"aws:SourceAccount": OTHER}}
    for service in (SERVICE, "ecs.amazonaws.com"):
        repository.add_to_resource_policy(own(iam.ServicePrincipal(service), actions=PULL, conditions=source))
    repository.grant_pull(iam.ServicePrincipal(SERVICE))
    repository.grant_pull(
        iam.ServicePrincipal(SERVICE, conditions={"StringEquals": {"aws:SourceAccount": "777788889999"}})
    )
    assert lacking(rendered(stack)) == ()


def test_a_role_of_another_stack_is_imported(app: App) -> None:
    """As the policy imports it."""
    images, service = Stack(app, "Images", env=ENV), Stack(app, "Service", env=ENV)
    repository = AccessibleRepository(images, "Repository", repository_name="team/app")
    role = iam.Role(service, "Role", assumed_by=CI)
    repository.grant_pull(role.without_policy_updates())
    repository.add_to_resource_policy(own(iam.ArnPrincipal(role.role_arn)))
    found = rendered(images)
    (entry,) = declared(found)
    assert entry == {"Repositories": [arn(found)], "Statements": found.repository_side}
    assert {*entry["Statements"][0]["Principal"]["AWS"]} == {"Fn::ImportValue"}


def test_a_statement_of_ones_own_ties_no_other_stack_to_the_repositorys(app: App) -> None:
    """The check of a role's stack names the repositories that it may use; an export for each would be too many."""
    images, service = Stack(app, "Images", env=ENV), Stack(app, "Service", env=ENV)
    repository = AccessibleRepository(images, "Repository", repository_name="team/app")
    repository.add_to_resource_policy(own(iam.ArnPrincipal(iam.Role(images, "Theirs", assumed_by=CI).role_arn)))
    repository.grant_pull(iam.Role(service, "Role", assumed_by=CI))
    assert len(declared(rendered(images))) == 1
    assert "Fn::ImportValue" not in str(rendered(service).template)


def test_an_imported_roles_statement_is_found_by_the_check_of_the_role(app: App) -> None:
    """Which has it by name; the repository's stack has no check then."""
    images, service = Stack(app, "Images", env=ENV), Stack(app, "Service", env=ENV)
    repository = AccessibleRepository(images, "Repository", repository_name="team/app")
    repository.grant_pull(iam.Role.from_role_arn(service, "Role", ROLE, mutable=False))
    assert declared(rendered(service)) == [
        {
            "Repositories": [f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/team/app"],
            "Statements": rendered(images).repository_side,
        }
    ]


def test_the_check_of_a_nested_stack_finds_them_there(stack: Stack) -> None:
    """The check is that of the repository's stack."""
    nested = NestedStack(stack, "Nested")
    AccessibleRepository(nested, "Repository", repository_name="team/app").add_to_resource_policy(own())
    found = rendered(nested)
    assert declared(found) == [{"Repositories": [arn(found)], "Statements": [DELETE]}]
    assert rendered(stack).all("Custom::EcrAccessCheck") == []


def test_the_check_may_read_the_policies_that_it_compares() -> None:
    """It needs no more for a statement than for a requirement."""
    found = built(lambda _, repository: repository.add_to_resource_policy(own()))
    allowed = {action for one in found.checks_own for action in [*one["Action"]]}
    assert "ecr:GetRepositoryPolicy" in allowed
    assert found.requirements == []


def test_a_statement_of_ones_own_is_said_to_have_been_added(stack: Stack, repository: AccessibleRepository) -> None:
    """As aws_ecr says it, for what depends on the policy."""
    found = repository.add_to_resource_policy(own())
    assert found.statement_added
    assert found.policy_dependable is not None
    assert len(rendered(stack).repository_side) == 1


def test_the_policy_of_an_agnostic_stack_is_compared(app: App) -> None:
    """Its account and Region are known at deployment."""
    stack = Stack(app, "Agnostic", env=Environment(region=REGION))
    AccessibleRepository(stack, "Repository", repository_name="team/app").add_to_resource_policy(
        own(iam.AccountPrincipal(OTHER))
    )
    found = rendered(stack)
    (entry,) = declared(found)
    assert entry["Statements"] == found.repository_side
    assert FOREIGN_ROOT.rpartition("::")[2] in str(entry["Statements"][0]["Principal"])
