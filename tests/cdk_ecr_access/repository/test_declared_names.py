"""One registry takes each name once: what is declared twice is an error at synth, where that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aws_cdk import App, Environment, Stack, Stage

from cdk_ecr_access import AccessibleRepository
from tests.reading import ACCOUNT, ENV, OTHER, REGION

if TYPE_CHECKING:
    from constructs import Construct

ERROR = r"repository name 'team/app' is declared 2 times {}: 'One/Web', 'Two/Web'; a registry takes a name once; "


def _declare(scope: Construct, id_: str = "Web") -> AccessibleRepository:
    return AccessibleRepository(scope, id_, repository_name="team/app")


def test_a_name_in_two_stacks_of_one_registry_is_an_error(app: App) -> None:
    """Whichever is deployed second would fail."""
    for name in ("One", "Two"):
        _declare(Stack(app, name, env=ENV))
    with pytest.raises(RuntimeError, match=ERROR.format(f"in account {ACCOUNT}, Region {REGION}")):
        app.synth()


def test_a_name_twice_in_one_stack_is_an_error(app: App) -> None:
    """Also where its account and Region are not known."""
    stack = Stack(app, "Stack")
    _declare(stack, "A")
    _declare(stack, "B")
    with pytest.raises(RuntimeError, match=r"is declared 2 times in stack 'Stack': 'Stack/A', 'Stack/B'"):
        app.synth()


@pytest.mark.parametrize("env", [None, Environment(account=OTHER, region=REGION), Environment(account=ACCOUNT)])
def test_a_name_in_what_may_be_another_registry_is_none(app: App, env: Environment | None) -> None:
    """Stacks without an environment may go to different accounts."""
    _declare(Stack(app, "One", env=ENV))
    _declare(Stack(app, "Two", env=env))
    app.synth()


def test_stages_of_one_registry_share_its_names(app: App) -> None:
    """They are one app, which deploys both."""
    for name in ("One", "Two"):
        _declare(Stack(Stage(app, name, env=ENV), "Web"), "It")
    with pytest.raises(RuntimeError, match=r"'One/Web/It', 'Two/Web/It'"):
        app.synth()


def test_a_repository_that_was_removed_from_the_tree_has_no_name(app: App) -> None:
    """What is declared in its place may have the name."""
    stack = Stack(app, "Stack", env=ENV)
    _declare(stack)
    stack.node.try_remove_child("Web")
    _declare(stack)
    app.synth()
