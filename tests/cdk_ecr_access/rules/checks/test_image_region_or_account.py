"""``image-region-or-account``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs

from ecr_access.documents.templates.template import Template
from ecr_access.rules.access.application import Application
from ecr_access.rules.checks import image_of_another_account, image_repository_unknown
from ecr_access.rules.checks.image_region_or_account import RULE
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import (
    ACCOUNT,
    OTHER,
    PARAMETER,
    REGION,
    WEB,
    WEB_URI,
    repository,
    synthesized,
    task,
)

if TYPE_CHECKING:
    from aws_cdk import App, Stack

THERE = "us-east-1"
WRONG_REGION = WEB_URI.replace(REGION, THERE)
WRONG_ACCOUNT = WEB_URI.replace(ACCOUNT, OTHER)


@pytest.mark.parametrize(
    ("image", "place"),
    [
        (f"{WRONG_REGION}:1.0", f"account {ACCOUNT} and Region {THERE}"),
        (f"{WRONG_ACCOUNT}:1.0", f"account {OTHER} and Region {REGION}"),
    ],
)
def test_an_image_of_another_place_than_its_repository_is_reported(image: str, place: str) -> None:
    """Once: it is not said to be unknown too."""
    beside = Template("beside.json", {"Resources": {}}, OTHER, REGION)
    application = Application([*app_of({"Web": repository(), "Task": task(image)}).templates, beside])
    assert findings(RULE, application) == [
        f"task definition 'Task' runs '{image}' of {place}, but the repository 'web' is declared in account {ACCOUNT} "  # noqa: ISC004
        f"and Region {REGION}, and nowhere else: the pull ends in 404, or in 403 in another account; fix: take "
        "the URI from the repository "
        "itself, repository.repository_uri or Fn::GetAtt Web.RepositoryUri; if another repository is meant, "
        "have it looked up, ExistingRepository.from_repository_arn(...), or acknowledge the finding"
    ]
    assert findings(image_of_another_account.RULE, application) == []
    assert findings(image_repository_unknown.RULE, application) == []


def test_an_image_of_an_account_that_the_app_is_not_deployed_to_may_be_meant() -> None:
    """A warning, once: the registry of the tools, say."""
    application = app_of({"Web": repository(), "Task": task(WRONG_ACCOUNT)})
    assert findings(image_of_another_account.RULE, application) == [
        f"task definition 'Task' runs '{WRONG_ACCOUNT}' of account {OTHER}, to which the app is not deployed, and the "  # noqa: ISC004
        f"app declares a repository 'web' in account {ACCOUNT} and Region {REGION}; fix: if that is meant, take its "
        "URI, repository.repository_uri or Fn::GetAtt Web.RepositoryUri; if the other one is meant, have it looked up, "
        "ExistingRepository.from_repository_arn(...), or acknowledge this"
    ]
    assert findings(RULE, application) == []
    assert findings(image_repository_unknown.RULE, application) == []


def placed(account: str = ACCOUNT, region: str = REGION, **properties: object) -> Template:
    """A template with a repository."""
    path = f"{account}-{region}.json"
    return Template(path, {"Resources": {"Web": repository(**properties)}}, account, region)


@pytest.mark.parametrize("region", [THERE, ""])
def test_one_that_is_declared_there_or_may_be_is_not(region: str) -> None:
    """An app of two Regions, or of one that is not known."""
    runner = Template("task.json", {"Resources": {"Task": task(WRONG_REGION)}}, ACCOUNT, THERE)
    assert findings(RULE, Application([placed(), placed(region=region), runner])) == []


def test_of_two_declared_elsewhere_none_is_certainly_meant() -> None:
    """It may be either; that it is of no known repository is the other rule's."""
    runner = Template("task.json", {"Resources": {"Task": task(WRONG_REGION)}}, ACCOUNT, THERE)
    application = Application([placed(), placed(region="eu-north-1"), runner])
    assert findings(RULE, application) == []
    assert len(findings(image_repository_unknown.RULE, application)) == 1


@pytest.mark.parametrize(
    "resources",
    [
        {"Web": repository(), "Task": task()},
        {"Web": repository(RepositoryName="other"), "Task": task(WRONG_REGION)},
        {"Web": repository(RepositoryName=PARAMETER), "Task": task(WRONG_REGION)},
        {"Web": repository(), "Task": task({"Fn::Sub": WRONG_REGION.replace(THERE, "${Parameter}")})},
        {
            "Web": repository(),
            "Task": task(WRONG_REGION),
            "Check": {"Type": "Custom::EcrAccessCheck", "Properties": {"Existing": [WEB.replace(REGION, THERE)]}},
        },
        {
            "Web": repository(),
            "Task": task(WRONG_REGION),
            "Replication": {
                "Type": "AWS::ECR::ReplicationConfiguration",
                "Properties": {
                    "ReplicationConfiguration": {
                        "Rules": [{"Destinations": [{"Region": THERE, "RegistryId": ACCOUNT}]}],
                    }
                },
            },
        },
    ],
)
def test_what_is_right_or_may_be_is_not(resources: dict[str, Any]) -> None:
    """Of that name there, looked up, replicated, or not known."""
    assert findings(RULE, app_of(resources)) == []


def test_a_name_that_cloudformation_makes_up_is_of_one_repository() -> None:
    """So that it is nowhere else."""
    image = {"Fn::Sub": WRONG_REGION.replace("/web", "/${Web}")}
    resources = {"Web": {"Type": "AWS::ECR::Repository", "Properties": {}}, "Task": task(image)}
    (found,) = findings(RULE, app_of(resources))
    assert "but the repository '${Web}' is declared in" in found
    assert findings(RULE, app_of({**resources, "Web": repository(RepositoryName=PARAMETER)})) == []


def test_a_stack_that_does_not_say_where_it_is_may_be_there() -> None:
    """Then nothing is said."""
    resources = {"Web": repository(), "Task": task(WRONG_REGION)}
    assert findings(RULE, app_of(resources, account="", region="")) == []


def test_a_uri_written_by_hand_in_the_cdk(app: App, stack: Stack) -> None:
    """The CDK takes it as any registry's."""
    ecr.Repository(stack, "Web", repository_name="web")
    definition = ecs.FargateTaskDefinition(stack, "Task")
    definition.add_container("Web", image=ecs.ContainerImage.from_registry(WRONG_REGION))
    (found,) = RULE.check(synthesized(app))
    assert found.path == "Properties.ContainerDefinitions[0].Image"
