"""A run: what becomes of probes that fail, of signals, and of what was made."""

from __future__ import annotations

import os
import re
import signal
from typing import TYPE_CHECKING, Any, cast

import pytest
from botocore.exceptions import ClientError

from prove_on_aws import __main__ as command
from prove_on_aws import run as run_module
from prove_on_aws.journal import Journal, Resource
from prove_on_aws.lab import Lab, NeedsError
from prove_on_aws.leftovers import leftovers
from prove_on_aws.names import BUSY_SECONDS, began, run_name
from prove_on_aws.options import Options
from prove_on_aws.outcome import Finding, Outcome, held, refuted, skipped
from prove_on_aws.probe import Probe
from prove_on_aws.removal import StillThereError, in_order, remove
from prove_on_aws.report import Report
from prove_on_aws.run import Runner, exit_code
from prove_on_aws.sessions import Caller, Session
from prove_on_aws.signals import InterruptedRunError, raising_signals
from prove_on_aws.waiting import Deadline, TookTooLongError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CALLER = Caller("111122223333", "arn:aws:iam::111122223333:user/ann", "eu-west-1", "aws")
RUN = run_name(0)


class _Removed:
    """Stands for the removal of resources: what was removed, in its order; ``failing`` names what stays."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.failing: set[str] = set()

    def __call__(self, _session: Session, resource: Resource) -> None:
        if resource.name in self.failing:
            raise StillThereError("in use")
        self.names.append(resource.name)


@pytest.fixture
def removed(monkeypatch: pytest.MonkeyPatch) -> _Removed:
    """Take the place of what calls AWS."""
    fake = _Removed()
    monkeypatch.setattr(run_module, "remove", fake)
    monkeypatch.setattr(run_module, "_ON_ITS_WAY", 0)
    return fake


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """An empty journal."""
    with Journal(tmp_path / "journal") as journal:
        yield journal


def _run(journal: Journal, *bodies: Callable[[Lab], Iterator[tuple[str, Finding]]]) -> dict[str, Finding]:
    found: dict[str, Finding] = {}
    session = Session(cast("Any", None))
    probes = [
        Probe(f"probe {number}", (f"{number}-first", f"{number}-second"), "a role", 1, 60, body)
        for number, body in enumerate(bodies)
    ]
    Runner(session, CALLER, journal, Options(), Report()).try_all(probes, RUN, found)
    return found


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (NeedsError("a second account"), "needs a second account"),
        (TookTooLongError("waited 60 s for a role"), "not tried to the end: waited 60 s for a role"),
        (ClientError({"Error": {"Code": "AccessDenied"}}, "CreateRole"), "not tried to the end: .*AccessDenied"),
        (KeyError("Role"), "the probe failed: KeyError"),
    ],
    ids=["needs", "too long", "refused", "broken"],
)
def test_a_probe_that_ends_early_skips_the_rest_and_removes_all(
    journal: Journal, removed: _Removed, error: Exception, reason: str
) -> None:
    """What it had found stays found, the reason is told, and the next probe runs."""

    def broken(lab: Lab) -> Iterator[tuple[str, Finding]]:
        lab.claim("role", "one")
        yield "0-first", held("seen")
        raise error

    def whole(_: Lab) -> Iterator[tuple[str, Finding]]:
        yield "1-first", held("")
        yield "1-second", refuted("")

    found = _run(journal, broken, whole)
    assert [one.outcome.value for one in found.values()] == ["held", "skipped", "held", "refuted"]
    assert re.match(reason, found["0-second"].note)
    assert removed.names == [f"{RUN}-one"]
    assert journal.left == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_run_and_removes_all(journal: Journal, removed: _Removed, number: signal.Signals) -> None:
    """No probe takes it for its own failure; the exit status is the shells'."""

    def interrupted(lab: Lab) -> Iterator[tuple[str, Finding]]:
        lab.claim("role", "one")
        os.kill(os.getpid(), number)
        lab.deadline.pause(5)
        yield "0-first", held("not reached")

    with pytest.raises(InterruptedRunError) as caught, raising_signals():
        _run(journal, interrupted, interrupted)
    assert caught.value.exit_code == 128 + number
    assert set(removed.names) == {f"{RUN}-one"}
    assert journal.left == []


def test_sigint_counts_where_the_parent_ignores_it(journal: Journal, removed: _Removed) -> None:
    """A shell starts what it runs in the background so."""

    def interrupted(lab: Lab) -> Iterator[tuple[str, Finding]]:
        lab.claim("role", "one")
        os.kill(os.getpid(), signal.SIGINT)
        lab.deadline.pause(5)
        yield "0-first", held("not reached")

    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with pytest.raises(InterruptedRunError), raising_signals():
            _run(journal, interrupted)
    finally:
        signal.signal(signal.SIGINT, before)
    assert removed.names


