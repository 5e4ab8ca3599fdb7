"""Apps of several stacks, Stages, accounts and partitions synthesize, each check in its principal's stack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App, Aws, Environment, NestedStack, PhysicalName, Stack, Stage
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns

from cdk_ecr_access import AccessCheck, AccessibleRepository
from tests.reading import ACCOUNT, ENV, FOREIGN_ROOT, OTHER, PULL, REGION, ROLE, TOKEN, Rendered, rendered

if TYPE_CHECKING:
    from constructs import Construct

CI = iam.AccountRootPrincipal()
ENVIRONMENTS = {
    "agnostic": None,
    "explicit": ENV,
    "only a region": Environment(region=REGION),
    "GovCloud": Environment(account=ACCOUNT, region="us-gov-west-1"),
    "China": Environment(account=ACCOUNT, region="cn-north-1"),
}


class Images(Stack):
    """Repositories."""

    def __init__(self, scope: Construct, env: Environment | None = ENV) -> None:
        """Declare two."""
        super().__init__(scope, "Images", env=env)
        self.repositories = [
            AccessibleRepository(self, name, repository_name=f"team/{name}") for name in ("web", "worker")
        ]


class Service(Stack):
    """A service that pulls every image."""

    def __init__(self, scope: Construct, name: str, images: Images, env: Environment | None = ENV) -> None:
        """Pull."""
        super().__init__(scope, name, env=env)
        task = ecs.FargateTaskDefinition(self, "Task")
        for one in images.repositories:
            task.add_container(one.node.id, image=ecs.ContainerImage.from_ecr_repository(one, "1.0"))


def checks(found: Rendered) -> int:
    """How many checks a stack has."""
    return len(found.all("Custom::EcrAccessCheck"))


@pytest.mark.parametrize("env", ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def test_services_of_two_stacks_pull_from_repositories_of_a_third(app: App, env: Environment | None) -> None:
    """The services' stacks need the repositories', never the other way round."""
    images = Images(app, env)
    shop, mail = Service(app, "Shop", images, env), Service(app, "Mail", images, env)
    needs = {
        one.display_name: {d.id for d in one.dependencies} & {"Images", "Shop", "Mail"} for one in app.synth().stacks
    }
    assert needs == {"Images": set(), "Shop": {"Images"}, "Mail": {"Images"}}
    assert [checks(rendered(stack)) for stack in (images, shop, mail)] == [0, 1, 1]
    assert rendered(images).repository_side == []


def test_a_stage_is_an_app_of_its_own(app: App) -> None:
    """Two stages of the same stacks do not know of each other."""
    for name, account in (("Test", ACCOUNT), ("Prod", OTHER)):
        stage = Stage(app, name, env=Environment(account=account, region=REGION))
        images = Images(stage, None)
        service = Service(stage, "Shop", images, None)
        assert checks(rendered(images)) == 0
        (requirement,) = rendered(service).requirements
        assert len(requirement["Access"]["PULL"]) == 2
    assert len(app.synth().nested_assemblies) == 2


def test_a_role_of_a_nested_stack_is_checked_there(app: App) -> None:
    """The repository's ARN arrives as a parameter."""
    images = Images(app)
    nested = NestedStack(images, "Nested")
    images.repositories[0].grant_pull(iam.Role(nested, "Role", assumed_by=CI))
    (requirement,) = rendered(nested).requirements
    (arn,) = requirement["Access"]["PULL"]
    assert arn.keys() == {"Ref"}
    assert checks(rendered(images)) == 0


def test_a_repository_of_a_nested_stack_is_checked_where_its_user_lives(app: App) -> None:
    """The repository's ARN is an output of the nested stack."""
    parent = Stack(app, "Parent", env=ENV)
    nested = NestedStack(parent, "Nested")
    repository = AccessibleRepository(nested, "Repository", repository_name="team/app")
    repository.grant_pull(iam.Role(parent, "Role", assumed_by=CI))
    repository.grant_pull(iam.AccountPrincipal(OTHER))
    (arn,) = rendered(parent).requirements[0]["Access"]["PULL"]
    assert "Outputs." in arn["Fn::GetAtt"][1]
    assert rendered(nested).principals == [OTHER]


