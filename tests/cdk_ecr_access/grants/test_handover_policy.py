"""The policy that other accounts attach: by itself, and as an output where a grant needs it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import Aws, CfnParameter, Environment, Stack
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Annotations, Match

from cdk_ecr_access import AccessibleRepository, AccessLevel
from cdk_ecr_access.grants.handover_outputs import PolicyOutputs
from cdk_ecr_access.testing import snapshot_of
from tests.reading import ACCOUNT, FOREIGN_ROLE, OTHER, PULL, READ, REGION, ROLE, TOKEN, built, rendered

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_cdk import App
    from syrupy.assertion import SnapshotAssertion

ARN = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/team/app"
TOKEN_STATEMENT = {"Effect": "Allow", "Action": TOKEN, "Resource": "*"}
ORGANIZATION = "o-abc1234567"
UNIT = iam.StarPrincipal().with_conditions(
    {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": f"{ORGANIZATION}/r-b/"}}
)


def outputs(build: Callable[[Stack, AccessibleRepository], object]) -> dict[str, Any]:
    """Build on a repository and read the outputs, documents parsed."""
    found = built(build).template.get("Outputs", {})
    return {name: json.loads(one["Value"]) for name, one in found.items()}


def resources(document: dict[str, Any]) -> list[str]:
    """The repositories of a document."""
    found = document["Statement"][0]["Resource"]
    return [found] if isinstance(found, str) else found


@pytest.mark.parametrize("level", [one for one in AccessLevel if one.needs_token])
def test_a_document_holds_the_levels_actions_and_the_token_by_itself(
    repository: AccessibleRepository, level: AccessLevel
) -> None:
    """The actions on the literal ARN, the token on '*', nothing else."""
    assert repository.identity_policy(level).to_json() == {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": [*level.actions], "Resource": ARN}, TOKEN_STATEMENT],
    }


@pytest.mark.parametrize("level", [AccessLevel.READ, AccessLevel.LAMBDA_PULL])
def test_a_level_without_a_token_has_none_in_its_document(repository: AccessibleRepository, level: AccessLevel) -> None:
    """No wildcard is asked for in vain."""
    (statement,) = repository.identity_policy(level).to_json()["Statement"]
    assert (statement["Action"], statement["Resource"]) == ([*level.actions], ARN)


def test_writing_a_document_renders_nothing() -> None:
    """No check, no output, no statement."""
    written = built(lambda _, repository: repository.identity_policy(AccessLevel.PULL))
    assert written == built(lambda *_: None)


@pytest.mark.parametrize("name", ["a--b", "a__b"])
def test_a_name_that_aws_ecr_rejects_is_literal_too(stack: Stack, name: str) -> None:
    """The name is the one that was given."""
    repository = AccessibleRepository(stack, "Repository", repository_name=name)
    (statement, _) = repository.identity_policy(AccessLevel.PULL).to_json()["Statement"]
    assert statement["Resource"].endswith(f":repository/{name}")


@pytest.mark.parametrize(
    ("region", "partition"), [("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov"), ("eu-west-1", "aws")]
)
def test_the_partition_is_the_regions(app: App, region: str, partition: str) -> None:
    """The document is read by people, so it has no pseudo parameter."""
    stack = Stack(app, "Stack", env=Environment(account=ACCOUNT, region=region))
    repository = AccessibleRepository(stack, "Repository", repository_name="team/app")
    (statement, _) = repository.identity_policy(AccessLevel.PULL).to_json()["Statement"]
    assert statement["Resource"] == f"arn:{partition}:ecr:{region}:{ACCOUNT}:repository/team/app"


def test_a_region_yet_unknown_has_the_stacks_partition(app: App) -> None:
    """It is the reader's own as well, since no partition trusts another."""
    stack = Stack(app, "Stack", env=Environment(account=ACCOUNT, region="xx-nowhere-1"))
    repository = AccessibleRepository(stack, "Repository", repository_name="team/app")
    resource = stack.resolve(repository.identity_policy(AccessLevel.READ))["Statement"][0]["Resource"]
    assert resource["Fn::Join"][1][1] == {"Ref": "AWS::Partition"}


def test_the_document_goes_into_a_stack_of_another_account(app: App, repository: AccessibleRepository) -> None:
    """There, it means this repository and not a namesake."""
    elsewhere = Stack(app, "Elsewhere", env=Environment(account=OTHER, region="us-east-1"))
    role = iam.Role(elsewhere, "Role", assumed_by=iam.AccountRootPrincipal())
    iam.Policy(elsewhere, "Policy", document=repository.identity_policy(AccessLevel.PULL), roles=[role])
    assert rendered(elsewhere).identity_side == [{"Effect": "Allow", "Action": PULL, "Resource": ARN}, TOKEN_STATEMENT]


