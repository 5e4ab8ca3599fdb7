"""``ecr-access``: which command runs, and what is said where there is none."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from ecr_access.cli.main import COMMANDS, main


def test_a_command_gets_its_own_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    """What follows its name, and nothing of the list of commands."""
    assert main(["diagnose", "no basic auth credentials"]) == 0
    assert "aws ecr get-login-password" in capsys.readouterr().out


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_the_help_lists_every_command_with_an_example(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    """On standard output, since it was asked for."""
    assert main([option]) == 0
    shown = capsys.readouterr().out
    commands, _, examples = shown.partition("examples:")
    assert re.findall(r"^  (\w+)  ", commands, re.MULTILINE) == [*COMMANDS]
    assert set(re.findall(r"ecr-access ([a-z]+)", examples)) == {*COMMANDS}


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_has_examples_and_exit_statuses(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """By the name that it is called by."""
    with pytest.raises(SystemExit) as left:
        main([name, "--help"])
    shown = capsys.readouterr().out
    assert left.value.code == 0
    assert f"usage: ecr-access {name} " in shown
    assert f"examples:\n  ecr-access {name} " in shown
    assert "exit status: " in shown


def test_the_version_is_that_of_the_distribution(capsys: pytest.CaptureFixture[str]) -> None:
    """As pip lists it."""
    assert main(["--version"]) == 0
    assert re.fullmatch(r"ecr-access \d+\.\d+\.\d+\n", capsys.readouterr().out)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["chek"], f"no command 'chek'; allowed: {', '.join(COMMANDS)}; did you mean 'check'?"),
        ([], f"no command is named; allowed: {', '.join(COMMANDS)}"),
        (["--verbose"], "no command '--verbose'; allowed: "),
    ],
    ids=["misspelt", "none", "option"],
)
def test_what_is_no_command_is_an_error(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With the status of a wrong argument."""
    assert main(arguments) == 2
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err.startswith(f"error: {said}")


def test_a_command_imports_nothing_of_another() -> None:
    """To explain an error's text takes neither boto3 nor a reader of templates."""
    code = "import sys; from ecr_access.cli.main import main; main(sys.argv[1:]); print(*sys.modules)"
    command = [sys.executable, "-m", "ecr_access", "--help"]
    assert subprocess.run(command, check=True, capture_output=True).stdout.startswith(b"usage: ecr-access ")  # noqa: S603
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code, "diagnose", "no basic auth credentials"],
        check=True,
        capture_output=True,
        text=True,
    )
    loaded = {*done.stdout.split()}
    assert "ecr_access.diagnosis" in loaded
    assert not loaded & {
        "botocore",
        "yaml",
        "jsonschema",
        "ecr_access.rules",
        "ecr_access.check",
        "ecr_access.manifest",
    }