def test_a_second_signal_does_not_end_the_removal(
    journal: Journal, removed: _Removed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told to wait, and the run ends by it once all is removed."""

    def impatient(session: Session, resource: Resource) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        removed(session, resource)

    monkeypatch.setattr(run_module, "remove", impatient)

    def two(lab: Lab) -> Iterator[tuple[str, Finding]]:
        lab.claim("role", "one")
        lab.claim("role", "two")
        yield "0-first", held("")

    with pytest.raises(InterruptedRunError), raising_signals():
        _run(journal, two)
    assert removed.names == [f"{RUN}-one", f"{RUN}-two"]


def test_what_cannot_be_removed_stays_in_the_journal(journal: Journal, removed: _Removed) -> None:
    """The others are removed all the same."""
    removed.failing.add(f"{RUN}-one")

    def two(lab: Lab) -> Iterator[tuple[str, Finding]]:
        lab.claim("role", "one")
        lab.claim("role", "two")
        yield "0-first", held("")

    _run(journal, two)
    assert [one.name for one in journal.left] == [f"{RUN}-one"]
    assert removed.names == [f"{RUN}-two"]


def test_stacks_go_before_what_they_need() -> None:
    """A stack asks its function when it is deleted; a role is asked by both."""
    kinds = ["policy", "role", "repository", "log group", "function", "stack"]  # as they are made
    resources = [Resource(kind, f"{RUN}-{kind}", "111122223333", "eu-west-1") for kind in kinds]
    assert [one.kind for one in in_order(resources)] == ["stack", "function", "log group", *kinds[2::-1]]


@pytest.mark.parametrize(
    "name",
    ["team/web", "prove-on-aws", "prove-on-aws-mine", "my-prove-on-aws-00000000-aaaa-x", "prove-on-aws-00000000-aaaa"],
)
def test_what_no_run_made_is_never_removed(name: str) -> None:
    """Not even if a journal names it."""
    assert began(name) is None
    with pytest.raises(StillThereError, match="left alone"):
        remove(cast("Any", None), Resource("repository", name, "111122223333", "eu-west-1"))


def test_a_name_tells_when_its_run_began() -> None:
    """In the forms of all kinds."""
    run = run_name(1_790_000_000)
    for name in (f"{run}-role", f"/aws/lambda/{run}-echo", f"/aws/cloudformation/{run}-check/Logs1234"):
        assert began(name) == 1_790_000_000


class _There:
    """An account with one role of a run: a client of every service."""

    def __init__(self, role: str, operation: str = "") -> None:
        self._role = role
        self._operation = operation

    def client(self, _service: str) -> _There:
        return self

    def list_buckets(self) -> dict[str, Any]:
        return {"Buckets": [{"Name": "another-bucket"}]}

    def get_paginator(self, operation: str) -> _There:
        return _There(self._role, operation)

    def paginate(self, **_request: str) -> list[dict[str, Any]]:
        roles = [{"RoleName": self._role}, {"RoleName": "another"}]
        return [{"Roles": roles}] if self._operation == "list_roles" else [{}]


@pytest.mark.parametrize(("age", "counts"), [(60, False), (BUSY_SECONDS + 60, True)])
def test_what_only_the_account_shows_counts_once_it_is_old(journal: Journal, age: float, counts: bool) -> None:  # noqa: FBT001
    """Before, it may belong to a run on another machine."""
    session = cast("Session", _There(f"{run_name(1_790_000_000)}-one"))
    found = leftovers(session, CALLER, journal, now=1_790_000_000 + age)
    assert [one.kind for one in found] == ["role"] * counts


def test_the_journal_counts_for_its_own_account_alone(journal: Journal) -> None:
    """Another account's credentials remove what is there."""
    mine = Resource("stack", f"{RUN}-one", CALLER.account, "us-east-1")
    journal.name(mine)
    journal.name(Resource("stack", f"{RUN}-two", "444455556666", "us-east-1"))
    assert leftovers(cast("Session", _There("x")), CALLER, journal, now=0) == [mine]


@pytest.mark.parametrize(
    ("findings", "left", "code"),
    [
        ([held("")], 0, 0),
        ([held(""), skipped("")], 0, 0),
        ([held(""), refuted("")], 0, 1),
        ([held("")], 1, 2),
        ([skipped("")], 0, 2),
        ([], 0, 2),
    ],
)
def test_the_exit_status(findings: list[Finding], left: int, code: int) -> None:
    """1 where one is refuted; 2 where nothing could be tried, or something is left."""
    resources = [Resource("role", "one", "111122223333", "eu-west-1")] * left
    assert exit_code({str(number): one for number, one in enumerate(findings)}, resources) == code


def test_a_deadline_ends_a_wait() -> None:
    """The error says what was waited for, and what was seen last."""
    now = [0.0]
    deadline = Deadline(10, clock=lambda: now[0], sleep=lambda seconds: now.__setitem__(0, now[0] + seconds))
    with pytest.raises(TookTooLongError, match=r"waited \d+ s for a role; last seen: absent"):
        deadline.poll(lambda: "absent", lambda seen: seen == "there", what="a role")
    assert 0 < now[0] <= 10
    assert deadline.settle(lambda: "absent", lambda seen: seen == "there", at_most=5) == "absent"


def test_outcomes_are_words() -> None:
    """As the table and the JSON have them."""
    assert [one.value for one in Outcome] == ["held", "refuted", "skipped"]


@pytest.mark.parametrize(("typed", "agreed"), [("yes", True), ("y", False), ("", False)])
def test_nothing_but_the_word_agrees(monkeypatch: pytest.MonkeyPatch, typed: str, *, agreed: bool) -> None:
    """At a terminal, which is asked."""
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _question: typed)
    assert command._agreed(Options(), "try") is agreed  # noqa: SLF001 -- its callers call AWS


def test_a_control_has_to_stay(journal: Journal) -> None:
    """One part of AWS may know a policy before the others do."""
    now, seen = [0.0], iter([False, True, False, True, True, True])
    deadline = Deadline(60, clock=lambda: now[0], sleep=lambda seconds: now.__setitem__(0, now[0] + seconds))
    lab = Lab(Session(cast("Any", None)), CALLER, journal, RUN, Options(), deadline)
    assert 1 < lab.seconds_until(lambda: next(seen), what="a control") < 5
    assert next(seen, None) is None
