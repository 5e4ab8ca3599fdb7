"""``ecr-access manifest moves``: what moves when the number of stacks changes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from ecr_access.cli.manifest.command import main

if TYPE_CHECKING:
    from pathlib import Path

FLEET = """\
stacks: 2
environments:
  prod: {account: "111122223333", region: eu-west-1, stacks: 3}
  dev: {account: "444455556666", region: eu-west-1}
defaults: {environments: [dev, prod]}
repositories:
  - name: moved/api
  - name: moved/db
  - name: moved/log
  - name: moved/web
"""
ORPHAN = "cdk orphan --app cdk.moves --unstable=orphan --yes"


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A manifest of two environments, which the app of the working directory names."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cdk.json").write_text('{"context": {"manifest": "images.yaml"}}', encoding="utf-8")
    (tmp_path / "images.yaml").write_text(FLEET, encoding="utf-8")
    return tmp_path / "images.yaml"


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """Return the lines of what is printed."""
    assert main(["moves", *arguments]) == 0
    return capsys.readouterr().out.splitlines()


@pytest.mark.usefixtures("fleet")
def test_the_moves_and_the_commands_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """In the order in which they are run; an environment with a number of its own stays as it is."""
    assert printed(capsys, "--stacks", "3") == [
        "2 of 4 repositories move; stacks: 2 -> 3",
        "moved/api\tEcrAccess-dev\tEcrAccess3-dev",
        "moved/log\tEcrAccess2-dev\tEcrAccess3-dev",
        "",
        "1. With the manifest as it is deployed, detach them from their stacks; nothing is deleted:",
        "   cdk synth --quiet --output cdk.moves -c bulk=false",
        f"   {ORPHAN} EcrAccess-dev/Declared/Repository:moved:api",
        f"   {ORPHAN} EcrAccess2-dev/Declared/Repository:moved:log",
        "",
        "2. Write stacks: 3 at images.yaml:1",
        "",
        "3. Deploy; the images stay where they are:",
        "   cdk deploy --all --import-existing-resources",
    ]


@pytest.mark.usefixtures("fleet")
def test_the_moves_are_json_where_json_is_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    """The commands as they are printed, and the place of the number."""
    told = json.loads("\n".join(printed(capsys, "--stacks", "3", "--json")))
    lines = printed(capsys, "--stacks", "3")
    assert [f"   {one}" for one in [*told["commands"]["before"], *told["commands"]["after"]]] == [
        one for one in lines if one.startswith("   ")
    ]
    assert told["environments"] == [{"name": "dev", "stacks": 2}]
    assert told["moves"][0] == {
        "repository": "moved/api",
        "environment": "dev",
        "from": "EcrAccess-dev",
        "to": "EcrAccess3-dev",
        "path": "EcrAccess-dev/Declared/Repository:moved:api",
    }
    assert told["write"] == {"key": "stacks", "file": "images.yaml", "line": 1, "retain": []}


@pytest.mark.usefixtures("fleet")
def test_a_stack_that_is_needed_no_longer_is_deleted_last(capsys: pytest.CaptureFixture[str]) -> None:
    """From the synthesis in which it still is."""
    lines = printed(capsys, "--stacks", "2", "--environment", "prod", "--stack-name", "Images")
    assert lines[-5:] == [
        "3. Deploy; the images stay where they are:",
        "   cdk deploy --all --import-existing-resources",
        "",
        "4. Delete the stacks that have nothing left:",
        "   cdk destroy --app cdk.moves --exclusively --force Images3-prod",
    ]
    assert "2. Write stacks: 2 at images.yaml:3" in lines


def test_a_number_that_is_not_written_yet_has_its_key(fleet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of an environment that has the number at the top, or of a manifest that has none."""
    assert "2. Write stacks: 3 in images.yaml, as environments.dev.stacks" in printed(
        capsys, "--stacks", "3", "--environment", "dev"
    )
    fleet.write_text("repositories: [{name: moved/db}, {name: moved/web}]\n", encoding="utf-8")
    assert printed(capsys, "--stacks", "2")[-5:] == [
        "",
        "2. Write stacks: 2 in images.yaml, as stacks",
        "",
        "3. Deploy; the images stay where they are:",
        "   cdk deploy --all --import-existing-resources",
    ]


