"""``ecr-access local``: what it returns and what it leaves."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ecr_access.local_cloud.leftovers import eventually, group_lives, port_is_open

pytestmark = pytest.mark.local_cloud

_ROOT = Path(__file__).parents[3]
_MODULE = [sys.executable, "-m", "ecr_access", "local"]
_ENVIRONMENT = {**os.environ, "PYTHONPATH": str(_ROOT / "constructs"), "AWS_PROFILE": "the user's own"}


def _run(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 -- our own module
        [*_MODULE, *arguments], env=_ENVIRONMENT, input=text, capture_output=True, text=True, timeout=60, check=False
    )


def test_the_commands_exit_code_output_and_input_are_passed_on() -> None:
    """Standard output is the command's alone, what the local cloud says goes to standard error."""
    done = _run("--no-bootstrap", "--", "sh", "-c", "cat; exit 7", text="hello\n")
    assert (done.returncode, done.stdout) == (7, "hello\n")
    assert "local cloud: ready at https://localhost:" in done.stderr


def test_the_command_gets_account_and_region() -> None:
    """The options choose the caller of the command; the user's profile is not passed on."""
    show = 'echo "$AWS_ACCESS_KEY_ID $AWS_REGION ${AWS_PROFILE-none}"'
    done = _run("--no-bootstrap", "--account", "111122223333", "--region", "eu-west-1", "--", "sh", "-c", show)
    assert done.stdout == "111122223333 eu-west-1 none\n"


def test_a_program_that_is_not_there() -> None:
    """It ends as a shell would."""
    done = _run("--no-bootstrap", "--", "no-such-program")
    assert done.returncode == 127
    assert "error: cannot run 'no-such-program'" in done.stderr


def test_an_account_that_is_none_is_refused() -> None:
    """The error comes before anything starts."""
    done = _run("--account", "12", "--", "true")
    assert done.returncode == 70
    assert done.stderr == (
        "local cloud: error: the account '12' is no AWS account id: give 12 digits, for example '000000000000' "
        "[ECR-ACCESS-802]\n"
    )


def test_a_region_that_is_none_is_refused() -> None:
    """The CDK CLI would answer it with a stack trace, after the cloud has started."""
    done = _run("--region", "Ireland", "--", "true")
    assert done.returncode == 70
    assert done.stderr == (
        "local cloud: error: the Region 'Ireland' is no code of an AWS Region: give one such as 'us-east-1' "
        "[ECR-ACCESS-802]\n"
    )


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGHUP, 129), (signal.SIGKILL, -9)]
)
def test_a_signal_leaves_nothing(number: signal.Signals, code: int) -> None:
    """Whatever ends it, the cloud, the command and their files end too."""
    show = "echo $$ $AWS_CONFIG_FILE; exec sleep 60"
    with subprocess.Popen(  # noqa: S603 -- our own module
        [*_MODULE, "--no-bootstrap", "--", "sh", "-c", show],
        env=_ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        stdin=subprocess.DEVNULL,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        group, file = process.stdout.readline().split()
        ready = next(found for line in process.stderr if (found := re.search(r"localhost:(\d+)", line)))
        process.send_signal(number)
        assert process.wait(15) == code
    assert eventually(lambda: not group_lives(int(group)))
    assert eventually(lambda: not port_is_open(int(ready[1])))
    assert eventually(lambda: not Path(file).parent.exists())


@pytest.mark.usefixtures("background")
def test_what_runs_in_the_background_stays_there() -> None:
    """Neither Ctrl-C nor the end of the terminal reaches what a shell had ignore them."""
    script = "read owner; kill -INT $owner; kill -HUP $owner; sleep 1; echo still here"
    with subprocess.Popen(  # noqa: S603 -- our own module
        [*_MODULE, "--no-bootstrap", "--", "sh", "-c", script],
        env=_ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        said, _ = process.communicate(f"{process.pid}\n", timeout=60)
    assert (process.returncode, said) == (0, "still here\n")
