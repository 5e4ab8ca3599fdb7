"""Repositories of another app or team: looked up at deploy time, and a grant without effect is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App, CfnOutput, CfnParameter, Fn, Stack
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from cdk_ecr_access import AccessCheck, AccessibleRepository, ExistingRepository
from cdk_ecr_access.testing import snapshot_of
from tests.reading import (
    ACCOUNT,
    ENV,
    FOREIGN_ROLE,
    FOREIGN_ROOT,
    OTHER,
    PULL,
    REGION,
    REQUIRED_PULL,
    ROLE,
    TOKEN,
    rendered,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from syrupy.assertion import SnapshotAssertion

CI = iam.AccountRootPrincipal()
LAMBDA = "lambda.amazonaws.com"
NAME = "platform/base"
ARN = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/{NAME}"
THEIRS = f"arn:aws:ecr:us-east-1:{OTHER}:repository/{NAME}"


@pytest.fixture
def existing(stack: Stack) -> ExistingRepository:
    """A repository of this account."""
    return ExistingRepository.from_repository_name(stack, "Base", NAME)


@pytest.fixture
def covered(stack: Stack) -> ExistingRepository:
    """A repository of this account, whose policy is said to hold what grants need."""
    return ExistingRepository.from_repository_name(stack, "Covered", NAME, policy_covers_grants=True)


def looked_up(stack: Stack) -> list[str]:
    """What the check's role may look up."""
    return resources(stack, "ecr:GetRepositoryPolicy")


def statements_in(refused: BaseException) -> list[dict[str, Any]]:
    """The statements that a refusal shows."""
    message = str(refused)
    found: list[dict[str, Any]] = json.loads(f"[{message[message.index('{') : message.rindex('}') + 1]}]")
    return found


def listed(stack: Stack) -> list[str]:
    """Which registries the check's role may list."""
    return [one for one in resources(stack, "ecr:DescribeRepositories") if one.endswith("*")]


def resources(stack: Stack, action: str) -> list[str]:
    """What an action is allowed on in the check's role."""
    return [
        resource
        for one in rendered(stack).checks_own
        if action in one["Action"]
        for resource in (one["Resource"] if isinstance(one["Resource"], list) else [one["Resource"]])
    ]


@pytest.mark.parametrize(
    ("make", "arn"),
    [
        (lambda stack: ExistingRepository.from_repository_name(stack, "One", NAME), ARN),
        (lambda stack: ExistingRepository.from_repository_arn(stack, "One", THEIRS), THEIRS),
        (lambda stack: ExistingRepository.from_repository_attributes(stack, "One", repository_name=NAME), ARN),
        (
            lambda stack: ExistingRepository.from_repository_attributes(
                stack, "One", repository_name=NAME, account=OTHER, region="us-east-1"
            ),
            THEIRS,
        ),
        (
            lambda stack: ExistingRepository.from_repository_attributes(
                stack, "One", repository_name=NAME, repository_arn=THEIRS
            ),
            THEIRS,
        ),
    ],
)
def test_a_repository_is_named_by_what_is_known_of_it(
    stack: Stack, make: Callable[[Stack], ExistingRepository], arn: str
) -> None:
    """Its name alone means the stack's own registry."""
    one = make(stack)
    assert (one.repository_arn, one.repository_name) == (arn, NAME)
    assert (one.env.account, one.env.region) == (arn.split(":")[4], arn.split(":")[3])
    assert one.repository_uri.startswith(f"{arn.split(':')[4]}.dkr.ecr.{arn.split(':')[3]}.")


@pytest.mark.parametrize("way", ["from_repository_name", "from_repository_arn", "from_repository_attributes"])
def test_the_ways_of_aws_ecr_lead_here(stack: Stack, way: str) -> None:
    """Where aws_ecr answers with a repository whose grants vanish."""
    if way == "from_repository_attributes":
        one: object = AccessibleRepository.from_repository_attributes(stack, "One", repository_name=NAME)
    else:
        one = getattr(AccessibleRepository, way)(stack, "One", ARN if way.endswith("arn") else NAME)
    assert isinstance(one, ExistingRepository)


