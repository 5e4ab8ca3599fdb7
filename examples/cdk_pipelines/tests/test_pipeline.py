"""What the pipeline runs before it deploys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aws_cdk import App, Stack

from cdk_ecr_access.testing import assert_no_token_on_resource
from pipeline import build

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion


@pytest.mark.parametrize("stage", ["Staging", "Production"])
def test_each_accounts_template_is_what_was_agreed_on(stage: str, template_snapshot: SnapshotAssertion) -> None:
    """A change shows in the pull request; pytest --snapshot-update agrees to it."""
    app = App()
    images = build(app).node.find_child(stage).node.find_child("Images")
    assert isinstance(images, Stack)
    assert images == template_snapshot
    assert_no_token_on_resource(app)
