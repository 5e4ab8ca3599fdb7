"""The check's function, and a role that may do exactly what the check calls."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import (
    App,
    CliCredentialsStackSynthesizer,
    DefaultStackSynthesizer,
    LegacyStackSynthesizer,
    Stack,
    Stage,
)
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

import ecr_access
from cdk_ecr_access import AccessCheck, AccessibleRepository
from ecr_access.iam import packing
from tests.reading import ACCOUNT, ENV, FOREIGN_ROLE, OTHER, REGION, ROLE, TOKEN, Rendered, built, rendered

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_cdk import IStackSynthesizer

LOGS = ["logs:CreateLogStream", "logs:PutLogEvents"]
STATUS = "cloudformation:DescribeStacks"
LOOK = ["ecr:DescribeRepositories", "ecr:GetRepositoryPolicy"]
REGISTRY = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/*"


def allowed(found: Rendered) -> dict[str, Any]:
    """What the role may do: the resources by the actions."""
    for one in found.checks_own:
        assert one.keys() == {"Effect", "Action", "Resource"}
        assert one["Effect"] == "Allow"
    return {str(one["Action"]): one["Resource"] for one in found.checks_own}


def pulled(stack: Stack, repository: AccessibleRepository) -> None:
    """Grant a role of the stack."""
    repository.grant_pull(iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal()))


def test_the_role_may_do_exactly_what_the_check_calls() -> None:
    """Its log group, its stack's status, a token, the principals and repositories that it checks, and nothing else."""
    found = built(pulled)
    (role,) = [one["Principal"] for one in found.requirements]
    assert allowed(found) == {
        str(LOGS): {"Fn::GetAtt": [found.id("AWS::Logs::LogGroup"), "Arn"]},
        STATUS: {"Ref": "AWS::StackId"},
        TOKEN: "*",
        "iam:SimulatePrincipalPolicy": role,
        str(LOOK): f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/team/app",
    }


def test_the_function_is_the_check_and_the_policy_kernel(app: App, stack: Stack) -> None:
    """Under their own names, and nothing else of what is installed beside them."""
    AccessCheck.of(stack).require_token(iam.ArnPrincipal(ROLE))
    assembly = Path(app.synth().directory)
    (handler,) = assembly.glob("asset.*/ecr_access/check/handler.py")
    asset = handler.parents[2]
    staged = {path.relative_to(asset).as_posix() for path in asset.rglob("*") if path.is_file()}
    package = Path(ecr_access.__file__).parent
    modules = [package / f"{name}.py" for name in ("__init__", "codes", "tokens", "wording")]
    expected = [*modules, *(package / "iam").rglob("*.py"), *(package / "check").rglob("*.py")]
    assert staged == {path.relative_to(package.parent).as_posix() for path in expected}


def test_the_cli_finds_the_copy_of_the_code_in_the_metadata() -> None:
    """The SAM CLI runs a function from there; a stage of the app has the copy beside its own folder."""
    app = App(context={"aws:cdk:enable-asset-metadata": True})
    AccessCheck.of(Stack(Stage(app, "Stage"), "Stack", env=ENV))
    assembly = Path(app.synth().directory)
    (template,) = assembly.glob("assembly-Stage/*.template.json")
    resources = json.loads(template.read_text(encoding="utf-8"))["Resources"]
    (function,) = [one for one in resources.values() if one["Type"] == "AWS::Lambda::Function"]
    path = function["Metadata"].pop("aws:asset:path")
    assert (template.parent / path / "ecr_access" / "check" / "handler.py").exists()
    assert function["Metadata"].items() >= {"aws:asset:is-bundled": False, "aws:asset:property": "Code"}.items()


def test_checks_of_many_stacks_share_one_copy_of_the_code(app: App) -> None:
    """Whatever their number, it is uploaded once to a Region."""
    for number in range(3):
        AccessCheck.of(Stack(app, f"Stack{number}", env=ENV))
    assert len([*Path(app.synth().directory).glob("asset.*")]) == 1


@pytest.mark.parametrize(
    "synthesizer",
    [
        DefaultStackSynthesizer(qualifier="other"),
        CliCredentialsStackSynthesizer(file_assets_bucket_name="a-bucket-of-mine"),
        LegacyStackSynthesizer(),
    ],
)
def test_the_code_goes_where_the_synthesizer_of_the_stack_says(app: App, synthesizer: IStackSynthesizer) -> None:
    """Two stacks may share one: the CDK binds a copy of it to each, which Python does not see."""
    for name in ("One", "Two"):
        AccessCheck.of(Stack(app, name, env=ENV, synthesizer=synthesizer))
    for stack in app.synth().stacks:
        (function,) = [one for one in stack.template["Resources"].values() if one["Type"] == "AWS::Lambda::Function"]
        assert "S3Key" in function["Properties"]["Code"]


