"""What the tests of constructs build on; the CDK is imported on first use, because it starts Node.js."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from aws_cdk import App, Stack

    from cdk_ecr_access import AccessibleRepository


# As importers have them; where the packages' metadata name the plugins, by the same names, this changes nothing.
pytest_plugins = ["ecr_access.local_cloud.pytest_plugin", "pytester"]
with suppress(ModuleNotFoundError):  # the light package is tested where it is alone
    import_module("cdk_ecr_access")
    pytest_plugins.append("cdk_ecr_access.testing.pytest_plugin")


@pytest.fixture
def app() -> App:
    """Make an app."""
    from aws_cdk import App

    return App()


@pytest.fixture
def stack(app: App) -> Stack:
    """Make a stack of a known account and Region."""
    from aws_cdk import Stack

    from tests.reading import ENV

    return Stack(app, "Stack", env=ENV)


@pytest.fixture
def repository(stack: Stack) -> AccessibleRepository:
    """Declare a repository."""
    from cdk_ecr_access import AccessibleRepository

    return AccessibleRepository(stack, "Repository", repository_name="team/app")
