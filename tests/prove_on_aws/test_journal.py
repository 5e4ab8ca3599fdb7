"""The journal: what is left, whatever happened to the run that wrote it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from prove_on_aws.journal import Journal, JournalError, Resource

if TYPE_CHECKING:
    from pathlib import Path

ROLE = Resource("role", "prove-on-aws-00000000-aaaa-one", "111122223333", "eu-west-1")
STACK = Resource("stack", "prove-on-aws-00000000-aaaa-two", "111122223333", "eu-west-1")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the journal is."""
    return tmp_path / "journal"


def test_what_was_named_and_not_removed_is_left(path: Path) -> None:
    """Also for the next run."""
    with Journal(path) as journal:
        journal.name(ROLE)
        journal.name(STACK)
        journal.removed(ROLE)
    with Journal(path) as journal:
        assert journal.left == [STACK]


def test_a_name_is_on_the_disk_before_the_resource_is_made(path: Path) -> None:
    """A run that is killed right then has named it."""
    with Journal(path) as journal:
        journal.name(ROLE)
        assert ROLE.name in path.read_text(encoding="utf-8")


def test_nothing_left_leaves_no_file(path: Path) -> None:
    """The journal goes with the last resource."""
    with Journal(path) as journal:
        journal.name(ROLE)
        journal.removed(ROLE)
    assert not path.exists()


def test_a_line_that_was_not_finished_is_no_error(path: Path) -> None:
    """Its resource was not made yet."""
    with Journal(path) as journal:
        journal.name(ROLE)
    with path.open("a", encoding="utf-8") as file:
        file.write('{"kind": "stack", "na')
    with Journal(path) as journal:
        assert journal.left == [ROLE]


def test_two_runs_do_not_share_a_journal(path: Path) -> None:
    """The second would remove what the first works with."""
    with Journal(path), pytest.raises(JournalError, match="another run uses"), Journal(path):
        pass


def test_a_journal_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    """Nothing is made without one."""
    with pytest.raises(JournalError, match="cannot write"), Journal(tmp_path / "absent" / "journal"):
        pass
