"""The properties of a repository in a manifest are those of its construct."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Match, Template

from cdk_ecr_access.manifest.declared import DeclaredRepositories
from cdk_ecr_access.manifest.properties import grantee, principal
from ecr_access.iam.principal_names import Service, read_trusted
from ecr_access.manifest import parse_manifest

OTHER = "444455556666"
PROJECTS = f"arn:aws:codebuild:eu-west-1:{OTHER}:project/*"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def template_of(**fields: Any) -> Template:
    """Synthesize a repository that has fields besides its name."""
    stack = Stack(App(), "Stack")
    manifest = parse_manifest({"repositories": [{"name": "base", **fields}]}, source="a test")
    DeclaredRepositories(stack, "Declared", manifest=manifest)
    return Template.from_stack(stack)


@pytest.mark.parametrize(
    ("fields", "properties"),
    [
        ({"encryption": "AES256"}, {"EncryptionConfiguration": Match.absent()}),
        ({"encryption": "KMS"}, {"EncryptionConfiguration": {"EncryptionType": "KMS"}}),
        ({"encryption": "KMS_DSSE"}, {"EncryptionConfiguration": {"EncryptionType": "KMS_DSSE"}}),
        (
            {"encryption": {"type": "KMS_DSSE", "key": KEY}},
            {"EncryptionConfiguration": {"EncryptionType": "KMS_DSSE", "KmsKey": KEY}},
        ),
        (
            {"encryption": {"type": "KMS", "key": KEY}},
            {"EncryptionConfiguration": {"EncryptionType": "KMS", "KmsKey": KEY}},
        ),
        ({"tag_mutability": "mutable"}, {"ImageTagMutability": "MUTABLE"}),
        ({"tag_mutability": "immutable"}, {"ImageTagMutability": "IMMUTABLE"}),
        ({"mutability_exclusions": ["pr-*"]}, {"ImageTagMutability": "IMMUTABLE_WITH_EXCLUSION"}),
        (
            {"tag_mutability": "mutable", "mutability_exclusions": ["v*"]},
            {
                "ImageTagMutability": "MUTABLE_WITH_EXCLUSION",
                "ImageTagMutabilityExclusionFilters": [
                    {
                        "ImageTagMutabilityExclusionFilterType": "WILDCARD",
                        "ImageTagMutabilityExclusionFilterValue": "v*",
                    }
                ],
            },
        ),
        ({"scan_on_push": False}, {"ImageScanningConfiguration": {"ScanOnPush": False}}),
        ({"scan_on_push": True}, {"ImageScanningConfiguration": {"ScanOnPush": True}}),
        ({"lifecycle": []}, {"LifecyclePolicy": Match.absent()}),
        ({}, {"LifecyclePolicy": {"LifecyclePolicyText": Match.string_like_regexp("untagged")}}),
        ({"removal_policy": "destroy", "empty_on_delete": True}, {"EmptyOnDelete": True}),
        ({"tags": {"team": "a"}}, {"Tags": [{"Key": "team", "Value": "a"}]}),
    ],
)
def test_the_properties_of_a_repository_are_those_declared(fields: dict[str, Any], properties: dict[str, Any]) -> None:
    """What is left out keeps the construct's default."""
    template = template_of(**fields)
    template.has_resource_properties("AWS::ECR::Repository", properties)


@pytest.mark.parametrize(
    ("fields", "policy"),
    [
        ({}, "RetainExceptOnCreate"),
        ({"removal_policy": "retain_on_update_or_delete"}, "RetainExceptOnCreate"),
        ({"removal_policy": "destroy"}, "Delete"),
        ({"removal_policy": "retain"}, "Retain"),
    ],
)
def test_a_repository_goes_or_stays_as_declared(fields: dict[str, Any], policy: str) -> None:
    """Both when it leaves the manifest and when it is replaced."""
    template = template_of(**fields)
    template.has_resource(
        "AWS::ECR::Repository", {"DeletionPolicy": policy, "UpdateReplacePolicy": policy.removesuffix("ExceptOnCreate")}
    )


@pytest.mark.parametrize(
    ("rule", "rendered"),
    [
        ({"max_image_count": 3}, '"countType":"imageCountMoreThan","countNumber":3'),
        ({"tag_status": "untagged", "max_image_age_days": 7}, '"countType":"sinceImagePushed","countNumber":7'),
        ({"tag_prefixes": ["v"], "max_image_count": 3, "priority": 9}, '"rulePriority":9'),
        ({"tag_patterns": ["v*"], "max_image_count": 3, "description": "keep"}, '"description":"keep"'),
        (
            {"action": "archive", "not_pulled_for_days": 9},
            '"action":{"type":"transition","targetStorageClass":"archive"}',
        ),
        ({"action": "archive", "max_image_age_days": 9}, '"sinceImagePushed","countNumber":9'),
        ({"archived_for_days": 99}, '"countType":"sinceImageTransitioned","countNumber":99'),
    ],
)
def test_a_lifecycle_is_rendered_as_declared(rule: dict[str, Any], rendered: str) -> None:
    """In place of the default rule."""
    template = template_of(lifecycle=[rule])
    (found,) = template.find_resources("AWS::ECR::Repository").values()
    text = found["Properties"]["LifecyclePolicy"]["LifecyclePolicyText"]
    assert rendered in text
    assert text.count("rulePriority") == 1


@pytest.mark.parametrize(
    ("source", "condition"),
    [
        ({"source_account": OTHER}, {"StringEquals": {"aws:SourceAccount": OTHER}}),
        ({"source_arn": PROJECTS}, {"ArnLike": {"aws:SourceArn": PROJECTS}}),
        (
            {"source_arn": PROJECTS, "source_account": OTHER},
            {"StringEquals": {"aws:SourceAccount": OTHER}, "ArnLike": {"aws:SourceArn": PROJECTS}},
        ),
    ],
)
def test_a_service_is_confined_by_the_source_that_is_given(source: dict[str, str], condition: dict[str, Any]) -> None:
    """By both, if both are given; without any, the repository adds its own account."""
    assert principal(Service("codebuild.amazonaws.com", **source)).policy_fragment.conditions == condition


@pytest.mark.parametrize(
    "text",
    ["arn:aws:iam::444455556666:role/ci", OTHER, "o-abc1234567", "o-abc1234567/r-ab12/", "codebuild.amazonaws.com"],
)
def test_a_principal_is_granted_to_as_the_text_that_it_is(text: str) -> None:
    """The grants read it as the manifest did; one of ``aws_iam`` costs a good part of a repository."""
    assert grantee(read_trusted(text)) == text


def test_a_service_with_a_source_is_granted_to_as_a_principal_of_the_cdk() -> None:
    """No text has conditions."""
    assert isinstance(grantee(Service("codebuild.amazonaws.com", OTHER)), iam.ServicePrincipal)
