"""What every command answers to the same questions: wrong arguments, files, pipes, terminals and Ctrl-C."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

import ecr_access
from ecr_access.cli.main import COMMANDS, main
from ecr_access.cli.statuses import CLOSED, FAILED, INTERRUPTED, STATUSES, WRONG
from tests.ecr_access.rules.files import BROKEN

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[3]
SOURCES = Path(ecr_access.__path__[0]).parent
ESCAPE = "\033["
MANIFEST = "repositories:\n  - name: team/web\n"


class Asked(NamedTuple):
    """A command, as the table asks it.

    Attributes:
        misspelt: arguments of which one is misspelt.
        meant: what it was meant to be.
        answered: arguments that it answers without AWS; FILE stands for a file that it reads. None if it always asks.
        takes_json: whether it has ``--json``.
    """

    misspelt: list[str]
    meant: str
    answered: list[str] | None
    takes_json: bool = True


FILE = "FILE"
ASKED = {
    "check": Asked(["--repositry", "team/web"], "--repository", None),
    "check --stack": Asked(["Images", "--al-stacks"], "--all-stacks", None),
    "diagnose": Asked([], "", ["no basic auth credentials"]),
    "rules": Asked(["stack.yaml", "--fail-no", "never"], "--fail-on", [FILE]),
    "migrate": Asked(["--jsno", "old.json", "new.json"], "--json", [FILE, FILE]),
    "init": Asked(["--manifets", "images"], "--manifest", None, takes_json=False),
    "explain": Asked(["--jsno", "403"], "--json", ["403"]),
    "completion": Asked(["bsh"], "bash", None, takes_json=False),
    "manifest": Asked(["validat", "images.yaml"], "validate", ["validate", FILE]),
    "manifest explain": Asked(["team/web", "--fiel", "images.yaml"], "--file", ["team/web", "--file", FILE]),
    "manifest moves": Asked(["--stakcs", "2"], "--stacks", ["--stacks", "2", "--file", FILE]),
    "local": Asked(["--acount", "111122223333", "--", "true"], "--account", None, takes_json=False),
}
ANSWERED = [name for name, one in ASKED.items() if one.answered]
READING = [name for name in ANSWERED if FILE in (ASKED[name].answered or ())]
MISSPELT = [name for name, one in ASKED.items() if one.misspelt]


class Terminal(io.StringIO):
    """A stream that a person looks at."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def arguments(name: str, file: object) -> list[str]:
    """What a command is asked about a file."""
    return [str(file) if one == FILE else one for one in ASKED[name].answered or ()]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A path for what a command reads."""
    return tmp_path / "file.yaml"


def written(file: Path, name: str) -> Path:
    """Write what a command reads."""
    file.write_text(MANIFEST if name.startswith("manifest") else BROKEN, encoding="utf-8")
    return file


def status_of(name: str, given: Sequence[str]) -> int:
    """Run a command in this process, and return its exit status."""
    try:
        return main([*name.split(), *given])
    except SystemExit as left:
        return int(left.code or 0)


def test_the_table_asks_every_command() -> None:
    """One that is added is asked too."""
    assert {name.split(maxsplit=1)[0] for name in ASKED} == {*COMMANDS}


@pytest.mark.parametrize("name", MISSPELT)
def test_a_misspelt_argument_says_what_was_meant(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """On standard error, with the status of a wrong argument."""
    assert status_of(name, ASKED[name].misspelt) == WRONG
    out, err = capsys.readouterr()
    assert out == ""
    assert f"did you mean '{ASKED[name].meant}'?" in err.splitlines()[-1]


@pytest.mark.parametrize("name", MISSPELT)
def test_an_option_is_not_shortened(name: str) -> None:
    """A script that shortens one breaks where another one is added that begins so."""
    assert status_of(name, ["--he"]) == WRONG


@pytest.mark.parametrize("name", ASKED)
def test_a_wrong_argument_is_json_where_json_is_wanted(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever else is wrong."""
    given = ASKED[name].misspelt or [""]
    assert status_of(name, ["--json", *given]) == WRONG
    failure = json.loads(capsys.readouterr().out)["failure"]
    assert failure["status"] == WRONG
    assert failure["messages"]


