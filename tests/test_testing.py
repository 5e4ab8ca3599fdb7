"""What importers need to snapshot-test their own apps."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Template

from cdk_ecr_access.testing import snapshot_of

if TYPE_CHECKING:
    from aws_cdk import Stack

    from cdk_ecr_access import AccessibleRepository


def test_only_hashes_are_normalised(stack: Stack, repository: AccessibleRepository) -> None:
    """Asset and digest change with every release; everything else is compared as it is."""
    repository.grant_pull(iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal()))
    template = Template.from_stack(stack).to_json()
    (asset,) = [
        one["Properties"]["Code"]["S3Key"]
        for one in template["Resources"].values()
        if one["Type"] == "AWS::Lambda::Function"
    ]
    (digest,) = [one["Properties"]["Digest"] for one in template["Resources"].values() if "Digest" in one["Properties"]]
    text = json.dumps(template).replace(asset.removesuffix(".zip"), "<sha256>").replace(digest, "<sha256>")
    assert snapshot_of(stack) == json.loads(text)


def test_a_template_without_hashes_is_left_alone(stack: Stack) -> None:
    """Numbers, booleans and shorter texts pass through."""
    iam.CfnRole(stack, "Role", assume_role_policy_document={"Statement": []}, max_session_duration=3600)
    assert snapshot_of(stack) == Template.from_stack(stack).to_json()
