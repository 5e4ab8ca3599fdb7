"""The examples synthesize, and show what the documentation says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aws_cdk import Stack

from cdk_ecr_access.testing import snapshot_of
from examples import principals

if TYPE_CHECKING:
    from aws_cdk import App
    from syrupy.assertion import SnapshotAssertion


@pytest.mark.parametrize("name", ["Images", "There"])
def test_principals(app: App, name: str, template_snapshot: SnapshotAssertion) -> None:
    """Every kind of principal, on both sides of a permission."""
    principals.images(app)
    stack = app.node.find_child(name)
    assert isinstance(stack, Stack)
    assert snapshot_of(stack) == template_snapshot