def test_an_unknown_account_is_never_the_readers(app: App) -> None:
    """A pseudo parameter would turn into the account of the stack that it is read in."""
    home, elsewhere = Stack(app, "Home"), Stack(app, "Elsewhere")
    repository = AccessibleRepository(home, "Repository", repository_name="team/app")
    role = iam.Role(elsewhere, "Role", assumed_by=iam.AccountRootPrincipal())
    iam.Policy(elsewhere, "Policy", document=repository.identity_policy(AccessLevel.READ), roles=[role])
    (statement,) = rendered(elsewhere).identity_side
    assert statement["Resource"].keys() == {"Fn::ImportValue"}


def test_a_name_that_is_a_token_is_the_repositorys_attribute(stack: Stack) -> None:
    """It is known at deploy time."""
    name = CfnParameter(stack, "Name").value_as_string
    repository = AccessibleRepository(stack, "Repository", repository_name=name)
    resource = stack.resolve(repository.identity_policy(AccessLevel.READ))["Statement"][0]["Resource"]
    assert resource["Fn::GetAtt"][1] == "Arn"


@pytest.mark.parametrize(
    ("principal", "home"),
    [
        (iam.ArnPrincipal(FOREIGN_ROLE), OTHER),
        (iam.ArnPrincipal(f"arn:aws:iam::{OTHER}:role/ci-*"), OTHER),
        (iam.ArnPrincipal(f"arn:aws:iam::{OTHER}:user/bob"), OTHER),
        (iam.AccountPrincipal(OTHER), OTHER),
        (iam.OrganizationPrincipal(ORGANIZATION), "oabc1234567"),
        (UNIT, "oabc1234567"),
    ],
)
def test_a_grant_elsewhere_outputs_what_to_attach_there(principal: iam.IPrincipal, home: str) -> None:
    """Named after the level and after whose administrators attach it."""
    assert outputs(lambda _, repository: repository.grant_pull(principal)) == {
        f"EcrPullPolicyFor{home}": {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": PULL, "Resource": ARN}, TOKEN_STATEMENT],
        }
    }


def test_an_imported_role_of_another_account_is_elsewhere() -> None:
    """CDK cannot attach to it, although it is a construct."""
    found = outputs(lambda stack, repository: repository.grant_read(iam.Role.from_role_arn(stack, "R", FOREIGN_ROLE)))
    assert found[f"EcrReadPolicyFor{OTHER}"]["Statement"] == [{"Effect": "Allow", "Action": READ, "Resource": ARN}]


@pytest.mark.parametrize(
    "make",
    [
        lambda stack: iam.Role(stack, "R", assumed_by=iam.AccountRootPrincipal()),
        lambda stack: iam.Role.from_role_arn(stack, "R", ROLE),
        lambda stack: iam.Role.from_role_arn(stack, "R", ROLE, mutable=False),
        lambda _: iam.ArnPrincipal(ROLE),
        lambda _: iam.ServicePrincipal("codebuild.amazonaws.com"),
    ],
)
def test_a_grant_that_needs_no_other_account_outputs_nothing(make: Callable[[Stack], iam.IGrantable]) -> None:
    """A principal that gets its policy here, lives here or has no policies leaves no work to another account."""
    assert outputs(lambda stack, repository: repository.grant_pull(make(stack))) == {}


def test_a_role_of_another_account_that_the_app_makes_is_attached_there(
    app: App, stack: Stack, repository: AccessibleRepository
) -> None:
    """Nothing is left to do, so nothing is output."""
    elsewhere = Stack(app, "Elsewhere", env=Environment(account=OTHER, region=REGION))
    repository.grant_pull(iam.Role(elsewhere, "Role", role_name="ci", assumed_by=iam.AccountRootPrincipal()))
    assert "Outputs" not in rendered(stack).template


def test_a_refused_grant_outputs_nothing(stack: Stack, repository: AccessibleRepository) -> None:
    """It leaves nothing behind."""
    with pytest.raises(ValueError, match="cannot grant"):
        repository.grant_pull(iam.AccountPrincipal(ACCOUNT))
    assert "Outputs" not in rendered(stack).template


def test_the_repositories_of_a_stack_share_a_document() -> None:
    """Each account reads its own repositories, each once, and no other's."""

    def build(stack: Stack, repository: AccessibleRepository) -> None:
        second = AccessibleRepository(stack, "Second", repository_name="team/second")
        for one in (repository, second, repository):
            one.grant_pull(iam.AccountPrincipal(OTHER))
        second.grant_pull(iam.AccountPrincipal("777788889999"))

    found = outputs(build)
    assert resources(found[f"EcrPullPolicyFor{OTHER}"]) == [ARN, ARN.replace("app", "second")]
    assert resources(found["EcrPullPolicyFor777788889999"]) == [ARN.replace("app", "second")]


