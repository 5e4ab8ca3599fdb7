"""What is wrong with a manifest only where it is deployed, in the words of who writes YAML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App, Environment, Stack

from cdk_ecr_access.manifest.declared import DeclaredRepositories
from ecr_access.manifest import ManifestError, parse_manifest

if TYPE_CHECKING:
    from ecr_access.manifest import RepositoryEntry

OWN = "111122223333"
OTHER = "444455556666"
PYTHON = r"Token\[|\b(?:iam|ecr|kms)\.[A-Z]|=True|=False|=None|\bNone\b|\w\(\)|role_name|Duration"


def declared(*, agnostic: bool = False, **manifest: Any) -> DeclaredRepositories:
    """Make what a manifest declares in a stack, of a known account or not."""
    stack = Stack(App(), "Stack", env=None if agnostic else Environment(account=OWN, region="eu-west-1"))
    return DeclaredRepositories(stack, "Declared", manifest=parse_manifest(manifest, source="a test"))


@pytest.mark.parametrize(
    ("place", "problem"),
    [
        (
            {"account": OTHER},
            f"account: the manifest is for '{OTHER}', and its stack is in '{OWN}'; make both the same",
        ),
        (
            {"region": "us-east-1"},
            "region: the manifest is for 'us-east-1', and its stack is in 'eu-west-1'; make both the same",
        ),
    ],
)
def test_a_manifest_for_another_place_than_its_stack_is_refused(place: dict[str, Any], problem: str) -> None:
    """Nothing is made in the wrong account or Region."""
    with pytest.raises(ManifestError) as raised:
        declared(**place, repositories=[{"name": "base"}])
    assert [str(one) for one in raised.value.problems] == [problem]
    declared(account=OWN, region="eu-west-1", repositories=[{"name": "base"}])


def test_what_a_construct_refuses_is_a_problem_of_its_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the others, and without a traceback."""
    refused = {"aa": ValueError("no key of this Region"), "bb": RuntimeError("no")}

    def properties(_: object, entry: RepositoryEntry) -> dict[str, Any]:
        if entry.name in refused:
            raise refused[entry.name]
        return {"repository_name": entry.name}

    monkeypatch.setattr("cdk_ecr_access.manifest.declared.properties", properties)
    with pytest.raises(ManifestError) as raised:
        declared(repositories=[{"name": "aa"}, {"name": "bb"}, {"name": "cc", "pull": [OWN]}])
    at = [(problem.at, problem.message[:20]) for problem in raised.value.problems]
    assert at == [
        ("repositories[0]", "no key of this Regio"),
        ("repositories[1]", "no"),
        ("repositories[2].pull[0]", "cannot grant to acco"),
    ]


@pytest.mark.parametrize("agnostic", [False, True])
def test_no_message_has_tokens_or_python(*, agnostic: bool) -> None:
    """Who writes YAML reads them."""
    arn = f"arn:aws:iam::{OTHER}:role/x-*"
    names = [OWN, OTHER, arn, f"arn:aws:iam::{OWN}:role/x-*", "codebuild.amazonaws.com", "o-abc1234567"]
    entries = {"pull": names, "read": names, "lambda_accounts": [OWN, OTHER]}
    value: dict[str, Any] = {
        "repositories": [{"name": "base", **entries}],
        "existing": [{"name": "there", **entries}],
    }
    with pytest.raises(ManifestError) as raised:
        declared(agnostic=agnostic, **value)
    message = str(raised.value)
    assert len(raised.value.problems) > 10
    assert not re.search(PYTHON, message)
    assert "then write policy_covers_grants: true here, and the check proves it" in message