def test_a_repository_that_goes_with_its_stack_has_another_policy_meanwhile(
    fleet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """CloudFormation imports none that it would delete."""
    fleet.write_text(FLEET.replace("moved/api", "moved/api\n    removal_policy: destroy"), encoding="utf-8")
    lines = printed(capsys, "--stacks", "3")
    assert (
        "2. Write stacks: 3 at images.yaml:1; and removal_policy: retain_on_update_or_delete, without empty_on_delete, "
        "for 'moved/api': CloudFormation imports no other"
    ) in lines
    assert lines[-2:] == [
        "4. Write removal_policy: destroy again for 'moved/api', and deploy:",
        "   cdk deploy --all",
    ]


@pytest.mark.usefixtures("fleet")
def test_a_number_that_is_there_already_needs_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """In JSON, no command."""
    assert printed(capsys, "--stacks", "2") == ["nothing is to be done; stacks: 2"]
    told = json.loads("\n".join(printed(capsys, "--stacks", "2", "--json")))
    assert (told["moves"], told["commands"]) == ([], {"before": [], "after": []})


def test_no_repository_has_to_move(fleet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The new stack takes none, and nothing is imported."""
    fleet.write_text("stacks: 2\nrepositories: [{name: moved/db}]\n", encoding="utf-8")
    assert printed(capsys, "--stacks", "3") == [
        "0 of 1 repositories move; stacks: 2 -> 3",
        "",
        "1. Write stacks: 3 at images.yaml:1",
        "",
        "2. Deploy; the images stay where they are:",
        "   cdk deploy --all",
    ]


@pytest.mark.parametrize("number", ["0", "251", "1000", "1.5", "-1", "two", "", "\u0663", "9" * 5000])
def test_a_number_that_is_none_is_refused(number: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With what is allowed."""
    with pytest.raises(SystemExit) as left:
        main(["moves", f"--stacks={number}"])
    assert left.value.code == 2
    assert "a number of stacks is wanted, 1 to 250; got '" in capsys.readouterr().err


@pytest.mark.usefixtures("fleet")
def test_an_environment_that_is_none_is_refused_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    """With the status of a wrong argument."""
    assert main(["moves", "--stacks", "3", "--environment", "prdo"]) == 2
    wrong = "images.yaml: 'prdo' names no environment; allowed: 'dev', 'prod'; did you mean 'prod'?"
    assert wrong in capsys.readouterr().err


def test_too_few_stacks_are_refused_before_anything_is_detached(
    fleet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is detached then could not be deployed."""
    names = "".join(f"  - name: team/app-{number}\n" for number in range(900))
    fleet.write_text(f"stacks: 3\nrepositories:\n{names}", encoding="utf-8")
    assert main(["moves", "--stacks", "1"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "the stack would have 900 repositories and roles, and CloudFormation takes 500 resources; write" in told.err


def test_an_explanation_has_the_stack(fleet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where there are several."""
    assert main(["explain", "moved/log"]) == 0
    heads = [line for line in capsys.readouterr().out.splitlines() if line.startswith("moved/log, ")]
    assert [one.rpartition(", ")[2] for one in heads] == ["stack 2 of 2", "stack 3 of 3"]
    assert main(["explain", "moved/log", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["repositories"]
    assert [(one["stack"], one["environment"]["stacks"]) for one in found] == [(2, 2), (3, 3)]
    fleet.write_text("repositories: [{name: moved/db}]\n", encoding="utf-8")
    assert main(["explain", "moved/db"]) == 0
    assert "stack" not in capsys.readouterr().out.splitlines()[0]


def test_a_stack_that_all_repositories_leave_is_deleted(fleet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With one stack more, too; not the first, which keeps the roles."""
    fleet.write_text("stacks: 2\nrepositories: [{name: moved/log}, {name: moved/db}]\n", encoding="utf-8")
    assert printed(capsys, "--stacks", "3")[-1] == "   cdk destroy --app cdk.moves --exclusively --force EcrAccess2"
    for roles, gone in (("", True), ("roles: {ci: {}}\n", False)):
        fleet.write_text(f"{roles}repositories: [{{name: moved/web}}]\n", encoding="utf-8")
        assert any(one.endswith(" --force EcrAccess") for one in printed(capsys, "--stacks", "2")) is gone