def test_a_refused_statement_that_refers_to_this_stack_says_so(stack: Stack) -> None:
    """Another app cannot write a reference to a role that is made here."""
    theirs = ExistingRepository.from_repository_arn(stack, "Theirs", THEIRS)
    with pytest.raises(ValueError, match="add this statement there, with the value of what it refers to in this stack"):
        theirs.grant_pull(iam.Role(stack, "Role", assumed_by=CI))


@pytest.mark.parametrize(("name", "arn"), [(NAME, None), (None, ARN)], ids=["name", "arn"])
def test_a_repository_that_is_looked_up_leads_here(stack: Stack, name: str | None, arn: str | None) -> None:
    """Before the CLI has looked, too, when the CDK answers with values that name nothing."""
    one = AccessibleRepository.from_lookup(stack, "One", repository_name=name, repository_arn=arn)
    assert isinstance(one, ExistingRepository)
    one.require()
    assert looked_up(stack) == [ARN]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda s: ExistingRepository.from_repository_name(s, "One", "Team/App"), "repository name 'Team/App' has upp"),
        (lambda s: ExistingRepository.from_repository_arn(s, "One", NAME), "allowed: 'arn:PARTITION:ecr:REGION"),
        (
            lambda s: ExistingRepository.from_repository_arn(s, "One", Fn.import_value("Arn")),
            "a token as a whole cannot be read, use from_repository_attributes",
        ),
        (
            lambda s: ExistingRepository.from_repository_attributes(s, "One", repository_name="x1", repository_arn=ARN),
            f"repository_name is 'x1', and repository_arn has '{NAME}'",
        ),
    ],
)
def test_what_names_no_repository_is_refused(stack: Stack, make: Callable[[Stack], object], words: str) -> None:
    """Before anything is built."""
    with pytest.raises(ValueError, match=words):
        make(stack)
    assert stack.node.children == []


def test_without_a_grant_it_needs_no_check_and_no_asset(stack: Stack, existing: ExistingRepository) -> None:
    """One that is only referenced renders nothing."""
    CfnOutput(stack, "Name", value=existing.repository_name)
    CfnOutput(stack, "Arn", value=existing.repository_arn)
    assert [child.node.id for child in stack.node.children] == ["Base", "Name", "Arn"]
    assert "Resources" not in rendered(stack).template


def test_a_refused_grant_needs_no_check(stack: Stack, existing: ExistingRepository) -> None:
    """Nothing is rendered then."""
    with pytest.raises(ValueError, match="cannot grant PULL"):
        existing.grant_pull(iam.AccountPrincipal(OTHER))
    assert [child.node.id for child in stack.node.children] == ["Base"]


@pytest.mark.parametrize(
    "use",
    [
        lambda one: one.repository_uri,
        lambda one: one.repository_uri_for_tag("1.0"),
        lambda one: one.repository_uri_for_digest("sha256:1"),
        lambda one: one.repository_uri_for_tag_or_digest("1.0"),
        lambda one: ecs.ContainerImage.from_ecr_repository(one).image_name,
        lambda one: one.require(),
    ],
    ids=["uri", "tag", "digest", "tag or digest", "ecs image", "require"],
)
def test_its_existence_is_required_where_an_image_is_used(
    stack: Stack, existing: ExistingRepository, use: Callable[[ExistingRepository], object]
) -> None:
    """The URI is what an image is pulled by, whichever construct asks for it."""
    use(existing)
    assert looked_up(stack) == [ARN]


