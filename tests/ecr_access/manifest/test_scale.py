"""Thousands of repositories are read in time that grows as they do."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from ecr_access.manifest import ManifestError, read_file
from tests.ecr_access.manifest.folder import read, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def fleet(files: int, repositories: int, entry: str = "name: team-{team}/app-{app}, pull: [ci]") -> dict[str, str]:
    """Write a file a team, and one with a prefix for each."""
    prefixes = [f"  team-{team}/*: {{pull: ['444455556666'], tags: {{team: t{team}}}}}\n" for team in range(files)]
    head = "include: ['teams/*']\nstacks: 25\nroles: {ci: {}}\ndefaults: {push: [ci], scan_on_push: false}\nprefixes:\n"
    found = {"all.yaml": head + "".join(prefixes)}
    for team in range(files):
        entries = [f"  - {{{entry.format(team=team, app=app)}}}\n" for app in range(repositories)]
        found[f"teams/{team}.yaml"] = "repositories:\n" + "".join(entries)
    return found


def calls(run: Callable[[], object]) -> int:
    """Count the calls of Python functions."""
    count = 0

    def counted(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        run()
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.timeout(120)
def test_ten_thousand_repositories_in_two_hundred_files_are_read(tmp_path: Path) -> None:
    """A fleet of one folder, each with what its prefix says."""
    manifest = read(tmp_path, fleet(200, 50))
    assert len(manifest.repositories) == 10_000
    assert all(len(one.pull) == 2 and len(one.tags) == 1 and one.scan_on_push is False for one in manifest.repositories)


@pytest.mark.parametrize(("files", "repositories"), [(10, 100), (50, 20), (1, 1000)])
def test_twice_as_many_repositories_take_twice_the_work(files: int, repositories: int, tmp_path: Path) -> None:
    """Counted in calls, which is not noisy; whether in more files or in larger ones."""
    one = write(tmp_path / "one", fleet(files, repositories))
    two = write(tmp_path / "two", fleet(2 * files, repositories))
    larger = write(tmp_path / "larger", fleet(files, 2 * repositories))
    first, second, third = (calls(lambda at=at: read_file(at, named_by="")) for at in (one, two, larger))  # type: ignore[misc]
    assert second < 2.1 * first
    assert third < 2.1 * first


@pytest.mark.parametrize("entry", ["nmae: a, name: team-{team}/app-{app}", "name: Bad", "name: same"])
def test_ten_thousand_bad_entries_are_counted_and_fifty_told(entry: str, tmp_path: Path) -> None:
    """In one file, of one kind."""
    folder = write(tmp_path, {"a.yaml": fleet(1, 10_002, entry)["teams/0.yaml"]})
    with pytest.raises(ManifestError) as raised:
        read_file(folder, named_by="")
    assert raised.value.count in range(10_001, 30_010)
    assert len(raised.value.problems) == 50
    assert all(one.line for one in raised.value.problems)


@pytest.mark.timeout(60)
def test_a_manifest_of_fifty_megabytes_is_refused_in_seconds(tmp_path: Path) -> None:
    """It holds more values than a file may; one that is long for another reason is read."""
    entry = "  - name: team/application\n    pull: ['444455556666']\n"
    write(tmp_path, {"a.yaml": "repositories:\n" + entry * (50_000_000 // len(entry))})
    with pytest.raises(ManifestError, match="more than 200,000 values"):
        read_file(tmp_path / "a.yaml", named_by="")
    write(tmp_path, {"a.yaml": "repositories: [{name: base}]\n" + ("#" * 79 + "\n") * 100_000})
    assert read_file(tmp_path / "a.yaml", named_by="").repositories


def test_progress_names_each_file(tmp_path: Path) -> None:
    """As it is read, and as it is validated; whether it is shown is for the command to say."""
    told: list[str] = []
    read_file(write(tmp_path, fleet(2, 1)), named_by="", progress=told.append)
    assert [line.split()[0] for line in told] == ["reading"] * 3 + ["validating"] * 3
    assert told[-1].endswith("1.yaml, 3 of 3")