def test_the_role_has_no_other_policy() -> None:
    """No managed policy of AWS, no boundary that widens, only Lambda assumes it."""
    found = built(pulled)
    (role,) = [one for key, one in found.template["Resources"].items() if "EcrAccessCheckRole" in key]
    assert role["Properties"].keys() == {"AssumeRolePolicyDocument", "Policies"}
    (trusted,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert trusted["Principal"] == {"Service": "lambda.amazonaws.com"}


def test_where_roles_are_made_by_another_team_its_permissions_are_reported(stack: Stack) -> None:
    """`Role.customize_roles` makes no role, and tells in a report what each is to be allowed."""
    made = {"Stack/EcrAccessCheck/Role": "check", "Stack/Role": "ci"}
    iam.Role.customize_roles(stack, use_precreated_roles=made)
    pulled(stack, AccessibleRepository(stack, "Repository", repository_name="team/app"))
    folder = Path(stack.node.root.synth().directory)  # type: ignore[attr-defined]
    report = json.loads((folder / "iam-policy-report.json").read_text(encoding="utf-8"))
    (check,) = [one for one in report["roles"] if one["roleName"] == "check"]
    assert "iam:SimulatePrincipalPolicy" in str(check["identityPolicyStatements"])


def test_a_role_that_is_not_made_yet_is_granted_to_for_the_report() -> None:
    """It has no name, and with literal partitions its ARN names no role."""
    app = App(context={"@aws-cdk/core:enablePartitionLiterals": True})
    stack = Stack(app, "Stack", env=ENV)
    iam.Role.customize_roles(stack)
    pulled(stack, AccessibleRepository(stack, "Repository", repository_name="team/app"))
    report = (Path(app.synth().directory) / "iam-policy-report.json").read_text(encoding="utf-8")
    assert TOKEN in str(json.loads(report)["roles"])


@pytest.mark.parametrize(
    "build",
    [
        pulled,
        lambda stack, _: AccessCheck.of(stack),
        lambda _, repository: repository.grant_push(iam.ArnPrincipal(FOREIGN_ROLE)),
        lambda stack, _: AccessCheck.of(stack).require_token(iam.ArnPrincipal(ROLE)),
    ],
)
def test_only_the_token_is_allowed_on_everything(build: Callable[[Stack, AccessibleRepository], object]) -> None:
    """No other statement holds a wildcard."""
    starred = [one["Action"] for one in built(build).checks_own if "*" in str(one["Resource"])]
    assert starred == [TOKEN]


def test_nothing_required_is_nothing_allowed() -> None:
    """Without requirements the role has no statement on principals or repositories."""
    assert allowed(built(lambda stack, _: AccessCheck.of(stack))).keys() == {str(LOGS), STATUS, TOKEN}


def test_the_registrys_names_are_listed_only_for_repositories_of_others(stack: Stack) -> None:
    """A missing repository that this app does not declare gets its nearest neighbours named."""
    theirs = ecr.Repository.from_repository_name(stack, "Theirs", "base")
    AccessCheck.of(stack).require_pull(iam.ArnPrincipal(ROLE), theirs)
    found = rendered(stack)
    arn = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, f":ecr:{REGION}:{ACCOUNT}:repository/base"]]}
    assert allowed(found)["ecr:DescribeRepositories"] == REGISTRY
    assert allowed(found)[str(LOOK)] == arn
    assert found.check["Properties"]["Existing"] == [arn]


def test_a_repository_of_aws_ecr_that_this_app_declares_is_not_another_s(stack: Stack) -> None:
    """It is made before it is looked up, whichever construct declares it."""
    AccessCheck.of(stack).require_pull(iam.ArnPrincipal(ROLE), ecr.Repository(stack, "Plain"))
    found = rendered(stack)
    assert "ecr:DescribeRepositories" not in allowed(found)
    assert "Existing" not in found.check["Properties"]


def test_a_principal_of_another_account_is_not_simulated(stack: Stack, repository: AccessibleRepository) -> None:
    """The simulator knows the principals of its own account alone."""
    repository.grant_pull(iam.ArnPrincipal(FOREIGN_ROLE))
    AccessCheck.of(stack).require_push(iam.Role.from_role_arn(stack, "Foreign", FOREIGN_ROLE), repository)
    AccessCheck.of(stack).require_push(iam.AccountPrincipal(OTHER), repository)
    assert "iam:SimulatePrincipalPolicy" not in allowed(rendered(stack))


def test_the_order_of_grants_does_not_change_the_role() -> None:
    """A template changes for what it says, not for the order in which it was said."""

    def build(names: list[str]) -> Callable[[Stack, AccessibleRepository], None]:
        def grant(_: Stack, repository: AccessibleRepository) -> None:
            for name in names:
                repository.grant_pull(iam.ArnPrincipal(f"arn:aws:iam::{ACCOUNT}:role/{name}"))

        return grant

    assert built(build(["a", "b", "c"])).checks_own == built(build(["c", "a", "b"])).checks_own


