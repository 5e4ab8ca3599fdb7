"""``key-of-another-region``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_kms as kms

from ecr_access.documents.templates.template import Template
from ecr_access.rules.access.application import Application
from ecr_access.rules.checks.key_of_another_region import RULE
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import ACCOUNT, NOTHING, PARAMETER, REGION, repository, synthesized

if TYPE_CHECKING:
    from aws_cdk import App, Stack

HERE = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/mrk-1234"
THERE = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/mrk-1234"


def encrypted(key: object) -> dict[str, Any]:
    """A repository with a key."""
    return repository(EncryptionConfiguration={"EncryptionType": "KMS", "KmsKey": key})


@pytest.mark.parametrize(
    "key",
    [
        THERE,
        {"Fn::Sub": "arn:${AWS::Partition}:kms:us-east-1:${AWS::AccountId}:key/1234"},
        {"Fn::Join": ["", ["arn:aws:kms:us-east-1:", PARAMETER, ":alias/ecr"]]},
    ],
    ids=["literal", "substituted", "account unknown"],
)
def test_a_key_of_another_region_is_reported(key: object) -> None:
    """Also the primary of a multi-Region key, whose replica ECR does not look for."""
    (found,) = findings(RULE, app_of({"Web": encrypted(key)}))
    assert found == (
        f"the key of repository 'Web' is in Region us-east-1, and the repository in {REGION}: ECR uses keys of the "
        "repository's own Region alone; fix: name a key of that Region, or a replica there of a multi-Region key"
    )


def test_a_creation_template_is_read_too() -> None:
    """ECR makes repositories from it that no principal can push to."""
    template = encrypted(THERE) | {"Type": "AWS::ECR::RepositoryCreationTemplate"}
    assert len(findings(RULE, app_of({"Cache": template}))) == 1


@pytest.mark.parametrize(
    "key",
    [
        HERE,
        "alias/ecr",
        "1234abcd-12ab-34cd-56ef-1234567890ab",
        NOTHING,
        PARAMETER,
        {"Fn::Sub": "arn:aws:kms:${AWS::Region}:${AWS::AccountId}:key/1234"},
        {"Fn::Join": ["", ["arn:aws:kms:", PARAMETER, f":{ACCOUNT}:key/1234"]]},
        {"Fn::ImportValue": "Key"},
    ],
    ids=["here", "alias", "id", "none", "parameter", "own region", "region unknown", "imported"],
)
def test_a_key_that_is_here_or_may_be_is_not(key: object) -> None:
    """By what the template says, or only the deployment knows."""
    assert findings(RULE, app_of({"Web": encrypted(key)})) == []


def test_where_the_region_is_not_known_nothing_is_reported() -> None:
    """A template may be deployed anywhere."""
    template = Template("web.yaml", {"Resources": {"Web": encrypted(THERE)}})
    assert findings(RULE, Application([template])) == []


def test_what_the_cdk_renders_of_an_imported_key_is_read(app: App, stack: Stack) -> None:
    """``aws_ecr`` takes any key."""
    key = kms.Key.from_key_arn(stack, "Key", THERE)
    ecr.Repository(stack, "Web", encryption_key=key)
    assert len(findings(RULE, synthesized(app))) == 1
