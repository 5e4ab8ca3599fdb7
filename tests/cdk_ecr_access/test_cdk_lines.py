"""The lines of a CDK app that an answer shows, run in one."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
import yaml
from aws_cdk import App, Environment, Stack, aws_ec2, aws_ecr, aws_iam

from cdk_ecr_access import AccessibleRepository, ExistingRepository
from ecr_access.diagnosis import cdk_lines, diagnose
from ecr_access.diagnosis.reading import Reading

CORPUS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[1] / "ecr_access" / "diagnosis" / "corpus.yaml").read_text(encoding="utf-8")
)
OURS = ("AccessibleRepository(", "ExistingRepository.", "principal = ", "vpc.add_")
UNKNOWN = ('"NAME"', '"ARN"', '"ACCOUNT"', "arn:aws:ecr:REGION")


def _shown() -> dict[str, str]:
    """The code of every cause whose values are all known, once each."""
    found = [one for one in (diagnose(entry["text"]) for entry in CORPUS) if one]
    codes = {
        f"{one.cause.name}-{number}": step.code
        for one in found
        for number, step in enumerate(one.steps, start=1)
        if step.code.startswith(("repository = ", *OURS)) and not any(word in step.code for word in UNKNOWN)
    }
    return dict(sorted(codes.items()))


@pytest.fixture(scope="module")
def app() -> App:
    """One app for all, whose stacks are synthesized together at the end."""
    return App()


@pytest.mark.parametrize(("name", "code"), _shown().items(), ids=_shown())
def test_the_lines_work(app: App, name: str, code: str) -> None:
    """They are valid where they belong: in the stack of an account and a Region, in a registry of its own."""
    ast.parse(code)
    account = f"{444455550000 + len(app.node.children)}"
    stack = Stack(app, name, env=Environment(account=account, region="us-west-2"))
    known = {
        "self": stack,
        "iam": aws_iam,
        "ecr": aws_ecr,
        "ec2": aws_ec2,
        "AccessibleRepository": AccessibleRepository,
        "ExistingRepository": ExistingRepository,
    }
    if "vpc." in code:
        known["vpc"] = aws_ec2.Vpc(stack, "Vpc", max_azs=1)
    exec(code, known)  # noqa: S102 -- our own lines
    assert len(stack.node.children) > 0


@pytest.mark.parametrize(
    ("principal", "account"),
    [("arn:aws:sts::444455556666:assumed-role/deploy/session", "444455556666"), (None, "111122223333")],
)
def test_lambda_is_granted_for_the_account_of_the_functions(principal: str | None, account: str) -> None:
    """The principal that creates a function is of its account, the repository's may be another one."""
    reading = Reading(account="111122223333", repository="team/web", principal=principal)
    assert f'grant_lambda_pull(accounts=["{account}"])' in cdk_lines.granted_lambda(reading)


def test_they_synthesize(app: App) -> None:
    """None is refused once all is known."""
    assert app.synth().stacks


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("team/web-app", 'AccessibleRepository(self, "WebApp", repository_name="team/web-app")'),
        (None, 'AccessibleRepository(self, "Repository", repository_name="NAME")'),
    ],
)
def test_a_construct_is_named_after_its_repository(name: str | None, line: str) -> None:
    """By its last part, as a person would."""
    assert cdk_lines.declared(Reading(repository=name)) == line
