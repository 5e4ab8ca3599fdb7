"""What AWS's own managed policies say: the table is held against the documents of the npm package."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from ecr_access.documents.templates.intrinsics import Resolver
from ecr_access.documents.templates.template import Template
from ecr_access.iam.actions import TOKEN_ACTION, AccessLevel
from ecr_access.iam.arns import repository_at
from ecr_access.iam.policies import said_by
from ecr_access.iam.principals import Kind, Principal
from ecr_access.iam.repository_policy import Question
from ecr_access.iam.ternary import Ternary
from ecr_access.rules.access import managed
from ecr_access.rules.access.application import Application
from ecr_access.rules.access.managed import arn_of, is_of_aws, statements_of_aws
from ecr_access.rules.access.statements import statements_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import ModuleType

ROOT: Final = Path(__file__).parents[4]
AWS: Final = "arn:aws:iam::aws:policy/"
PULL: Final = {TOKEN_ACTION, *AccessLevel.PULL.actions}
PUSH: Final = {TOKEN_ACTION, *AccessLevel.PULL_PUSH.actions}
ALL: Final = {*PUSH, *AccessLevel.READ.actions}
MORE: Final = {"ecr:BatchImportUpstreamImage", "ecr:CreateRepository", "ecr:DeleteRepository", "ecr:ReplicateImage"}
DEPLOYS: Final = {"lambda:CreateFunction", "lambda:UpdateFunctionCode"}
LEARNED: Final = "arn:aws:ecr:eu-west-1:111122223333:repository/sagemaker-models"
WEB: Final = "arn:aws:ecr:eu-west-1:111122223333:repository/web"
FUNCTION: Final = "arn:aws:lambda:eu-west-1:111122223333:function:web"
ROLE: Final = Principal("arn:aws:iam::111122223333:role/ci", Kind.IAM_IDENTITY, "111122223333")
TEMPLATE: Final = Template("stack.json", {}, "111122223333", "eu-west-1")
RESOLVER: Final = Resolver([TEMPLATE])


def answers(documents: Iterable[Mapping[str, Any]], actions: Iterable[str], on: str = WEB) -> dict[str, Ternary]:
    """What statements come to for each action; the token has no resource."""
    read = [*documents]

    def question(action: str) -> Question:
        return Question(repository_at(WEB), ROLE, action, on="*" if action == TOKEN_ACTION else on)

    return {one: said_by(read, question(one)).alone for one in actions}


def allowed(name: str, on: str = WEB) -> set[str]:
    """The actions that a managed policy of AWS certainly allows."""
    documents = [one.document for one in statements_of_aws(f"{AWS}{name}", "aws")]
    return {one for one, answer in answers(documents, ALL | MORE, on).items() if answer is Ternary.YES}


@pytest.mark.parametrize(
    ("name", "actions"),
    [
        (
            "AmazonEC2ContainerRegistryPullOnly",
            {TOKEN_ACTION, *AccessLevel.PULL.required_actions, "ecr:BatchImportUpstreamImage"},
        ),
        ("AmazonEC2ContainerRegistryReadOnly", PULL | {*AccessLevel.READ.actions}),
        ("AmazonEC2ContainerRegistryPowerUser", ALL),
        ("AmazonEC2ContainerRegistryFullAccess", ALL | MORE),
        ("service-role/AmazonECSTaskExecutionRolePolicy", PULL),
        ("EC2InstanceProfileForImageBuilderECRContainerBuilds", PUSH),
        ("AdministratorAccess", ALL | MORE),
        ("PowerUserAccess", ALL | MORE),
        ("AWSLambdaExecute", set()),
        ("AmazonElasticContainerRegistryPublicFullAccess", set()),
        ("AWSDenyAll", set()),
    ],
)
def test_a_managed_policy_grants_what_its_page_says(name: str, actions: set[str]) -> None:
    """https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html."""
    assert allowed(name) == actions


def test_a_managed_policy_grants_some_actions_on_some_repositories_alone() -> None:
    """SageMaker's pushes to those of its name, also in China."""
    push = {"ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload", "ecr:PutImage"}
    assert allowed("AmazonSageMakerFullAccess") & push == set()
    assert allowed("AmazonSageMakerFullAccess", LEARNED) >= push
    found = statements_of_aws("arn:aws-cn:iam::aws:policy/AmazonSageMakerFullAccess", "aws-cn")
    assert "arn:aws-cn:ecr:*:*:repository/*sagemaker*" in {one for it in found for one in it.resources}