def test_the_function_is_small_and_never_waits_an_hour() -> None:
    """Python 3.14 on arm64; its five minutes end before CloudFormation's patience."""
    found = built(pulled)
    function = found.one("AWS::Lambda::Function")["Properties"]
    assert function["Runtime"] == "python3.14"
    assert function["Architectures"] == ["arm64"]
    assert function["Handler"] == "ecr_access.check.handler.handle"
    assert function["Timeout"] == 300
    assert found.check["Properties"]["ServiceTimeout"] == "330"


def test_the_log_group_is_kept_for_a_month_and_goes_with_the_stack() -> None:
    """The function writes to the group of the stack, and to no other."""
    found = built(pulled)
    group = found.one("AWS::Logs::LogGroup")
    assert group["Properties"] == {"RetentionInDays": 30}
    assert group["DeletionPolicy"] == "Delete"
    logging = found.one("AWS::Lambda::Function")["Properties"]["LoggingConfig"]
    assert logging == {"LogGroup": {"Ref": found.id("AWS::Logs::LogGroup")}}


def test_a_role_that_would_outgrow_iam_gets_managed_policies(stack: Stack) -> None:
    """A check of two hundred repositories is deployable, waits for all of its policies, and loses no repository."""
    check = AccessCheck.of(stack)
    for number in range(200):
        theirs = ecr.Repository.from_repository_name(stack, f"Theirs{number}", f"team/{number}")
        check.require_pull(iam.ArnPrincipal(ROLE), theirs)
    found = rendered(stack)
    more = {key: one for key, one in found.template["Resources"].items() if key.startswith("EcrAccessCheckMore")}
    assert set(more) <= set(found.one("Custom::EcrAccessCheck")["DependsOn"])
    documents = [one["Properties"]["PolicyDocument"] for one in more.values()]
    named = str([*found.checks_own, *documents])
    assert all(f":repository/team/{number}'" in named for number in range(200))
    assert "*" not in str(documents)


def test_a_role_within_iams_limits_gets_none(stack: Stack) -> None:
    """Fifty repositories and a principal are named inside the role."""
    check = AccessCheck.of(stack)
    for number in range(50):
        theirs = ecr.Repository.from_repository_name(stack, f"Theirs{number}", f"team/{number}")
        check.require_pull(iam.ArnPrincipal(ROLE), theirs)
    assert not rendered(stack).all("AWS::IAM::ManagedPolicy")


def test_a_stack_whose_account_is_not_known_has_room_for_roles_of_many_accounts() -> None:
    """A role is simulated in its own account alone: what allows that is deployed there, and counts there."""
    stack = Stack(App(), "Agnostic")
    repositories = [AccessibleRepository(stack, f"R{n}", repository_name=f"team/{n}") for n in range(15)]
    accounts = [f"{number:012}" for number in range(1, 5)]
    for account in accounts:
        for number in range(300):
            name = f"a-role-with-a-name-of-some-length-{number:04d}"
            repositories[number // 20].grant_pull(f"arn:aws:iam::{account}:role/{name}")
    found = rendered(stack)
    conditions = found.template["Conditions"]
    policies = [one for one in found.all("AWS::IAM::ManagedPolicy") if "Condition" in one]
    where = {json.dumps(conditions[one["Condition"]]): str(one["Properties"]["PolicyDocument"]) for one in policies}
    assert {*where} == {json.dumps({"Fn::Equals": [{"Ref": "AWS::AccountId"}, account]}) for account in accounts}
    assert all(document.count("arn:aws:iam::") == document.count(key[-15:-3]) for key, document in where.items())
    named = str([found.checks_own, [one["Properties"] for one in policies]])
    assert all(f"{account}:role/a-role-with-a-name-of-some-length-0299'" in named for account in accounts)


def test_a_stack_whose_account_is_not_known_has_room_for_its_repositories(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pseudo parameters stand in their ARNs, which are counted by what these can be."""
    monkeypatch.setattr(packing, "MOST_MANAGED", 0)
    stack = Stack(App(), "Agnostic")
    for number in range(75):
        repository = AccessibleRepository(stack, f"R{number}", repository_name=f"team/app-{number:04d}")
        repository.grant_pull(iam.ArnPrincipal(f"arn:aws:iam::{OTHER}:role/web-{number:04d}"))
    (statement,) = [one for one in rendered(stack).checks_own if "ecr:GetRepositoryPolicy" in one["Action"]]
    assert len(statement["Resource"]) == 75
    assert statement["Resource"][0]["Fn::Join"][1][-1] == ":repository/team/app-0000"
