"""``no-scan``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import aws_ecr as ecr

from cdk_ecr_access import AccessibleRepository
from ecr_access.documents.templates.template import Template
from ecr_access.rules.access.application import Application
from ecr_access.rules.checks.no_scan import RULE
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import ACCOUNT, NOTHING, OTHER, PARAMETER, REGION, repository, synthesized

if TYPE_CHECKING:
    from aws_cdk import App, Stack

REGISTRY = {"Type": "AWS::ECR::RegistryScanningConfiguration", "Properties": {"ScanType": "ENHANCED", "Rules": []}}


@pytest.mark.parametrize(
    "properties",
    [
        {},
        {"ImageScanningConfiguration": NOTHING},
        {"ImageScanningConfiguration": {}},
        {"ImageScanningConfiguration": {"ScanOnPush": NOTHING}},
        {"ImageScanningConfiguration": {"ScanOnPush": False}},
        {"ImageScanningConfiguration": {"ScanOnPush": "false"}},
    ],
)
def test_a_repository_that_nothing_scans_is_reported(properties: dict[str, Any]) -> None:
    """With both ways to have it scanned."""
    (found,) = findings(RULE, app_of({"Web": repository(**properties)}))
    assert found == (
        "repository 'Web' scans no image when it is pushed: ScanOnPush is not true, and no "
        "AWS::ECR::RegistryScanningConfiguration of its account and Region is in the app; "
        "fix: declare a registry scanning configuration, which counts for every repository, or set "
        "ImageScanningConfiguration.ScanOnPush true, the default of AccessibleRepository; if the registry's "
        "configuration is set elsewhere, acknowledge the finding"
    )


@pytest.mark.parametrize(
    "properties",
    [
        {"ImageScanningConfiguration": {"ScanOnPush": True}},
        {"ImageScanningConfiguration": {"ScanOnPush": "true"}},
        {"ImageScanningConfiguration": {"ScanOnPush": PARAMETER}},
        {"ImageScanningConfiguration": {"Fn::If": ["A", {}, NOTHING]}},
    ],
)
def test_one_that_is_scanned_or_may_be_is_not(properties: dict[str, Any]) -> None:
    """By what the template says, or only the deployment knows."""
    assert findings(RULE, app_of({"Web": repository(**properties)})) == []


@pytest.mark.parametrize(
    ("account", "region", "count"),
    [
        (ACCOUNT, REGION, 0),
        ("", REGION, 0),
        (ACCOUNT, "", 0),
        (OTHER, REGION, 1),
        (ACCOUNT, "us-east-1", 1),
    ],
)
def test_a_registry_scans_all_repositories_of_its_account_and_region(account: str, region: str, count: int) -> None:
    """Whichever stack declares it, and it may be this one's if only the deployment knows."""
    application = Application(
        [
            Template("web.json", {"Resources": {"Web": repository()}}, ACCOUNT, REGION),
            Template("registry.json", {"Resources": {"Registry": REGISTRY}}, account, region),
        ]
    )
    assert len(findings(RULE, application)) == count


def test_a_macro_may_declare_it() -> None:
    """It is not known before the deployment."""
    assert findings(RULE, app_of({"Transform": "Some", "Resources": {"Web": repository()}})) == []


def test_a_repository_of_the_cdk_is_not_scanned_and_ours_is(app: App, stack: Stack) -> None:
    """By their defaults."""
    ecr.Repository(stack, "Web")
    AccessibleRepository(stack, "Api", repository_name="api")
    (found,) = RULE.check(synthesized(app))
    assert found.resource.logical_id.startswith("Web")
