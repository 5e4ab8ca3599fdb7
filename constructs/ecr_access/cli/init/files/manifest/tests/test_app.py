"""What a pull request shows: the template, and who may do what."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from aws_cdk import App
from cdk_ecr_access.testing import (
    assert_can_pull,
    assert_can_push,
    assert_cannot_push,
    assert_no_token_on_resource,
)

from app import Images, build

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

ROOT = Path(__file__).parents[1]


@pytest.fixture
def images(monkeypatch: pytest.MonkeyPatch) -> Images:
    """Build the stack with the settings of cdk.json, for any account."""
    monkeypatch.delenv("CDK_DEFAULT_ACCOUNT", raising=False)
    monkeypatch.delenv("CDK_DEFAULT_REGION", raising=False)
    settings = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))
    (stack,) = build(App(context=settings["context"]))
    return stack


def test_the_template_is_the_one_agreed_on(
    images: Images, template_snapshot: SnapshotAssertion
) -> None:
    """A change shows in the pull request; pytest --snapshot-update agrees to it."""
    assert images == template_snapshot


def test_ci_pushes_and_the_service_only_pulls(images: Images) -> None:
    """Both have the token, and no statement narrows it to a repository."""
    web = images.declared.repositories["team/web"]
    ci, service = (images.declared.roles[key] for key in ("ci", "service"))
    assert_can_push(images, ci, web)
    assert_can_pull(images, service, web)
    assert_cannot_push(images, service, web)
    assert_no_token_on_resource(images)
