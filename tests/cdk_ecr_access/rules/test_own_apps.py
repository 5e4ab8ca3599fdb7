"""Every app of this repository gets no error, but the one that is meant to."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from aws_cdk import App
from aws_cdk import aws_iam as iam

from app import build as build_declared
from ecr_access.cli.rules.read import read
from ecr_access.rules.access.application import Application
from ecr_access.rules.finding import Severity
from examples import principals
from examples.cdk_pipelines import pipeline
from examples.github_actions import registry
from examples.services import services
from tests.ecr_access.rules.test_corpus import TOKEN, found_in

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT: Final = Path(__file__).parents[3]


@pytest.fixture
def _in_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run where the CDK CLI runs: the manifest is named relative to cdk.json."""
    monkeypatch.chdir(ROOT)


def declared(app: App) -> None:
    """app.py."""
    build_declared(app)


def denied(app: App) -> None:
    """The app of the walkthrough that takes a token away."""
    (stack,) = build_declared(app)
    role = next(iter(stack.declared.roles.values()))
    role.add_to_policy(iam.PolicyStatement(effect=iam.Effect.DENY, actions=[TOKEN], resources=["*"]))


@pytest.mark.parametrize("build", [declared, principals.images, pipeline.build, registry.build, services.build])
@pytest.mark.usefixtures("_in_the_checkout")
def test_the_apps_of_this_repository_have_no_error(build: Callable[[App], object], tmp_path: Path) -> None:
    """Their whole assemblies, stages and nested stacks among them."""
    assert errors_of(build, tmp_path) == Counter()


@pytest.mark.usefixtures("_in_the_checkout")
def test_the_one_that_takes_a_token_away_has_that_error(tmp_path: Path) -> None:
    """It is there to be refused."""
    assert errors_of(denied, tmp_path) == Counter({"token-missing": 1})


def errors_of(build: Callable[[App], object], tmp_path: Path) -> Counter[str]:
    """What is found in an app of this repository."""
    settings = json.loads(ROOT.joinpath("cdk.json").read_text(encoding="utf-8"))
    app = App(outdir=str(tmp_path), context=settings["context"])
    build(app)
    app.synth()
    sources, wrong = read([str(tmp_path)])
    assert not wrong
    assert sources
    return found_in(Application([one.template for one in sources]))[Severity.ERROR]