@pytest.mark.parametrize("name", [None, "pipeline"], ids=["made up", "given"])
def test_a_role_of_another_region_needs_no_name(app: App, name: str | None) -> None:
    """IAM is one for all Regions of an account: the policy, and its proof, are in the role's stack."""
    images = Images(app)
    there = Stack(app, "There", env=Environment(account=ACCOUNT, region="us-east-1"))
    role = iam.Role(there, "Role", assumed_by=CI, role_name=name)
    images.repositories[0].grant_pull(role)
    mine, theirs = rendered(images), rendered(there)
    arn = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/team/web"
    assert [(one["Action"], one["Resource"]) for one in theirs.identity_side] == [(PULL, arn), (TOKEN, "*")]
    assert [one["Access"] for one in theirs.requirements] == [{"PULL": [arn]}]
    assert (mine.repository_side, checks(mine)) == ([], 0)


def test_no_stack_names_a_role_of_another_region(app: App) -> None:
    """The execution role of a service takes a name where one is needed, and a name that appears replaces the role."""
    service = Service(app, "There", Images(app), Environment(account=ACCOUNT, region="us-east-1"))
    roles = [one["Properties"] for one in rendered(service).all("AWS::IAM::Role")]
    assert not any("RoleName" in one for one in roles)


@pytest.mark.parametrize("named", ["images", "roles"])
def test_a_role_may_be_in_a_stack_of_no_environment(app: App, named: str) -> None:
    """Whether its account is the repository's is not known, and its policies are attached where it is."""
    images = Images(app, ENV if named == "images" else None)
    there = Stack(app, "There", env=ENV if named == "roles" else None)
    images.repositories[0].grant_pull(iam.Role(there, "Role", assumed_by=CI))
    mine, theirs = rendered(images), rendered(there)
    assert [one["Action"] for one in theirs.identity_side] == [PULL, TOKEN]
    assert [one["Token"] for one in theirs.requirements] == [True]
    assert (mine.repository_side, checks(mine)) == ([], 0)


@pytest.mark.parametrize("name", ["pipeline", PhysicalName.GENERATE_IF_NEEDED], ids=["named", "generated"])
def test_a_role_of_another_account_in_the_same_app_is_proved_in_both(app: App, name: str) -> None:
    """Its own account proves the identity side, the repository's the repository side."""
    images = Images(app)
    there = Stack(app, "There", env=Environment(account=OTHER, region=REGION))
    images.repositories[0].grant_pull(iam.Role(there, "Role", assumed_by=CI, role_name=name))
    mine, theirs = rendered(images), rendered(there)
    (statement,) = mine.repository_side
    assert statement["Principal"] == {"AWS": FOREIGN_ROOT}
    assert f":iam::{OTHER}:role/" in str(statement["Condition"]["ArnLike"]["aws:PrincipalArn"])
    assert [one["Action"] for one in theirs.identity_side] == [PULL, TOKEN]
    assert [[one["Token"] for one in found.requirements] for found in (mine, theirs)] == [[False], [True]]
    assert f":ecr:{REGION}:{ACCOUNT}:repository/team/web" in str(theirs.requirements[0]["Access"]["PULL"])


def test_conditions_around_a_role_of_another_account_are_on_the_repository_side(app: App) -> None:
    """Between accounts both sides have to allow it, so that the role's own need not repeat them."""
    images = Images(app)
    there = Stack(app, "There", env=Environment(account=OTHER, region=REGION))
    role = iam.Role(there, "Role", assumed_by=CI, role_name="pipeline")
    tagged = {"StringEquals": {"aws:PrincipalTag/team": "web"}}
    images.repositories[0].grant_pull(iam.PrincipalWithConditions(role, tagged))
    mine, theirs = rendered(images), rendered(there)
    assert [one["Condition"]["StringEquals"] for one in mine.repository_side] == [tagged["StringEquals"]]
    assert [one["Action"] for one in theirs.identity_side] == [PULL, TOKEN]


def test_a_role_of_another_account_needs_a_name(app: App) -> None:
    """Nothing is rendered for a role that cannot be named, and the reason is the CDK's."""
    images = Images(app)
    there = Stack(app, "There", env=Environment(account=OTHER, region=REGION))
    with pytest.raises(RuntimeError, match="physical name"):
        images.repositories[0].grant_pull(iam.Role(there, "Role", assumed_by=CI))
    assert rendered(images).repository_side == []


