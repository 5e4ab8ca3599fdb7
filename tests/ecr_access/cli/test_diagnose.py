"""The command, as a terminal or a pipeline runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import ecr_access
from ecr_access.cli import diagnose

SOURCES = Path(ecr_access.__path__[0]).parent
EXPIRED = "denied: Your authorization token has expired. Reauthenticate and try again."
MAIN = "import sys; from ecr_access.cli.diagnose import main; sys.exit(main(sys.argv[1:]))"


def _run(*arguments: str, given: bytes = b"", code: str = MAIN) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603 -- our own module
        [sys.executable, "-S", "-c", code, *arguments],  # without what is installed: the standard library alone
        input=given,
        env={"PYTHONPATH": str(SOURCES), "PATH": "", "LC_ALL": "C", "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        timeout=60,
        check=False,
    )


def test_the_text_is_an_argument(capsys: pytest.CaptureFixture[str]) -> None:
    """Quoted or not."""
    assert diagnose.main([EXPIRED]) == 0
    quoted = capsys.readouterr().out
    assert diagnose.main(EXPIRED.split()) == 0
    assert capsys.readouterr().out == quoted
    assert quoted.startswith("403 not authorized: the registry's token has expired")


@pytest.mark.parametrize("arguments", [(), ("-",)])
def test_the_text_is_on_standard_input(arguments: tuple[str, ...]) -> None:
    """So that it ends a pipe; in whatever encoding."""
    done = _run(*arguments, given=b"\xff\xfe caf\xe9\n" + EXPIRED.encode())
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(b"403 not authorized")


@pytest.mark.parametrize("arguments", [("--file", "{}"), ("--file={}",), ("{}",), ("--json", "--file", "{}")])
def test_the_text_is_in_a_file(arguments: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Named by the option, or alone."""
    log = tmp_path / "build.log"
    log.write_bytes(b"\xff\n" + EXPIRED.encode())
    assert diagnose.main([argument.format(log) for argument in arguments]) == 0
    assert "the registry's token has expired" in capsys.readouterr().out


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its name is not printed, as no argument is."""
    with pytest.raises(SystemExit, match="2"):
        diagnose.main(["--file", str(tmp_path / "hunter2")])
    err = capsys.readouterr().err
    assert "the file cannot be read: No such file or directory" in err
    assert "hunter2" not in err


@pytest.mark.parametrize(
    "text", [f"docker build --file Dockerfile . {EXPIRED}", f"{EXPIRED} --file", "x" * 300 + EXPIRED]
)
def test_a_text_with_an_option_of_docker_is_a_text(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Quoted or not."""
    assert diagnose.main(text.split()) == 0
    assert diagnose.main([text]) == 0
    assert "the registry's token has expired" in capsys.readouterr().out


def test_json_is_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    """With what was read, and the steps."""
    text = "name unknown: The repository with name 'team/web' does not exist in the registry with id '111122223333'"
    assert diagnose.main(["--json", text]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["recognised"] is True
    assert document["error"] == "not-found"
    assert document["cause"] == "repository-missing"
    assert document["values"]["repository"] == "team/web"
    assert document["steps"][0]["code"].startswith("aws ecr describe-repositories --registry-id 111122223333")


def test_what_is_not_recognised_says_what_is_looked_for(capsys: pytest.CaptureFixture[str]) -> None:
    """And how to report it; the exit status is another."""
    assert diagnose.main(["the disk is full"]) == 2
    out = capsys.readouterr().out
    assert out.startswith("not recognised")
    assert "report" in out
    assert diagnose.main(["--json", "the disk is full"]) == 2
    assert json.loads(capsys.readouterr().out) == {"recognised": False, "values": {}}


def test_no_text_is_an_error() -> None:
    """Said in words, with the same status as any that is not recognised."""
    done = _run(given=b" \n")
    assert done.returncode == 2
    assert b"there is no text" in done.stderr


def test_a_terminal_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Without arguments there, no error is typed in."""
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    with pytest.raises(SystemExit, match="2"):
        diagnose.main([])
    assert "there is no text" in capsys.readouterr().err


def test_help_says_what_the_status_means(capsys: pytest.CaptureFixture[str]) -> None:
    """A pipeline is written by it."""
    with pytest.raises(SystemExit, match="0"):
        diagnose.main(["--help"])
    out = capsys.readouterr().out
    assert "ecr-access diagnose" in out
    assert "exit status: 0" in out


def test_nothing_but_the_standard_library_is_needed() -> None:
    """It runs where neither the CDK nor boto3 is installed, and starts at once."""
    code = f"{MAIN.partition('; sys.exit')[0]}; main(sys.argv[1:]); print(*sys.modules, sep=chr(10))"
    done = _run(EXPIRED, code=code)
    assert done.returncode == 0, done.stderr
    roots = {name.partition(".")[0] for name in done.stdout.decode().split("recognised by: ")[1].splitlines()[1:]}
    assert roots - {*sys.stdlib_module_names, "__main__", "__mp_main__"} == {"ecr_access"}
