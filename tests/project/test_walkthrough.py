"""``make deploy-local``: that it takes its eight steps, and what it does when it cannot."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest

from tests.ecr_access.local_cloud.leftovers import eventually, port_is_open
from walkthrough.expect import StepFailedError
from walkthrough.keep import keep, shell_commands
from walkthrough.steps.deny import printed_reason
from walkthrough.walk import Target, read_target

_ROOT = Path(__file__).parents[2]
_COMMAND = [sys.executable, "-m", "walkthrough"]
_TEXT = re.compile(r"<style>.*?</style>|<[^>]*>", re.DOTALL)


def test_the_clis_reason_is_read_from_its_broken_lines() -> None:
    """What the CLI breaks over several lines comes back as one, without what surrounds it."""
    said = (
        "EcrAccess: deploying...\n❌ EcrAccess failed to deploy\n‣ DeploymentError: Resource updates failed:\n"
        "  the role\n  may not push\nSource Location: ...aws-cdk-lib\n\n   Logs from /aws/x:\n"
    )
    assert printed_reason(said) == "Resource updates failed: the role may not push"


def test_the_environment_takes_the_users_account_from_a_shell() -> None:
    """What the shell had of an account is unset, what the cloud needs is exported, quoted."""
    ours = {"AWS_REGION": "us-east-1", "PATH": "/venv/bin:/usr/bin", "HOME": "/home/user", "NO_PROXY": "a b"}
    lines = shell_commands(ours, {"HOME": "/home/user", "AWS_ROLE_ARN": "mine", "AWS_REGION": "mine"})
    assert lines == [
        "unset AWS_DEFAULT_PROFILE AWS_PROFILE AWS_ROLE_ARN AWS_SECURITY_TOKEN AWS_SESSION_TOKEN",
        'export PATH=/venv/bin:"$PATH"',
        "export AWS_REGION=us-east-1",
        "export NO_PROXY='a b'",
    ]


class _Kept(NamedTuple):
    """A cloud that stays."""

    directory: Path

    def environment(self) -> dict[str, str]:
        """What a command needs."""
        return {"PATH": "/kept/bin", "AWS_REGION": "eu-west-3"}

    def keep(self) -> int:
        """Stay; return the process that stops it."""
        return 4711


def test_a_kept_cloud_gives_one_line_to_source(tmp_path: Path) -> None:
    """The file is in the cloud's own folder, so that it goes with it."""
    said: list[str] = []
    walk: Any = SimpleNamespace(cloud=_Kept(tmp_path), report=SimpleNamespace(say=said.append))
    keep(walk)
    (line,) = [one.strip() for one in said[0].splitlines() if one.startswith("    . ")]
    script = f'{line}; echo "$AWS_REGION $PATH ${{AWS_PROFILE-none}}"'
    done = subprocess.run(  # noqa: S603 -- our own line
        ["/bin/sh", "-euc", script],
        env={"PATH": "/bin", "AWS_PROFILE": "mine"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "eu-west-3 /kept/bin:/bin none\n"
    assert said[0].endswith("    kill 4711")


def test_what_is_shown_is_read_from_cdk_json(tmp_path: Path) -> None:
    """The first repository that a role of the manifest both pushes to and pulls from is the one shown."""
    repositories = [{"name": "first", "pull": ["ci"]}, {"name": "second", "push": ["ci"], "pull": ["ci"]}]
    file = tmp_path / "cdk.json"
    file.write_text(json.dumps({"context": {"manifest": {"roles": {"ci": {}}, "repositories": repositories}}}))
    assert read_target(file) == Target("second", "ci")


def test_a_manifest_with_nothing_to_show_is_refused(tmp_path: Path) -> None:
    """The message says what to declare."""
    repositories = [{"name": "first", "push": ["111122223333"]}]
    file = tmp_path / "cdk.json"
    file.write_text(json.dumps({"context": {"manifest": {"repositories": repositories}}}))
    with pytest.raises(StepFailedError, match=r"no repository with a role of its own .* declare one"):
        read_target(file)


def _shown(picture: Path) -> str:
    """Return the words of a picture; numbers, and what has some, differ from run to run."""
    return " ".join(word for word in _TEXT.sub(" ", unescape(picture.read_text("utf-8"))).split() if word.isalpha())


@pytest.mark.local_cloud
def test_every_step_does_what_it_says(tmp_path: Path) -> None:
    """The eight steps succeed, each with its line and time, and nothing is left; the picture is up to date."""
    picture = tmp_path / "deploy-local.svg"
    done = subprocess.run(  # noqa: S603 -- our own module
        [*_COMMAND, "--picture", str(picture)], cwd=_ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.findall(r"^(\d)/8 .*: ok \(\d+\.\d s\)$", done.stdout, re.MULTILINE) == list("12345678")
    assert "404 NAME_UNKNOWN" in done.stdout
    assert re.search(r'explicitly denied by a statement in policy "role_[\w-]+DefaultPolicy\w+"', done.stdout)
    assert re.search(r"6/8 .* demo/app:v3, which was never pushed, fails", done.stdout)
    assert re.search(r"7/8 .* deletes by hand is found by ecr-access check --stack EcrAccess", done.stdout)
    assert "still there: demo/app:v1, demo/app:v2" in done.stdout
    assert not port_is_open(_port(done.stdout))
    recorded = _ROOT / "docs" / "pictures" / "deploy-local.svg"
    assert _shown(picture) == _shown(recorded), "record it again: make picture"


@pytest.mark.local_cloud
@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_during_a_deployment_leaves_nothing() -> None:
    """An interrupted walkthrough says so, ends with the shells' exit code, and no port is left open."""
    with subprocess.Popen(  # noqa: S603 -- our own module
        _COMMAND, cwd=_ROOT, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as process:
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            said += line
            if line.startswith("3/8"):
                break
        process.send_signal(signal.SIGINT)
        said += process.stdout.read()
        assert process.wait(15) == 128 + signal.SIGINT
    assert ": interrupted (" in said
    assert eventually(lambda: not port_is_open(_port(said)))


def _port(said: str) -> int:
    found = re.search(r"https://localhost:(\d+)", said)
    assert found is not None, said
    return int(found[1])
