"""Which resources get the tags of a manifest."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk.assertions import Template

from cdk_ecr_access.manifest.declared import DeclaredRepositories
from ecr_access.manifest import parse_manifest


def resources_of(stack: Stack, kind: str, **manifest: Any) -> dict[str, Any]:
    """Make what a manifest declares, and return the resources of a type."""
    DeclaredRepositories(stack, "Declared", manifest=parse_manifest(manifest, source="a test"))
    return dict(Template.from_stack(stack).find_resources(kind))


@pytest.mark.parametrize("kind", ["AWS::Lambda::Function", "AWS::Logs::LogGroup", "AWS::IAM::Role"])
def test_tags_at_the_top_are_the_checks_as_well(kind: str) -> None:
    """An account whose rules ask for a tag asks it of every resource. The tags of a repository stay with it."""
    repositories = [{"name": "base", "push": ["ci"], "tags": {"tier": "1"}}]
    found = resources_of(Stack(App(), "Stack"), kind, tags={"team": "a"}, roles={"ci": {}}, repositories=repositories)
    assert found
    assert {json.dumps(one["Properties"]["Tags"]) for one in found.values()} == {'[{"Key": "team", "Value": "a"}]'}


def test_tags_at_the_top_reach_nothing_else() -> None:
    """A stack may have more than the manifest declares."""
    stack = Stack(App(), "Stack")
    ecr.Repository(stack, "Other")
    found = resources_of(stack, "AWS::ECR::Repository", tags={"team": "a"}, repositories=[{"name": "base"}])
    (other,) = [one for name, one in found.items() if name.startswith("Other")]
    assert "Tags" not in other.get("Properties", {})


def test_tags_at_the_top_make_no_check() -> None:
    """Where nothing else needs one."""
    counts = [
        len(resources_of(Stack(App(), "Stack"), "AWS::Lambda::Function", repositories=[{"name": "base"}], **tags))
        for tags in ({}, {"tags": {"team": "a"}})
    ]
    assert counts[0] == counts[1]