def test_its_existence_is_required_without_a_grant(stack: Stack, existing: ExistingRepository) -> None:
    """The check looks it up, and may list its registry to name the nearest."""
    existing.require()
    assert rendered(stack).check["Properties"]["Existing"] == [existing.repository_arn]
    assert looked_up(stack) == [ARN]
    assert listed(stack) == [f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/*"]


def test_each_region_is_listed_by_itself(stack: Stack, existing: ExistingRepository) -> None:
    """A registry is an account's in a Region."""
    existing.require()
    ExistingRepository.from_repository_attributes(stack, "Far", repository_name="far/app", region="us-east-1").require()
    assert existing.env.region == REGION
    assert listed(stack) == [f"arn:aws:ecr:{one}:{ACCOUNT}:repository/*" for one in (REGION, "us-east-1")]


def test_another_accounts_registry_is_named_and_not_looked_at(stack: Stack) -> None:
    """Its policy would have to let the check in; the log says so."""
    ExistingRepository.from_repository_arn(stack, "Theirs", THEIRS).require()
    assert rendered(stack).check["Properties"]["Existing"] == [THEIRS]
    assert looked_up(stack) == listed(stack) == []


def test_a_role_of_this_account_is_granted_on_the_identity_side(stack: Stack, existing: ExistingRepository) -> None:
    """Actions on its ARN, the token, and a requirement."""
    assert existing.grant_pull(iam.Role(stack, "Role", assumed_by=CI)).success
    found = rendered(stack)
    assert found.identity_side == [
        {"Effect": "Allow", "Action": PULL, "Resource": ARN},
        {"Effect": "Allow", "Action": TOKEN, "Resource": "*"},
    ]
    assert [one["Access"] for one in found.requirements] == [{"PULL": [ARN]}]
    assert found.all("AWS::ECR::Repository") == []


@pytest.mark.parametrize(
    "make",
    [
        lambda _: iam.AccountPrincipal(OTHER),
        lambda _: iam.OrganizationPrincipal("o-abcdefghij"),
        lambda _: iam.ServicePrincipal("codebuild.amazonaws.com"),
        lambda _: iam.ArnPrincipal(FOREIGN_ROLE),
        lambda _: iam.ArnPrincipal(ROLE),
        lambda stack: iam.Role.from_role_arn(stack, "Immutable", ROLE, mutable=False),
    ],
    ids=["account", "organization", "service", "foreign role", "role", "immutable role"],
)
def test_what_needs_its_policy_is_refused_with_the_statement(
    stack: Stack, existing: ExistingRepository, make: Callable[[Stack], Any]
) -> None:
    """The statement, where it belongs and what to say then; nothing is rendered."""
    with pytest.raises(ValueError, match=r"^cannot grant PULL on existing repository 'platform/base'") as caught:
        existing.grant_pull(make(stack))
    message = str(caught.value)
    assert f"in the registry of account {ACCOUNT} in {REGION}" in message
    assert "policy_covers_grants=True" in message
    statement = json.loads(message[message.index("{") : message.rindex("}") + 1])
    assert statement["Action"] == PULL
    found = rendered(stack)
    assert (found.requirements, found.identity_side) == ([], [])


def test_the_refused_statement_is_shown_as_it_has_to_be_written(stack: Stack, existing: ExistingRepository) -> None:
    """Not with the CDK's tokens."""
    role = iam.Role(stack, "Role", assumed_by=CI).without_policy_updates()
    with pytest.raises(ValueError, match="Fn::GetAtt"):
        existing.grant_pull(role)


@pytest.mark.parametrize(
    ("principal", "name"),
    [(iam.AccountPrincipal(OTHER), OTHER), (iam.ArnPrincipal(FOREIGN_ROLE), FOREIGN_ROLE)],
)
def test_what_its_policy_covers_is_proved(
    stack: Stack, covered: ExistingRepository, principal: iam.IPrincipal, name: str
) -> None:
    """The grant succeeds, renders no policy, and is a requirement."""
    assert covered.grant_pull(principal).success
    found = rendered(stack)
    assert found.all("AWS::ECR::Repository") == []
    assert [(one["Principal"], one["Access"]) for one in found.requirements] == [(name, {"PULL": [ARN]})]


@pytest.mark.parametrize(
    "make",
    [
        lambda _: iam.ArnPrincipal(ROLE),
        lambda _: iam.AccountPrincipal(OTHER),
        lambda _: iam.ArnPrincipal(FOREIGN_ROLE),
        lambda _: iam.OrganizationPrincipal("o-abcdefghij"),
        lambda _: iam.ServicePrincipal("codebuild.amazonaws.com"),
        lambda _: iam.ServicePrincipal(
            "codebuild.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": OTHER}}
        ),
        lambda _: iam.ServicePrincipal(
            "codebuild.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": [ACCOUNT]}}
        ),
        lambda _: iam.ServicePrincipal(LAMBDA),
    ],
)
def test_a_policy_of_another_owner_counts_by_its_effect(
    stack: Stack, covered: ExistingRepository, make: Callable[[Stack], iam.IPrincipal]
) -> None:
    """The requirement says what it has to allow; no statement is compared, since a broader one is as good."""
    covered.grant_pull(make(stack))
    found = rendered(stack)
    assert len(found.requirements) == 1
    assert "Declared" not in found.check["Properties"]


def test_so_it_does_for_lambda_functions_of_other_accounts(stack: Stack, covered: ExistingRepository) -> None:
    """The requirement names the accounts that Lambda acts for."""
    covered.grant_lambda_pull(accounts=[ACCOUNT, OTHER])
    found = rendered(stack)
    assert [(one["Principal"], one.get("Accounts"), one["Access"]) for one in found.requirements] == [
        (LAMBDA, [ACCOUNT, OTHER], {"LAMBDA_PULL": [ARN]}),
        (OTHER, None, {"LAMBDA_PULL": [ARN]}),
    ]
    assert "Declared" not in found.check["Properties"]


@pytest.mark.parametrize(
    "conditions",
    [
        {"ArnLike": {"aws:SourceArn": f"arn:aws:codebuild:{REGION}:{OTHER}:project/web"}},
        {"StringEquals": {"aws:SourceAccount": OTHER, "aws:SourceOrgID": "o-abcdefghij"}},
    ],
)
def test_a_condition_that_only_a_call_meets_travels_with_its_statement(
    stack: Stack, covered: ExistingRepository, conditions: dict[str, Any]
) -> None:
    """The author of the grant knows the condition, which the check then takes for met."""
    covered.grant_pull(iam.ServicePrincipal("codebuild.amazonaws.com", conditions=conditions))
    found = rendered(stack)
    assert [one["Accounts"] for one in found.requirements] == [[OTHER]]
    (declared,) = found.check["Properties"]["Declared"]
    assert [one["Condition"] for one in declared["Statements"]] == [conditions]


def test_lambda_of_another_accounts_repository_needs_two_statements(stack: Stack) -> None:
    """One names this account's functions in this Region, the other this account, whose roles create them."""
    theirs = ExistingRepository.from_repository_arn(stack, "Theirs", THEIRS)
    with pytest.raises(ValueError, match=r"cannot grant LAMBDA_PULL on .*; add these statements there: ") as refused:
        theirs.grant_pull(iam.ServicePrincipal(LAMBDA))
    assert statements_in(refused.value) == [
        {
            "Effect": "Allow",
            "Action": REQUIRED_PULL,
            "Principal": {"Service": LAMBDA},
            "Condition": {"StringLike": {"aws:SourceArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:*"}},
        },
        {"Effect": "Allow", "Action": REQUIRED_PULL, "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}},
    ]


def test_so_it_does_in_a_stack_that_does_not_know_its_account(app: App) -> None:
    """The statements refer to the account and the Region of the stack, and never name the repository's."""
    stack = Stack(app, "Agnostic")
    theirs = ExistingRepository.from_repository_arn(stack, "Theirs", THEIRS)
    with pytest.raises(ValueError, match="add these statements there") as refused:
        theirs.grant_pull(iam.ServicePrincipal(LAMBDA))
    assert len(written := statements_in(refused.value)) == 2
    assert all('{"Ref": "AWS::AccountId"}' in json.dumps(one) for one in written)
    assert OTHER not in json.dumps(written)


def test_lambda_of_this_accounts_repository_needs_one(existing: ExistingRepository) -> None:
    """The root of the repository's own account is allowed nothing by a statement."""
    with pytest.raises(ValueError, match="add this statement there: ") as refused:
        existing.grant_pull(iam.ServicePrincipal(LAMBDA))
    assert [one["Principal"] for one in statements_in(refused.value)] == [{"Service": LAMBDA}]


def test_any_other_service_acts_for_this_account_too(stack: Stack) -> None:
    """On a repository of another account as well: its account is not the one that the service works for."""
    theirs = ExistingRepository.from_repository_arn(stack, "Theirs", THEIRS)
    with pytest.raises(ValueError, match="add this statement there: ") as refused:
        theirs.grant_pull(iam.ServicePrincipal("codebuild.amazonaws.com"))
    assert [one["Condition"] for one in statements_in(refused.value)] == [
        {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
    ]


def test_all_statements_that_a_grant_needs_are_shown_at_once(stack: Stack) -> None:
    """Statements for the functions of other accounts than the repository's, this one among them."""
    theirs = ExistingRepository.from_repository_arn(stack, "Theirs", THEIRS)
    with pytest.raises(ValueError, match="add these statements there: ") as refused:
        theirs.grant_lambda_pull(accounts=[ACCOUNT, OTHER])
    service, root = statements_in(refused.value)
    functions = [f"arn:aws:lambda:us-east-1:{one}:function:*" for one in (ACCOUNT, OTHER)]
    assert service["Condition"] == {"StringLike": {"aws:SourceArn": functions}}
    assert root["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}


def test_another_accounts_repository_needs_both_sides(stack: Stack) -> None:
    """The role's own is rendered and proved here; the policy there is only said to hold its."""
    theirs = ExistingRepository.from_repository_arn(stack, "Theirs", THEIRS, policy_covers_grants=True)
    role = iam.Role(stack, "Role", assumed_by=CI)
    assert theirs.grant_pull(role).success
    found = rendered(stack)
    assert found.identity_side[0] == {"Effect": "Allow", "Action": PULL, "Resource": THEIRS}
    assert [(one["Principal"], one["Token"]) for one in found.requirements] == [(stack.resolve(role.role_arn), True)]


def test_another_accounts_repository_is_refused_without(stack: Stack) -> None:
    """The statement names this account under the role's ARN."""
    theirs = ExistingRepository.from_repository_arn(stack, "Theirs", THEIRS)
    with pytest.raises(ValueError, match=rf"arn:aws:iam::{ACCOUNT}:root.*aws:PrincipalArn"):
        theirs.grant_pull(iam.Role(stack, "Role", assumed_by=CI))
    assert rendered(stack).identity_side == []


def test_a_statement_of_ones_own_is_refused(existing: ExistingRepository, covered: ExistingRepository) -> None:
    """The app or team that declares the repository writes its policy."""
    statement = iam.PolicyStatement(actions=["ecr:BatchGetImage"], principals=[iam.ArnPrincipal(FOREIGN_ROOT)])
    for one in (existing, covered):
        with pytest.raises(ValueError, match=rf"^cannot add to the policy of existing .*{FOREIGN_ROOT}"):
            one.add_to_resource_policy(statement)


def test_ecs_pulls_from_it(stack: Stack, existing: ExistingRepository) -> None:
    """The execution role is granted and proved."""
    task = ecs.FargateTaskDefinition(stack, "Task")
    task.add_container("App", image=ecs.ContainerImage.from_ecr_repository(existing, "1.0"))
    found = rendered(stack)
    assert [one["Access"] for one in found.requirements] == [{"PULL": [ARN]}]
    assert found.principals == [stack.resolve(task.obtain_execution_role().role_arn)]


def test_codebuild_pulls_from_it(stack: Stack, existing: ExistingRepository) -> None:
    """The project's role is granted and proved."""
    image = codebuild.BuildEnvironment(build_image=codebuild.LinuxBuildImage.from_ecr_repository(existing))
    spec = codebuild.BuildSpec.from_object({"version": "0.2"})
    codebuild.Project(stack, "Project", environment=image, build_spec=spec)
    assert [one["Access"] for one in rendered(stack).requirements] == [{"PULL": [ARN]}]


def test_lambda_pulls_from_it_if_its_policy_says_so(
    stack: Stack, existing: ExistingRepository, covered: ExistingRepository
) -> None:
    """Lambda is a service, which only the repository policy can let in."""
    with pytest.raises(RuntimeError, match=r'"Service": "lambda.amazonaws.com"'):
        lambda_.DockerImageFunction(stack, "Refused", code=lambda_.DockerImageCode.from_ecr(existing))
    lambda_.DockerImageFunction(stack, "Fn", code=lambda_.DockerImageCode.from_ecr(covered))
    found = rendered(stack)
    assert [(one["Principal"], one["Access"]) for one in found.requirements] == [(LAMBDA, {"LAMBDA_PULL": [ARN]})]
    assert found.check["Properties"]["Actions"]["LAMBDA_PULL"] == REQUIRED_PULL


def test_a_name_may_be_a_parameter(stack: Stack) -> None:
    """What is known at deployment is looked up then."""
    name = CfnParameter(stack, "Name").value_as_string
    ExistingRepository.from_repository_name(stack, "Base", name).require()
    (arn,) = rendered(stack).check["Properties"]["Existing"]
    assert arn == {"Fn::Join": ["", [f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/", {"Ref": "Name"}]]}


def test_an_agnostic_stack_looks_in_its_own_registry(app: App) -> None:
    """Whichever that is."""
    stack = Stack(app, "Agnostic")
    ExistingRepository.from_repository_name(stack, "Base", NAME).grant_pull(iam.Role(stack, "Role", assumed_by=CI))
    found = rendered(stack)
    (arn,) = found.check["Properties"]["Existing"]
    assert {"Ref": "AWS::AccountId"} in arn["Fn::Join"][1]
    (needed,) = found.check["Properties"]["Requirements"]["PULL_AND_TOKEN"]["Others"]
    assert needed["Repositories"] == NAME


def test_two_stacks_look_it_up_each(app: App) -> None:
    """Without an export, and without one waiting for the other."""
    stacks = [Stack(app, name, env=ENV) for name in ("Shop", "Mail")]
    for stack in stacks:
        ExistingRepository.from_repository_name(stack, "Base", NAME).require()
    for stack in stacks:
        assert looked_up(stack) == [ARN]
        assert "Outputs" not in rendered(stack).template


def test_a_repository_of_aws_ecr_is_looked_up_where_it_is_required(stack: Stack) -> None:
    """The check serves alone, too."""
    theirs = ecr.Repository.from_repository_name(stack, "Theirs", NAME)
    AccessCheck.of(stack).require_pull(iam.ArnPrincipal(ROLE), theirs)
    assert len(rendered(stack).check["Properties"]["Existing"]) == 1


def test_full(stack: Stack, existing: ExistingRepository, template_snapshot: SnapshotAssertion) -> None:
    """Every kind of grant on repositories of this and of another account."""
    theirs = ExistingRepository.from_repository_arn(stack, "Theirs", THEIRS, policy_covers_grants=True)
    role = iam.Role(stack, "Role", assumed_by=CI)
    for repository in (existing, theirs):
        repository.grant_pull_push(role)
    theirs.grant_pull(iam.AccountPrincipal("777788889999"))
    assert snapshot_of(stack) == template_snapshot


def test_minimal(stack: Stack, existing: ExistingRepository, template_snapshot: SnapshotAssertion) -> None:
    """A repository, and nothing that is granted."""
    assert existing.repository_name == NAME
    assert snapshot_of(stack) == template_snapshot


@pytest.mark.parametrize("account", ["11112222333", "1111222233334"])
def test_an_account_that_has_not_twelve_digits_is_refused(stack: Stack, account: str) -> None:
    """A digit too few or too many names no account, and AWS says so at deploy time only."""
    error = rf"the account of the repository is wrong: '{account}' has {len(account)} digits where an account id has 12"
    with pytest.raises(ValueError, match=error):
        ExistingRepository.from_repository_arn(stack, "A", f"arn:aws:ecr:{REGION}:{account}:repository/base")
    with pytest.raises(ValueError, match=error):
        ExistingRepository.from_repository_attributes(stack, "B", repository_name="base", account=account)
    assert stack.node.children == []


def test_only_literal_names_are_compared(stack: Stack) -> None:
    """Two tokens may have one value, and a token the value of a literal name."""
    name, other = (CfnParameter(stack, one).value_as_string for one in ("Name", "Other"))
    for index, (called, arn) in enumerate(
        [(name, ARN), (name, ARN.replace(NAME, other)), (NAME, ARN.replace(NAME, name))]
    ):
        one = ExistingRepository.from_repository_attributes(
            stack, f"One{index}", repository_name=called, repository_arn=arn
        )
        assert (one.repository_name, one.repository_arn) == (called, arn)


@pytest.mark.parametrize("value", ["false", 1, None])
def test_a_promise_that_is_neither_true_nor_false_is_refused(stack: Stack, value: Any) -> None:
    """A text would count as true, and let a grant pass that nothing covers."""
    with pytest.raises(
        ValueError,
        match=r"^argument policy_covers_grants is .*; allowed: True or False, without quotes .ECR-ACCESS-101.$",
    ):
        ExistingRepository.from_repository_name(stack, "Base", "platform/base", policy_covers_grants=value)
    assert stack.node.children == []