def test_an_immutable_role_made_in_another_stack_is_checked_beside_the_repository(app: App) -> None:
    """The repository policy names it, so that stack needs the role's already."""
    images, service = Images(app), Stack(app, "Service", env=ENV)
    images.repositories[0].grant_pull(iam.Role(service, "Role", assumed_by=CI).without_policy_updates())
    found = rendered(images)
    (role,) = found.principals
    assert role.keys() == {"Fn::ImportValue"}
    assert found.repository_side[0]["Principal"] == {"AWS": role}
    assert checks(rendered(service)) == 0


@pytest.mark.parametrize("mutable", [False, True])
def test_an_imported_role_is_checked_where_it_is_imported(app: App, *, mutable: bool) -> None:
    """Its ARN is a plain text, so no stack needs another for it."""
    images, service = Images(app), Stack(app, "Service", env=ENV)
    images.repositories[0].grant_pull(iam.Role.from_role_arn(service, "Role", ROLE, mutable=mutable))
    assert rendered(service).principals == [ROLE]
    assert checks(rendered(images)) == 0
    assert len(rendered(images).repository_side) == (0 if mutable else 1)


def test_a_role_imported_by_name_is_checked_beside_the_repository(app: App) -> None:
    """Its ARN is a token, which might be a reference that closes a circle."""
    images, service = Images(app), Stack(app, "Service", env=ENV)
    images.repositories[0].grant_pull(iam.Role.from_role_name(service, "Role", "ci", mutable=False))
    assert len(rendered(images).principals) == 1
    assert checks(rendered(service)) == 0
    assert len(rendered(images).repository_side) == 1


def test_a_condition_may_name_what_another_stack_makes(app: App) -> None:
    """The value is imported, as everywhere in the CDK."""
    images, events = Images(app), Stack(app, "Events", env=ENV)
    source = {"ArnLike": {"aws:SourceArn": sns.Topic(events, "Topic").topic_arn}}
    images.repositories[0].grant_pull(iam.ServicePrincipal("codebuild.amazonaws.com", conditions=source))
    condition = rendered(images).repository_side[0]["Condition"]
    assert condition["ArnLike"]["aws:SourceArn"].keys() == {"Fn::ImportValue"}


def test_the_own_account_of_an_agnostic_stack_is_refused(app: App) -> None:
    """The token of the stack's account is its own account."""
    (repository, _) = Images(app, None).repositories
    for principal in (iam.AccountRootPrincipal(), iam.AccountPrincipal(Aws.ACCOUNT_ID)):
        with pytest.raises(ValueError, match="the repository's own"):
            repository.grant_pull(principal)


def test_a_wildcard_in_an_agnostic_stack_is_refused_with_the_way_out(app: App) -> None:
    """A policy can say it of another account alone, and whether it is another one is not known here."""
    repository = Images(app, None).repositories[0]
    with pytest.raises(ValueError, match="give the stack its account, if that is another one"):
        repository.grant_pull(iam.ArnPrincipal(f"arn:aws:iam::{OTHER}:role/ci-*"))


def test_a_role_in_an_agnostic_stack_is_left_to_the_check(app: App) -> None:
    """Whether the account of an ARN is the stack's is known at deploy time."""
    images = Images(app, None)
    images.repositories[0].grant_pull(iam.ArnPrincipal(ROLE))
    found = rendered(images)
    assert found.repository_side[0]["Principal"] == {"AWS": ROLE}
    assert [(one["Principal"], one["Token"]) for one in found.requirements] == [(ROLE, True)]


@pytest.mark.parametrize(("region", "partition"), [("us-gov-west-1", "aws-us-gov"), ("cn-north-1", "aws-cn")])
def test_no_arn_assumes_a_partition(region: str, partition: str) -> None:
    """ARNs are rendered with the partition of the stack."""
    app = App(context={"@aws-cdk/core:enablePartitionLiterals": True})
    images = Images(app, Environment(account=ACCOUNT, region=region))
    for principal in (iam.AccountPrincipal(OTHER), iam.ServicePrincipal("lambda.amazonaws.com")):
        images.repositories[0].grant_pull(principal)
    AccessCheck.of(images).require_token(iam.Role(images, "Role", assumed_by=CI))
    template: dict[str, Any] = rendered(images).template
    assert "arn:aws:" not in str(template["Resources"])
    assert f"arn:{partition}:iam::{OTHER}:root" in str(template["Resources"])