def test_levels_are_output_apart() -> None:
    """A principal that may push to one repository is not told to attach the same for every repository."""

    def build(_: Stack, repository: AccessibleRepository) -> None:
        repository.grant_pull(iam.AccountPrincipal(OTHER))
        repository.grant_pull_push(iam.AccountPrincipal(OTHER))

    assert outputs(build).keys() == {f"EcrPullPolicyFor{OTHER}", f"EcrPullPushPolicyFor{OTHER}"}


def test_accounts_that_are_tokens_share_an_output() -> None:
    """No name can be made of them."""

    def build(stack: Stack, repository: AccessibleRepository) -> None:
        for name in ("First", "Second"):
            repository.grant_pull(iam.AccountPrincipal(CfnParameter(stack, name).value_as_string))

    assert outputs(build).keys() == {"EcrPullPolicyForElsewhere"}


def test_an_unknown_account_and_region_are_filled_in_at_deploy(app: App) -> None:
    """The output is the repository's own attribute."""
    stack = Stack(app, "Stack")
    repository = AccessibleRepository(stack, "Repository", repository_name="team/app")
    repository.grant_read(iam.AccountPrincipal(OTHER))
    (output,) = rendered(stack).template["Outputs"].values()
    (attribute,) = [part for part in output["Value"]["Fn::Join"][1] if isinstance(part, dict)]
    assert attribute["Fn::GetAtt"][1] == "Arn"


@pytest.mark.parametrize("prefix", [f"{ARN}-", Aws.STACK_NAME], ids=["literal", "token"])
def test_a_document_that_grows_too_long_goes_on_in_another(stack: Stack, prefix: str) -> None:
    """Every part is whole, fits a stack's parameter, and none of the repositories is lost."""
    names = [f"app-{number:03}" for number in range(100)]
    for name in names:
        PolicyOutputs.of(stack).add(OTHER, AccessLevel.PULL, prefix + name)
    found = rendered(stack).template["Outputs"]
    texts = [json.dumps(one["Value"]) for one in found.values()]
    first = f"EcrPullPolicyFor{OTHER}"
    assert len(found) > 1
    assert [*found] == [first, *(f"{first}Part{number}" for number in range(2, len(found) + 1))]
    assert all(len(json.loads(text)) <= 4096 and "GetAuthorizationToken" in text for text in texts)
    assert [sum(name in text for text in texts) for name in names] == [1] * 100


def test_a_part_is_as_full_as_it_may_be(stack: Stack) -> None:
    """The next repository would not have fitted."""
    for number in range(100):
        PolicyOutputs.of(stack).add(OTHER, AccessLevel.PULL, f"{ARN}-{number:03}")
    first = rendered(stack).template["Outputs"][f"EcrPullPolicyFor{OTHER}"]["Value"]
    assert 4096 - len(f'"{ARN}-000",') < len(first) <= 4096


def granted_to(stack: Stack, count: int) -> None:
    """Output a policy for a number of accounts."""
    for number in range(count):
        PolicyOutputs.of(stack).add(f"{number:012}", AccessLevel.PULL, ARN)


def test_outputs_leave_room_for_the_apps_own(stack: Stack) -> None:
    """A template has 200; what is left out is said once, with the way out."""
    granted_to(stack, 152)
    assert len(rendered(stack).template["Outputs"]) == 150
    found = Annotations.from_stack(stack).find_warning("*", Match.any_value())
    (message,) = [str(one.entry.data) for one in found if "policyOutputs" in str(one.entry.data)]
    assert "repository.identity_policy(level)" in message


def test_what_fits_brings_no_warning(stack: Stack) -> None:
    """A hundred and fifty accounts are not too many."""
    granted_to(stack, 150)
    Annotations.from_stack(stack).has_no_warning("*", Match.string_like_regexp("identity_policy"))


def test_outputs_elsewhere(
    stack: Stack, repository: AccessibleRepository, template_snapshot: SnapshotAssertion
) -> None:
    """The outputs of every kind of principal that cannot be attached."""
    for principal in (iam.ArnPrincipal(FOREIGN_ROLE), iam.OrganizationPrincipal(ORGANIZATION)):
        repository.grant_pull_push(principal)
    repository.grant_read(UNIT)
    repository.grant_lambda_pull(accounts=[OTHER])
    assert snapshot_of(stack)["Outputs"] == template_snapshot
