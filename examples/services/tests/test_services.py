"""What a pull request shows: the templates, and who may do what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aws_cdk import App

from cdk_ecr_access.testing import assert_can_pull, assert_can_push, assert_cannot_push, assert_no_token_on_resource
from services import Images, Services, build

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion


@pytest.fixture(scope="module")
def app() -> App:
    """The app as it is deployed."""
    made = App()
    build(made)
    return made


@pytest.fixture(scope="module")
def images(app: App) -> Images:
    """Its repositories."""
    found = app.node.find_child("Images")
    assert isinstance(found, Images)
    return found


@pytest.fixture(scope="module")
def services(app: App) -> Services:
    """What runs their images."""
    found = app.node.find_child("Services")
    assert isinstance(found, Services)
    return found


def test_the_templates_are_those_that_were_agreed_on(
    images: Images, services: Services, template_snapshot: SnapshotAssertion
) -> None:
    """A change shows in the pull request; pytest --snapshot-update agrees to it."""
    assert images == template_snapshot(name="images")
    assert services == template_snapshot(name="services")


def test_the_project_pushes_and_the_service_only_pulls(app: App, images: Images, services: Services) -> None:
    """On the repository whose image the service runs."""
    assert_can_push(app, images.build, images.web)
    assert_can_pull(app, services.task.obtain_execution_role(), images.web)
    assert_cannot_push(app, services.task.obtain_execution_role(), images.web)
    assert_no_token_on_resource(app)
