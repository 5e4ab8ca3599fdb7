"""What the workflow runs on a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import App

from cdk_ecr_access.testing import assert_no_token_on_resource
from registry import build

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion


def test_the_templates_are_those_that_were_agreed_on(template_snapshot: SnapshotAssertion) -> None:
    """A change shows in the pull request; pytest --snapshot-update agrees to it."""
    app = App()
    github, images = build(app)
    assert github == template_snapshot(name="github")
    assert images == template_snapshot(name="images")
    assert_no_token_on_resource(app)
