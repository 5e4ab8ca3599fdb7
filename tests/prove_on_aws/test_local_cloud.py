"""The command against the embedded cloud: it finds the differences that are documented, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from prove_on_aws.assumptions import assumptions, differences
from prove_on_aws.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.local_cloud import LocalCloud

pytestmark = pytest.mark.local_cloud

_ROOT = Path(__file__).parents[2]
_PREFIX = "prove-on-aws-"
_IGNORING = (
    "import signal, os, sys; signal.signal(signal.SIGINT, signal.SIG_IGN); os.execv(sys.executable, sys.argv[1:])"
)


class _Command:
    """One run of the command as a process."""

    def __init__(
        self, cloud: LocalCloud, journal: Path, *arguments: str, ignoring: bool = False, agreed: bool = True
    ) -> None:
        options = [*(["--yes"] * agreed), "--propagation", "2", "--journal", str(journal), *arguments]
        command = [sys.executable, "-m", "prove_on_aws", *options]
        self._cloud = cloud
        # A function that was stopped may have its log group made again after it is gone.
        self._left = _made(cloud)
        self.process = subprocess.Popen(  # noqa: S603 -- our own module
            [sys.executable, "-c", _IGNORING, *command] if ignoring else command,
            cwd=_ROOT,
            env=cloud.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def wait_until_made(self, part: str) -> None:
        """Wait until something is there whose name has this end."""
        deadline = time.monotonic() + 60
        while not any(name.endswith(part) for name in _made(self._cloud) if name not in self._left):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.process.kill()
                raise AssertionError(f"no {part} was made:\n{self.wait()[1]}")
            time.sleep(0.05)

    def wait(self) -> tuple[int, str]:
        printed, _ = self.process.communicate(timeout=500)
        return self.process.returncode, printed


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """Where the journal of a run is."""
    return tmp_path / "journal"


def _made(cloud: LocalCloud) -> list[str]:
    """Return the names of all that a run made and that is there."""
    iam, formation = cloud.client("iam"), cloud.client("cloudformation")
    stacks = [one for one in formation.describe_stacks()["Stacks"] if one["StackStatus"] != "DELETE_COMPLETE"]
    names = [
        *(one["RoleName"] for one in iam.list_roles()["Roles"]),
        *(one["PolicyName"] for one in iam.list_policies(Scope="Local")["Policies"]),
        *(one["GroupName"] for one in iam.list_groups()["Groups"]),
        *(one["repositoryName"] for one in cloud.client("ecr").describe_repositories()["repositories"]),
        *(one["StackName"] for one in stacks),
        *(one["FunctionName"] for one in cloud.client("lambda").list_functions()["Functions"]),
        *(one["logGroupName"] for one in cloud.client("logs").describe_log_groups()["logGroups"]),
        *(one["Name"] for one in cloud.client("s3").list_buckets()["Buckets"]),
    ]
    return [name for name in names if _PREFIX in name]


@pytest.mark.timeout(600)
def test_it_finds_exactly_the_differences_that_are_documented(
    local_cloud: LocalCloud, journal: Path, tmp_path: Path
) -> None:
    """One more or one fewer: mend prove_on_aws/local_cloud.yaml, and write docs/assumptions.md again."""
    outcomes = tmp_path / "outcomes.json"
    code, printed = _Command(local_cloud, journal, "--json", str(outcomes)).wait()
    found: dict[str, dict[str, str]] = json.loads(outcomes.read_text(encoding="utf-8"))
    by_outcome: dict[str, Any] = {
        wanted: {name for name, one in found.items() if one["outcome"] == wanted} for wanted in ("refuted", "skipped")
    }
    untried = {one.id for one in assumptions() if one.untried}
    assert by_outcome["refuted"] == differences().refuted.keys(), printed
    assert by_outcome["skipped"] == differences().skipped.keys() | untried, printed
    assert found.keys() == {one.id for one in assumptions()}
    assert code == (1 if differences().refuted else 0)
    assert f"account 000000000000, Region {local_cloud.region}" in printed
    assert "cost: less than 0.01 USD" in printed
    assert _made(local_cloud) == []
    assert not journal.exists()


def test_without_a_terminal_and_without_yes_nothing_is_made(local_cloud: LocalCloud, journal: Path) -> None:
    """It shows what it would make, and says how to agree."""
    command = _Command(local_cloud, journal, "--only", "ecr-no-policy", agreed=False)
    code, printed = command.wait()
    assert code == 2
    assert "makes, and removes again, resources named prove-on-aws-" in printed
    assert "error: no terminal to ask on whether to try the assumptions: give --yes" in printed
    assert _made(local_cloud) == []


@pytest.mark.parametrize(
    ("number", "ignoring"),
    [(signal.SIGINT, True), (signal.SIGTERM, False)],
    ids=["SIGINT, which the parent ignores", "SIGTERM"],
)
def test_a_signal_in_the_middle_leaves_nothing(
    local_cloud: LocalCloud, journal: Path, number: signal.Signals, *, ignoring: bool
) -> None:
    """Neither a role nor a repository nor a stack, even while a stack waits for an answer that does not come."""
    command = _Command(local_cloud, journal, "--only", "service-timeout", ignoring=ignoring)
    command.wait_until_made("-silent")
    command.process.send_signal(number)
    code, printed = command.wait()
    assert code == 128 + number
    assert f"interrupted by {number.name}; all that was made is removed" in printed
    assert _made(local_cloud) == []
    assert not journal.exists()


def test_ctrl_c_while_the_cdk_cli_runs_leaves_nothing(local_cloud: LocalCloud, journal: Path) -> None:
    """The CLI ends, and its stack, its bucket and its repository go."""
    command = _Command(local_cloud, journal, "--only", "check-passes")
    command.wait_until_made("-check")
    command.process.send_signal(signal.SIGINT)
    code, _ = command.wait()
    assert code == 128 + signal.SIGINT
    assert _made(local_cloud) == []


def test_the_next_run_removes_what_a_killed_one_left(local_cloud: LocalCloud, journal: Path) -> None:
    """Once it has shown it; and nothing that no run has made."""
    local_cloud.client("ecr").create_repository(repositoryName="prove-on-aws-mine")
    killed = _Command(local_cloud, journal, "--only", "service-timeout")
    killed.wait_until_made("-silent")
    os.kill(killed.process.pid, signal.SIGKILL)
    killed.wait()
    with Journal(journal) as left:
        assert {one.name for one in left.left} >= set(_made(local_cloud)) - {"prove-on-aws-mine"} != set()
    code, printed = _Command(local_cloud, journal, "--clean").wait()
    assert code == 0
    assert "left behind by an earlier run:\n  log group /aws/lambda/prove-on-aws-" in printed
    assert _made(local_cloud) == ["prove-on-aws-mine"]
    assert not journal.exists()


@pytest.fixture(autouse=True)
def _as_before(local_cloud: LocalCloud) -> Iterator[None]:
    yield
    for one in local_cloud.client("ecr").describe_repositories()["repositories"]:
        if one["repositoryName"] == "prove-on-aws-mine":
            local_cloud.client("ecr").delete_repository(repositoryName=one["repositoryName"])
