"""One registry takes each name once: what is declared twice is an error at synth, where that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jsii
import pytest
from aws_cdk import (
    App,
    Aspects,
    Environment,
    IAspect,
    IPropertyInjector,
    PropertyInjectors,
    Stack,
    Stage,
    Token,
)
from aws_cdk import aws_ecr as ecr

from cdk_ecr_access import AccessibleRepository
from tests.reading import ACCOUNT, ENV, OTHER, REGION

if TYPE_CHECKING:
    from collections.abc import Callable

    from constructs import Construct, IConstruct

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


@jsii.implements(IAspect)
class _Prefix:
    """An organization's aspect, which prefixes the names of repositories."""

    def visit(self, node: IConstruct) -> None:
        """Prefix one name."""
        if isinstance(node, ecr.CfnRepository):
            node.repository_name = "prod-team/app"


@jsii.implements(IPropertyInjector)
class _Injector:
    @property
    def construct_unique_id(self) -> str:
        """Repositories of aws_ecr, and of its subclasses."""
        return ecr.Repository.PROPERTY_INJECTION_ID

    def inject(self, original_props: object, *, id: str, scope: Construct) -> ecr.RepositoryProps:  # noqa: A002, ARG002
        """Name every repository alike."""
        return ecr.RepositoryProps(repository_name="prod-team/app")


def _by_aspect(scope: Construct) -> None:
    _declare(scope)
    Aspects.of(scope).add(_Prefix())


def _by_assignment(scope: Construct) -> None:
    leaf = _declare(scope).node.default_child
    assert isinstance(leaf, ecr.CfnRepository)
    leaf.repository_name = "prod-team/app"


def _by_injector(scope: Construct) -> None:
    PropertyInjectors.of(scope).add(_Injector())
    _declare(scope)


@pytest.mark.parametrize("change", [_by_aspect, _by_assignment, _by_injector], ids=["aspect", "assignment", "injector"])
def test_a_name_that_has_changed_since_is_an_error(app: App, change: Callable[[Construct], None]) -> None:
    """The grants and the check name the one of the constructor, so the deployment would fail, or prove another."""
    change(Stack(app, "One", env=ENV))
    told = r"'One/Web' was declared as 'team/app', and .* named it 'prod-team/app' since; .* give the final name to"
    with pytest.raises(RuntimeError, match=told):
        app.synth()


def test_a_name_that_is_known_only_at_deployment_is_no_change(app: App) -> None:
    """Nothing can be said of it; a name that aws_ecr's own pattern refuses is written as one."""
    stack = Stack(app, "One", env=ENV)
    leaf = _declare(stack).node.default_child
    assert isinstance(leaf, ecr.CfnRepository)
    leaf.repository_name = Token.as_string({"Ref": "Name"})
    AccessibleRepository(stack, "Two", repository_name="team/a--b")
    app.synth()
