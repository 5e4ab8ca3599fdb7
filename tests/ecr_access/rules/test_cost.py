"""What the rules cost grows with an app, and not with its square: steps are counted, as no clock is the same twice."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ecr_access.cli.rules.read import read
from ecr_access.documents.templates.template import Template
from ecr_access.rules.access.application import Application
from ecr_access.rules.catalogue import RULES
from tests.ecr_access.rules.pieces import ACCOUNT, PULL, REGION, WEB, WEB_URI, allow, repository, role, task

if TYPE_CHECKING:
    from collections.abc import Callable

TOKEN = "ecr:GetAuthorizationToken"  # noqa: S105 -- an action
MORE = 2.3
"""Twice as much costs twice as much, and what little an app costs that is empty."""


def app(size: int) -> Application:
    """An app of so many repositories, roles and tasks, half of the roles with what rules find."""
    resources: dict[str, Any] = {}
    for number in range(size):
        arn, name = f"{WEB}-{number}", f"role-{number}"
        right = [allow(TOKEN, Resource="*"), allow(PULL, Resource=arn)]
        wrong = [allow([TOKEN, *PULL], Resource=arn), allow("ecr:PutImages", Resource=f"{arn}:1")]
        trust = {"Statement": allow("sts:AssumeRole", Principal={"Service": "ecs-tasks.amazonaws.com"})}
        resources[f"Repository{number}"] = repository(RepositoryName=f"web-{number}")
        statements = wrong if number % 2 else right
        resources[f"Role{number}"] = role(*statements, RoleName=name, AssumeRolePolicyDocument=trust)
        one = task(f"{WEB_URI}-{number}:1")
        one["Properties"] |= {"ExecutionRoleArn": name, "RequiresCompatibilities": ["FARGATE"]}
        resources[f"Task{number}"] = one
    found = Application([Template("app.json", {"Resources": resources}, ACCOUNT, REGION)])
    # What is read once would hide what a rule does for each.
    assert found.identities
    assert found.statements
    assert found.repositories
    assert found.images
    return found


def steps(run: Callable[[], object]) -> int:
    """How many lines are run, each round of a loop counted."""
    counted = 0

    def count(_frame: object, _event: str, _argument: object) -> Any:
        nonlocal counted
        counted += 1
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        run()
    finally:
        sys.settrace(before)
    return counted


@pytest.mark.parametrize("name", [one.id for one in RULES])
def test_twice_the_app_costs_twice_as_much(name: str) -> None:
    """Each rule by itself."""
    (rule,) = [one for one in RULES if one.id == name]
    small, large = (steps(partial(list, rule.check(one))) for one in map(app, (100, 200)))
    assert large <= MORE * small


def test_many_files_of_a_folder_are_read_one_by_one(tmp_path: Path) -> None:
    """The folder is not listed for each of them."""
    counted = {}
    for size in (30, 60):
        folder = tmp_path / f"{size}"
        folder.mkdir()
        names = [str(folder / f"{number}.template.json") for number in range(size)]
        for one in names:
            Path(one).write_text('{"Resources": {}}', encoding="utf-8")
        counted[size] = steps(partial(read, names))
    assert counted[60] <= MORE * counted[30]