def test_a_condition_of_a_managed_policy_leaves_what_it_grants_open() -> None:
    """The tags of a repository may be set elsewhere."""
    documents = [one.document for one in statements_of_aws(f"{AWS}service-role/ROSAWorkerInstancePolicy", "aws")]
    assert answers(documents, [TOKEN_ACTION, "ecr:BatchGetImage", "ecr:PutImage"]) == {
        TOKEN_ACTION: Ternary.YES,
        "ecr:BatchGetImage": Ternary.MAYBE,
        "ecr:PutImage": Ternary.NO,
    }


def test_a_policy_that_is_not_in_the_table_is_not_known() -> None:
    """One that is newer, one that only a service attaches, and one of an account."""
    names = ("iam::aws:policy/SomeNewPolicy", "iam::aws:policy/aws-service-role/AWSSupportServiceRolePolicy")
    assert not any(is_of_aws(f"arn:aws:{one}") for one in (*names, "iam::111122223333:policy/PowerUserAccess"))
    assert is_of_aws(f"{AWS}service-role/AWSLambdaBasicExecutionRole")


def test_a_bare_name_stands_for_the_policy_with_its_path() -> None:
    """As SAM takes it."""
    assert arn_of("AWSLambdaRole") == f"{AWS}service-role/AWSLambdaRole"
    assert arn_of("DataScientist") == f"{AWS}job-function/DataScientist"
    assert arn_of("AWSLambda_FullAccess") == f"{AWS}AWSLambda_FullAccess"


def test_an_explicit_deny_of_a_managed_policy_counts() -> None:
    """And the fix is to detach it."""
    arns = [f"{AWS}AmazonEC2ContainerRegistryReadOnly", f"{AWS}AWSCompromisedKeyQuarantineV3"]
    role = {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "ci", "ManagedPolicyArns": arns}}
    (identity,) = Application([Template("stack.json", {"Resources": {"Ci": role}}, "1" * 12, "eu-west-1")]).identities
    assert identity.may("ecr:BatchGetImage", WEB) is Ternary.YES
    assert identity.may(TOKEN_ACTION, "*") is Ternary.NO
    assert identity.undenied(TOKEN_ACTION, "*") == f"detach the policy that denies {TOKEN_ACTION}: {arns[1]}"


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    """The command that writes the table, from the documents that `make setup` installs."""
    specification = importlib.util.spec_from_file_location("managed_policies", ROOT / "packaging/managed_policies.py")
    assert specification
    assert specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_the_table_is_what_the_command_writes(generator: ModuleType) -> None:
    """Of the release of the npm package that is pinned; the table is that of the package under test."""
    table = Path(managed.__file__).with_name(generator.TARGET.name)
    assert table.read_text(encoding="utf-8") == generator.extract(generator.PACKAGE)


def test_the_table_says_of_every_policy_what_its_whole_document_says(generator: ModuleType) -> None:
    """For each action and resource that a rule or an assertion asks about."""
    policies = json.loads((generator.PACKAGE / "dist" / "managedPolicies.json").read_bytes()).values()
    attachable = [one for one in policies if "/aws-service-role/" not in one["arn"]]
    assert len(attachable) > 1_200
    for one in attachable:
        document = one["versions"][one["latestVersionId"]]["document"]
        whole = [it.document for it in statements_of(document, RESOLVER, TEMPLATE, "")]
        table = [it.document for it in statements_of_aws(one["arn"], "aws")]
        for on, actions in ((WEB, ALL | MORE), (LEARNED, ALL | MORE), (FUNCTION, DEPLOYS)):
            assert answers(table, actions, on) == answers(whole, actions, on), one["arn"]
