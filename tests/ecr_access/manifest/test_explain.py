"""What a repository ends up with is what its construct is given, each with the line that says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ecr_access.manifest.explain import explain, no_such_repository
from tests.ecr_access.manifest.folder import read

if TYPE_CHECKING:
    from pathlib import Path

    from ecr_access.manifest import Manifest

FILES = {
    "platform.yaml": """\
include: [teams/*]
tags: {owner: platform}
environments:
  prod: {account: "111122223333", region: eu-west-1}
  dev: {account: "444455556666", region: eu-west-1}
roles: {ci: {}}
defaults:
  environments: [prod]
  push: [ci]
  lambda_accounts: ["111122223333"]
prefixes:
  team-a/*:
    pull: ["444455556666"]
    lifecycle:
      - max_image_count: 50
""",
    "teams/a.yaml": """\
x-mutable: &mutable
  tag_mutability: mutable
repositories:
  - name: team-a/web
    <<: *mutable
    pull:
      - {service: codebuild.amazonaws.com, source_account: "444455556666"}
      - "444455556666"
    tags: {tier: "1"}
    replaces: [lambda_accounts]
    scan_on_push: false
    environments: [prod, dev]
existing:
  - name: base
    pull: [ci]
""",
}


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    """The manifest of both files."""
    return read(tmp_path, FILES)


def told(manifest: Manifest, name: str, at: int = 0) -> list[tuple[str, object, str, str]]:
    """Explain a repository: each key, value and place, and what says so."""
    settings = explain(manifest, name)[at].settings
    places = [str(one.place).replace(f"{manifest.source}/", "") for one in settings]
    return [(one.key, one.value, place, one.by) for one, place in zip(settings, places, strict=True)]


@pytest.mark.parametrize("at", [0, 1])
def test_each_value_has_the_line_that_says_it(manifest: Manifest, at: int) -> None:
    """In each environment; of a merged key, where it is written; of two lists with an item, the more specific one."""
    service = {"service": "codebuild.amazonaws.com", "source_account": "444455556666"}
    assert told(manifest, "team-a/web", at) == [
        ("pull", "444455556666", "teams/a.yaml:8", "repository"),
        ("pull", service, "teams/a.yaml:7", "repository"),
        ("push", "ci", "platform.yaml:9", "defaults"),
        ("encryption", "AES256", "None", "the default"),
        ("lifecycle", [{"max_image_count": 50}], "platform.yaml:14", "prefix team-a/*"),
        ("tag_mutability", "mutable", "teams/a.yaml:2", "repository"),
        ("scan_on_push", False, "teams/a.yaml:11", "repository"),
        ("removal_policy", "retain_on_update_or_delete", "None", "the default"),
        ("empty_on_delete", False, "None", "the default"),
        ("tags", {"owner": "platform"}, "platform.yaml:2", "tags"),
        ("tags", {"tier": "1"}, "teams/a.yaml:9", "repository"),
        ("environments", ["prod", "dev"], "teams/a.yaml:12", "repository"),
    ]


def test_an_existing_repository_is_explained_too(manifest: Manifest) -> None:
    """Of whose settings the manifest has few."""
    assert told(manifest, "base") == [
        ("pull", "ci", "teams/a.yaml:15", "repository"),
        ("policy_covers_grants", False, "None", "the default"),
    ]


def test_what_is_explained_is_what_is_made(manifest: Manifest) -> None:
    """The number of principals, and the environment."""
    for entry, explained in zip(manifest.repositories, explain(manifest, "team-a/web"), strict=True):
        assert explained.environment == entry.environment
        for key, names in entry.levels.items():
            assert len(names) == sum(one.key == key for one in explained.settings)


def test_an_unknown_name_is_told_with_the_nearest(manifest: Manifest) -> None:
    """Of repositories that are made, and of others."""
    assert explain(manifest, "team-a/wbe") == ()
    assert no_such_repository(manifest, "team-a/wbe").endswith("; did you mean 'team-a/web'?")
    assert no_such_repository(manifest, "bsae").endswith("; did you mean 'base'?")