@pytest.mark.parametrize(
    "given", [["chek", "--json"], ["--json"], ["rules", "--format", "json"], ["rules", "--format=json"]]
)
def test_json_is_wanted_in_every_way_to_say_it(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Also of a command that does not exist."""
    assert status_of(given[0], given[1:]) == WRONG
    assert json.loads(capsys.readouterr().out)["failure"]["messages"]


def test_what_follows_two_dashes_is_another_commands(capsys: pytest.CaptureFixture[str]) -> None:
    """Its ``--json`` is not ours."""
    assert status_of("local", ["--prot", "1", "--", "aws", "--json"]) == WRONG
    assert capsys.readouterr().out == ""


CONTENTS = {
    "missing": None,
    "a folder": None,
    "Latin-1": "name: caf\u00e9".encode("latin-1"),
    "UTF-16": "name: x".encode("utf-16"),
    "binary": bytes(range(256)),
    "empty": b"",
    "deep": b"[" * 100_000,
}


@pytest.mark.parametrize("content", CONTENTS)
@pytest.mark.parametrize("name", READING)
def test_a_file_that_cannot_be_read_is_an_error(
    name: str, content: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No trace, and JSON where it is wanted."""
    if content == "a folder":
        file.mkdir()
    elif (text := CONTENTS[content]) is not None:
        file.write_bytes(text)
    status = status_of(name, arguments(name, file))
    out, err = capsys.readouterr()
    assert status in ({1, WRONG} if name.startswith("manifest") else {WRONG})
    assert out == ""
    assert err.startswith("error: ")
    assert str(file) in err
    assert status_of(name, [*arguments(name, file), "--json"]) == status
    assert json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("name", READING)
def test_a_name_that_no_file_has_is_an_error(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The operating system refuses it."""
    assert status_of(name, arguments(name, "a\0b")) in (1, WRONG)
    assert capsys.readouterr().err.startswith("error: ")


@pytest.mark.parametrize("name", [name for name in ANSWERED if ASKED[name].takes_json])
def test_an_answer_is_json_where_json_is_wanted(name: str, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And nothing but JSON, whatever the exit status."""
    assert status_of(name, [*arguments(name, written(file, name)), "--json"]) in (0, 1)
    out, err = capsys.readouterr()
    assert "failure" not in json.loads(out)
    assert err == ""


@pytest.mark.parametrize("name", ANSWERED)
def test_a_pipe_gets_no_colours_and_no_progress(name: str, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nor does a log."""
    status_of(name, arguments(name, written(file, name)))
    out, err = capsys.readouterr()
    assert out
    assert ESCAPE not in out
    assert err == ""


def on_a_terminal(monkeypatch: pytest.MonkeyPatch, given: Sequence[str]) -> tuple[str, str]:
    """Run a command whose streams are a terminal."""
    out, err = Terminal(), Terminal()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    status_of(given[0], given[1:])
    return out.getvalue(), err.getvalue()


@pytest.mark.parametrize("name", ["rules", "migrate"])
def test_a_terminal_gets_colours_and_progress(name: str, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_COLOR and a dumb terminal leave the colours out, and not the progress."""
    given = [name, *arguments(name, written(file, name))]
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    if name == "migrate":
        repository = '{"Resources": {"Web": {"Type": "AWS::ECR::Repository"}}}'
        file.write_text(repository, encoding="utf-8")
    out, err = on_a_terminal(monkeypatch, given)
    assert ESCAPE in out
    assert "templates" in err
    for variable, value in (("NO_COLOR", "1"), ("TERM", "dumb")):
        with monkeypatch.context() as without:
            without.setenv(variable, value)
            out, err = on_a_terminal(without, given)
        assert out
        assert ESCAPE not in out + err
        assert "templates" in err


@pytest.mark.parametrize("name", ASKED)
def test_an_error_is_red_on_a_terminal_alone(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its word, so that the message can be copied."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    _, err = on_a_terminal(monkeypatch, [*name.split(), *(ASKED[name].misspelt or [""])])
    assert f"{ESCAPE}31merror:{ESCAPE}0m " in err


def run(given: Sequence[str], **options: object) -> subprocess.Popen[bytes]:
    """Start a command as a shell does."""
    # Python keeps what it writes for a while, if it is not asked to do without.
    environment = {**os.environ, "PYTHONPATH": str(SOURCES), "PYTHONUNBUFFERED": ""}
    return subprocess.Popen(  # type: ignore[call-overload, no-any-return] # noqa: S603 -- our own words
        [sys.executable, "-m", "ecr_access", *given], env=environment, stderr=subprocess.PIPE, **options
    )


@pytest.mark.parametrize("name", [*ANSWERED, "--help", "check --help"])
def test_a_reader_that_goes_away_is_no_error(name: str, file: Path) -> None:
    """As of ``| head``: no trace, and no status that means a verdict."""
    given = [*name.split(), *(arguments(name, written(file, name)) if name in ASKED else ())]
    reading, writing = os.pipe()
    os.close(reading)
    with run(given, stdout=writing) as process:
        os.close(writing)
        _, err = process.communicate(timeout=60)
    assert process.returncode == CLOSED
    assert err == b""


@pytest.mark.parametrize("name", ASKED)
def test_ctrl_c_is_no_error(name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A status as of a shell, and no trace."""

    def interrupted(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(f"{COMMANDS[name.split(maxsplit=1)[0]].module}.main", interrupted)
    assert main(name.split()) == INTERRUPTED
    assert capsys.readouterr() == ("", "")


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_ends_a_command_that_waits() -> None:
    """As it waits for standard input."""
    with run(["diagnose"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        process.stdin.write(b"denied: ")
        process.stdin.flush()
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=1)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == INTERRUPTED
        assert process.stderr
        assert process.stderr.read() == b""


@pytest.mark.parametrize("name", ASKED)
def test_an_error_of_ours_is_no_verdict(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says what to report; the trace is printed where it is asked for."""

    def failing(_: object) -> int:
        raise RuntimeError("the moon")

    monkeypatch.setattr(f"{COMMANDS[name.split(maxsplit=1)[0]].module}.main", failing)
    assert main([*name.split(), "--json"]) == FAILED
    out, err = capsys.readouterr()
    assert json.loads(out)["failure"]["status"] == FAILED
    assert err.startswith("error: ecr-access itself failed: RuntimeError: the moon; report it")
    assert "Traceback" not in err
    monkeypatch.setenv("ECR_ACCESS_TRACE", "1")
    assert main(name.split()) == FAILED
    assert "Traceback" in capsys.readouterr().err


def test_a_terminal_of_any_encoding_is_written_to(file: Path) -> None:
    """What it has no letter for is escaped."""
    file.write_text(BROKEN.replace("RoleName: ci", "RoleName: ci-\u00e9\u4e2d"), encoding="utf-8")
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "ecr_access", "rules", str(file)],
        env={**os.environ, "PYTHONPATH": str(SOURCES), "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert b"\\u4e2d" in done.stdout


def test_the_page_and_the_help_have_every_exit_status(capsys: pytest.CaptureFixture[str]) -> None:
    """In the words of the code."""
    main(["--help"])
    shown = capsys.readouterr().out
    page = (ROOT / "docs" / "exit_statuses.md").read_text(encoding="utf-8")
    for status, meaning in STATUSES.items():
        assert f"| {status} | {meaning} |" in page
        assert f"  {status:<5}{meaning}\n" in shown
