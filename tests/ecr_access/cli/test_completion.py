"""``ecr-access completion``: judged by the shells themselves where they are installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ecr_access.cli.completion import SHELLS
from ecr_access.cli.main import COMMANDS, main

if TYPE_CHECKING:
    from pathlib import Path

COMPLETE = """
source {script}
COMP_WORDS=({words})
COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
_shtab_ecr_access ecr-access "${{COMP_WORDS[COMP_CWORD]}}" "${{COMP_WORDS[COMP_CWORD-1]}}"
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.fixture
def scripts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Path]:
    """The script for each shell, in a folder with a template and a folder."""
    (tmp_path / "there").mkdir()
    (tmp_path / "template.json").touch()
    found = {}
    for shell in SHELLS:
        assert main(["completion", shell]) == 0
        found[shell] = tmp_path / f"complete.{shell}"
        found[shell].write_text(capsys.readouterr().out, encoding="utf-8")
    return found


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ('ecr-access ""', {*COMMANDS}),
        ("ecr-access diag", {"diagnose"}),
        ('ecr-access manifest ""', {"validate", "explain", "moves", "schema"}),
        ("ecr-access manifest moves --st", {"--stacks", "--stack-name"}),
        ("ecr-access check --re", {"--read", "--region", "--repository"}),
        ('ecr-access rules --format ""', {"text", "json", "sarif"}),
        ("ecr-access rules t", {"template.json", "there"}),
        ("ecr-access manifest validate t", {"template.json", "there"}),
        ("ecr-access init t", {"there"}),
        ('ecr-access completion ""', {*SHELLS}),
    ],
)
def test_bash_completes_commands_options_choices_and_files(
    words: str, completed: set[str], scripts: dict[str, Path]
) -> None:
    """Of each command its own; a folder where a folder is wanted."""
    script = scripts["bash"]
    code = COMPLETE.format(script=script, words=words)
    done = subprocess.run(  # noqa: S603 -- ours
        ["bash", "--norc", "-c", code],  # noqa: S607
        cwd=script.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert {*done.stdout.split()} == completed


@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_takes_its_script(shell: str, scripts: dict[str, Path]) -> None:
    """It names every command, and is of the shell's syntax."""
    assert all(name in scripts[shell].read_text(encoding="utf-8") for name in COMMANDS)
    if found := shutil.which(shell):
        done = subprocess.run([found, "-n", str(scripts[shell])], capture_output=True, text=True, check=False)  # noqa: S603
        assert (done.returncode, done.stderr) == (0, "")


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """With the command that installs it."""
    monkeypatch.setitem(sys.modules, "shtab", None)
    assert main(["completion", "bash"]) == 2
    written = capsys.readouterr()
    assert (written.out, written.err) == (
        "",
        "error: completion needs shtab: pip install 'ecr-access[completion]' [ECR-ACCESS-904]\n",
    )
