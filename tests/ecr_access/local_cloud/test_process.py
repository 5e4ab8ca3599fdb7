"""Commands under a supervisor: how they end, and that nothing of them outlives us."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ecr_access.local_cloud.process import SupervisedProcess
from tests.ecr_access.local_cloud.leftovers import eventually, group_lives

_ENVIRONMENT = {"PATH": os.environ["PATH"]}
_WITH_CHILD = ["sh", "-c", "sleep 60 & wait"]
_OWNER = f"""
import sys, time
from pathlib import Path
from ecr_access.local_cloud.process import SupervisedProcess
process = SupervisedProcess({_WITH_CHILD!r}, environment={_ENVIRONMENT!r}, remove=Path(sys.argv[1]))
print(process.group, flush=True)
time.sleep(60)
"""


def _start(*command: str, **options: object) -> SupervisedProcess:
    return SupervisedProcess(command, environment=_ENVIRONMENT, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(("script", "code"), [("exit 0", 0), ("exit 7", 7), ("kill -KILL $$", 128 + 9)])
def test_the_exit_code_is_passed_on(script: str, code: int) -> None:
    """The exit code is the command's own; for a signal it is the shells' 128 + N."""
    assert _start("sh", "-c", script).wait(10) == code


def test_a_program_that_is_not_there(capfd: pytest.CaptureFixture[str]) -> None:
    """It ends with the shells' 127 and a message with the name."""
    assert _start("no-such-program").wait(10) == 127
    assert "error: cannot run 'no-such-program': No such file or directory" in capfd.readouterr().err


def test_output_can_be_read() -> None:
    """Standard output and standard error come in one stream."""
    process = _start("sh", "-c", "echo one; echo two >&2", stdout=subprocess.PIPE)
    assert list(process.output) == ["one\n", "two\n"]
    process.stop()


def test_output_that_is_no_pipe_cannot_be_read() -> None:
    """The message says how to get it."""
    process = _start("true")
    with pytest.raises(ValueError, match=r"start the process with stdout=subprocess\.PIPE"):
        process.output  # noqa: B018 -- reading it is the point
    process.stop()


def test_the_environment_is_the_one_given() -> None:
    """Nothing of our own environment is added."""
    process = _start("env", stdout=subprocess.PIPE)
    names = {line.partition("=")[0] for line in process.output}
    assert names - {"PWD", "SHLVL", "_", "LC_CTYPE", "__CF_USER_TEXT_ENCODING"} == {"PATH"}
    process.stop()


@pytest.mark.usefixtures("background")
@pytest.mark.parametrize("number", ["INT", "HUP"])
def test_a_command_heeds_the_signals_that_we_ignore(number: str) -> None:
    """What a shell has us ignore in the background is not inherited."""
    assert _start("sh", "-c", f"kill -{number} $$; exit 0").wait(10) == 128 + getattr(signal, f"SIG{number}")


def test_stop_ends_what_the_command_started() -> None:
    """The children of the command end with it, at once."""
    process = _start(*_WITH_CHILD)
    assert group_lives(process.group)
    assert process.stop() == 128 + signal.SIGTERM
    assert not group_lives(process.group)


def test_what_the_command_leaves_behind_ends_with_it() -> None:
    """A child that the command does not wait for ends with the command."""
    process = _start("sh", "-c", "sleep 60 & exit 3")
    assert process.wait(10) == 3
    assert not group_lives(process.group)


def test_a_command_that_ignores_sigterm_is_killed() -> None:
    """After the time of grace comes SIGKILL."""
    process = _start(
        "sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done", stdout=subprocess.PIPE, grace=0.1
    )
    assert process.output.readline() == "ready\n"
    assert process.stop() == 128 + signal.SIGKILL
    assert not group_lives(process.group)


def test_stopping_twice_does_nothing_more() -> None:
    """The second stop returns the same exit code."""
    process = _start("sleep", "60")
    assert process.stop() == process.stop()


def test_nothing_outlives_the_death_of_the_owner(tmp_path: Path) -> None:
    """A killed owner, which can clean up nothing, leaves no process and no file."""
    directory = tmp_path / "private"
    directory.mkdir()
    root = Path(__file__).parents[3] / "constructs"
    with subprocess.Popen(  # noqa: S603 -- our own module
        [sys.executable, "-c", _OWNER, str(directory)],
        env={**_ENVIRONMENT, "PYTHONPATH": str(root)},
        stdout=subprocess.PIPE,
        text=True,
    ) as owner:
        assert owner.stdout is not None
        group = int(owner.stdout.readline())
        owner.kill()
    assert eventually(lambda: not group_lives(group))
    assert eventually(lambda: not directory.exists())


def test_the_death_of_the_leash_is_noticed() -> None:
    """Stop ends the command even where the process that watched it was killed."""
    process = _start(*_WITH_CHILD)
    os.kill(process.supervisor_pid, signal.SIGKILL)
    assert process.wait(10) == -signal.SIGKILL
    process.stop()
    assert eventually(lambda: not group_lives(process.group))


def test_a_detached_command_ends_by_sigterm_to_its_leash(tmp_path: Path) -> None:
    """Detached, it does not end with its owner, but when it is told to, and cleans up then."""
    directory = tmp_path / "private"
    directory.mkdir()
    process = _start(*_WITH_CHILD, remove=directory)
    process.detach()
    process._owner.close()  # noqa: SLF001 -- what the kernel does when we die
    assert process.wait(0.5) is None
    os.kill(process.supervisor_pid, signal.SIGTERM)
    assert process.wait(10) == 128 + signal.SIGTERM
    assert not group_lives(process.group)
    assert not directory.exists()
