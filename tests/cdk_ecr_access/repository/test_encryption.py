"""Encryption at rest: every type that AWS has, each with one's own key or with AWS's."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from cfnlint.api import lint

from cdk_ecr_access import AccessibleRepository
from tests.reading import ACCOUNT, ENV, FOREIGN_ROLE, REGION, rendered

KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
AES_256, KMS, KMS_DSSE = (
    ecr.RepositoryEncryption.AES_256,
    ecr.RepositoryEncryption.KMS,
    ecr.RepositoryEncryption.KMS_DSSE,
)


def configuration(stack: Stack, **properties: Any) -> Any:
    """The encryption of a repository, as rendered; None if it is AWS's default."""
    AccessibleRepository(stack, "Repository", repository_name="team/app", **properties)
    return rendered(stack).one("AWS::ECR::Repository")["Properties"].get("EncryptionConfiguration")


@pytest.mark.parametrize("encryption", [None, AES_256])
def test_aes_256_is_what_aws_does_by_itself(stack: Stack, encryption: ecr.RepositoryEncryption | None) -> None:
    """Nothing is rendered, as aws_ecr does, so that moving to this library replaces no repository."""
    assert configuration(stack, encryption=encryption) is None


@pytest.mark.parametrize(("encryption", "type_"), [(KMS, "KMS"), (KMS_DSSE, "KMS_DSSE")])
def test_the_key_that_aws_manages(stack: Stack, encryption: ecr.RepositoryEncryption, type_: str) -> None:
    """The type alone."""
    assert configuration(stack, encryption=encryption) == {"EncryptionType": type_}


@pytest.mark.parametrize(("encryption", "type_"), [(None, "KMS"), (KMS, "KMS"), (KMS_DSSE, "KMS_DSSE")])
def test_a_key_of_ones_own(stack: Stack, encryption: ecr.RepositoryEncryption | None, type_: str) -> None:
    """The type and the key's ARN; the type may be left out where it is KMS."""
    key = kms.Key.from_key_arn(stack, "Key", KEY)
    assert configuration(stack, encryption=encryption, encryption_key=key) == {"EncryptionType": type_, "KmsKey": KEY}


def test_a_key_of_the_same_stack(stack: Stack) -> None:
    """Referred to, so that it is made first."""
    found = configuration(stack, encryption=KMS_DSSE, encryption_key=kms.Key(stack, "Key"))
    assert found == {
        "EncryptionType": "KMS_DSSE",
        "KmsKey": {"Fn::GetAtt": [rendered(stack).id("AWS::KMS::Key"), "Arn"]},
    }


def test_the_type_is_told_by_its_value(stack: Stack) -> None:
    """Not by the identity of an object: a type that aws_ecr does not know yet works too."""
    assert configuration(stack, encryption=ecr.RepositoryEncryption("KMS_NEW")) == {"EncryptionType": "KMS_NEW"}


def test_aes_256_takes_no_key(stack: Stack) -> None:
    """Refused before anything is built, with what to do."""
    key = kms.Key.from_key_arn(stack, "Key", KEY)
    with pytest.raises(ValueError, match=r"^encryption is AES_256, which takes no key, .* leave encryption out"):
        AccessibleRepository(stack, "Repository", repository_name="team/app", encryption=AES_256, encryption_key=key)
    assert stack.node.try_find_child("Repository") is None


@pytest.mark.parametrize("encryption", [KMS, KMS_DSSE])
def test_no_grant_touches_the_key(stack: Stack, encryption: ecr.RepositoryEncryption) -> None:
    """ECR uses the key under grants of its own: no principal gets a KMS action, and the key's policy stays."""
    key = kms.Key(stack, "Key")
    repository = AccessibleRepository(
        stack, "Repository", repository_name="team/app", encryption=encryption, encryption_key=key
    )
    repository.grant_pull_push(iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal()))
    repository.grant_pull(iam.ArnPrincipal(FOREIGN_ROLE))
    found = rendered(stack)
    assert "kms:" not in json.dumps([found.identity_side, found.repository_side])
    assert len(found.one("AWS::KMS::Key")["Properties"]["KeyPolicy"]["Statement"]) == 1


def test_the_documented_example() -> None:
    """The first lines of docs/encryption.md declare two repositories, each with the key that the table says."""
    page = (Path(__file__).parents[3] / "docs" / "encryption.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    names: dict[str, Any] = {}
    exec(example, names)  # noqa: S102 -- the page is ours
    found = [
        one["Properties"]["EncryptionConfiguration"] for one in rendered(names["stack"]).all("AWS::ECR::Repository")
    ]
    assert [(one["EncryptionType"], "KmsKey" in one) for one in found] == [("KMS", True), ("KMS_DSSE", False)]


def test_cfn_lint_finds_nothing() -> None:
    """With each type, with a key and without."""
    stack = Stack(App(), "Stack", env=ENV)
    key = kms.Key(stack, "Key")
    for number, (encryption, own) in enumerate([(KMS, None), (KMS, key), (KMS_DSSE, None), (KMS_DSSE, key)]):
        AccessibleRepository(
            stack, f"R{number}", repository_name=f"team/r{number}", encryption=encryption, encryption_key=own
        )
    assert [match.message for match in lint(json.dumps(rendered(stack).template), regions=[REGION])] == []


def test_a_key_of_another_region_is_refused(app: App, stack: Stack) -> None:
    """ECR takes keys of its own Region alone; one of a stack whose Region is not known may be right."""
    elsewhere = kms.Key.from_key_arn(stack, "Imported", f"arn:aws:kms:us-west-2:{ACCOUNT}:key/1234abcd")
    with pytest.raises(ValueError, match=r"^encryption_key is in Region us-west-2, and the repository in eu-west-1; "):
        AccessibleRepository(stack, "Web", repository_name="team/web", encryption_key=elsewhere)
    unknown = kms.Key(Stack(app, "Anywhere"), "Key")
    AccessibleRepository(Stack(app, "There"), "Web", repository_name="team/web", encryption_key=unknown)
