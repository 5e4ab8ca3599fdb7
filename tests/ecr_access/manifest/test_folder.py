"""A manifest of several files: a folder, and what a file includes; what is wrong in any of them is told at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ecr_access.iam.principal_names import RoleKey
from ecr_access.manifest import ManifestError, read_file
from tests.ecr_access.manifest.folder import read, refused, repository, write

if TYPE_CHECKING:
    from pathlib import Path

TEAMS = {
    "roles.yaml": "roles: {ci: {}}\n",
    "teams/a.yaml": "repositories: [{name: team-a/web, pull: [ci]}]\n",
    "teams/b.json": '{"repositories": [{"name": "team-b/web"}], "existing": [{"name": "base"}]}',
}
BASE = "repositories: [{name: base}]\n"


def test_a_folder_is_one_manifest_of_its_files(tmp_path: Path) -> None:
    """Also of those in its folders; a file names the roles of another one."""
    manifest = read(tmp_path, TEAMS)
    assert [one.name for one in manifest.repositories] == ["team-a/web", "team-b/web"]
    assert repository(manifest, "team-a/web").pull == (RoleKey("ci"),)
    assert [one.name for one in manifest.existing] == ["base"]
    assert [one.key for one in manifest.roles] == ["ci"]
    assert manifest.source == str(tmp_path)


@pytest.mark.parametrize("name", [".draft.yaml", ".git/config.yaml", "README.md", "teams/notes.txt"])
def test_what_is_hidden_or_no_manifest_is_left_out_of_a_folder(name: str, tmp_path: Path) -> None:
    """A folder may hold other things."""
    assert len(read(tmp_path, {**TEAMS, name: "{ no manifest"}).repositories) == 2


def test_the_names_of_files_change_nothing(tmp_path: Path) -> None:
    """The same entries in another order are the same declaration."""
    other = {"z.yaml": TEAMS["roles.yaml"], "y.yaml": TEAMS["teams/a.yaml"], "x.json": TEAMS["teams/b.json"]}
    found = [read(tmp_path / name, files) for name, files in (("one", TEAMS), ("two", other))]
    assert {*found[0].repositories} == {*found[1].repositories}
    assert (found[0].roles, found[0].existing) == (found[1].roles, found[1].existing)


@pytest.mark.parametrize("pattern", ["teams/*", "teams/a.yaml, teams/b.json", "teams", "'*/*'", "'**/[ab].*'"])
def test_a_file_includes_files_by_paths_relative_to_it(pattern: str, tmp_path: Path) -> None:
    """With wildcards or without, or a folder."""
    manifest = read(tmp_path, {**TEAMS, "all.yaml": f"include: [{pattern}, roles.yaml]\n"}, "all.yaml")
    assert [one.name for one in manifest.repositories] == ["team-a/web", "team-b/web"]


def test_a_file_may_include_by_an_absolute_path(tmp_path: Path) -> None:
    """Or one that leads out of its folder."""
    write(tmp_path, {"there/base.yaml": BASE})
    for path in (f"{tmp_path}/there/base.yaml", "../there/*.yaml"):
        assert read(tmp_path, {"here/all.yaml": f"include: ['{path}']\n"}, "here/all.yaml").repositories


def test_a_wildcard_does_not_include_the_file_that_has_it(tmp_path: Path) -> None:
    """``*.yaml`` stands for the other files."""
    assert len(read(tmp_path, {"all.yaml": "include: ['*.yaml']\n", "base.yaml": BASE}).repositories) == 1


def test_a_file_of_a_folder_that_another_includes_is_read_once(tmp_path: Path) -> None:
    """Whichever comes first by its name, and by a link too."""
    files = {"a.yaml": BASE, "m.yaml": "include: [a.yaml, z.yaml]\n", "z.yaml": "repositories: [{name: zeta}]\n"}
    assert [one.name for one in read(tmp_path, files).repositories] == ["base", "zeta"]
    (tmp_path / "link.yaml").symlink_to("z.yaml")
    assert len(read(tmp_path, {}).repositories) == 2


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        (
            {"a.yaml": "include: [a.yaml]\n" + BASE},
            "a.yaml -> a.yaml",
        ),
        (
            {"a.yaml": "include: [b.yaml]\n", "b.yaml": "include: [c.yaml]\n", "c.yaml": "include: [b.yaml]\n" + BASE},
            "b.yaml -> c.yaml -> b.yaml",
        ),
    ],
)
def test_an_include_that_goes_round_is_refused_with_its_way(
    files: dict[str, str], problem: str, tmp_path: Path
) -> None:
    """In the file that closes the circle, with its line."""
    for name in ("", "a.yaml"):
        (told,) = refused(tmp_path, files, name)
        assert told.endswith(f": the file includes itself, perhaps by way of others: {problem}; take one of these out")
        assert told.startswith(("include[0] (line 1): ", "a.yaml:1: include[0]: ", "c.yaml:1: include[0]: "))


def test_a_file_is_included_once(tmp_path: Path) -> None:
    """Otherwise the defaults of two files would hold for it."""
    files = {"a.yaml": "include: [c.yaml]\n", "b.yaml": "include:\n  - c.yaml\n", "c.yaml": BASE}
    assert refused(tmp_path, files) == [
        "b.yaml:2: include[0]: c.yaml is included by a.yaml already; include it once",
    ]


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("gone.yaml", "there is no manifest 'gone.yaml' in "),
        ("gone/*.yaml", "no file matches 'gone/*.yaml' in "),
        ('"a\\0b"', "there is no manifest 'a\\x00b' in "),
        ("12", '12 is a number; quote it: "12"'),
    ],
)
def test_an_include_that_names_no_file_is_refused(path: str, problem: str, tmp_path: Path) -> None:
    """A misspelt path would leave out a team's repositories without a word."""
    (told,) = refused(tmp_path, {"all.yaml": f"include: [{path}]\n{BASE}"}, "all.yaml")
    assert told.startswith(f"include[0] (line 1): {problem}")


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    """Nothing would be deployed, and what is would be deleted."""
    (told,) = refused(tmp_path, {"README.md": "none yet"})
    assert told == "the folder holds no manifest; wanted: files ending in .yaml, .yml, .json; it is named by a test"


def test_files_that_declare_nothing_are_refused_together(tmp_path: Path) -> None:
    """A file may declare roles alone, where another one has repositories."""
    (told,) = refused(tmp_path, {"roles.yaml": "roles: {ci: {}}\n", "x.yaml": "x-anchors: []\n"})
    assert told.startswith("roles.yaml: 'repositories' or 'existing' is missing; write ")


def test_two_files_that_declare_one_thing_are_told_with_both_places(tmp_path: Path) -> None:
    """A repository, a role, one that exists already, and the settings of the check."""
    one = "roles:\n  ci: {}\nrepositories:\n  - name: base\nexisting: [{name: other}]\ncheck: {report_only: true}\n"
    assert refused(tmp_path, {"a.yaml": one, "b.yaml": one}) == [
        "b.yaml:2: roles.ci: the same was given before, at a.yaml:2 (roles.ci); keep one",
        "b.yaml:4: repositories[0].name: 'base' was given before, at a.yaml:4 (repositories[0].name); keep one",
        "b.yaml:5: existing[0].name: 'other' was given before, at a.yaml:5 (existing[0].name); keep one",
        "b.yaml:6: check: the settings of the check are given before, at a.yaml:6 (check); keep one",
    ]


def test_a_file_that_cannot_be_read_leaves_the_others_judged(tmp_path: Path) -> None:
    """Nothing is called wrong that the unreadable file may make right: a role, an environment, a prefix."""
    files = {
        "a.yaml": (
            "repositories: [{name: team-a/web, pull: [ci]}, {name: team-a/web, environments: [prod]}, {name: Bad}]\n"
            "prefixes: {'team-b/*': {}}\n"
        ),
        "b.yaml": "roles: {ci: [\n",
        "c.yaml": "",
        "d.yaml": "repositories: [{nmae: base}]\n",
        "e.yaml": "\tnot: yaml",
    }
    told = refused(tmp_path, files)
    assert [one.split(": ")[0] for one in told] == ["a.yaml:1", "b.yaml", "c.yaml", "d.yaml:1", "d.yaml:1", "e.yaml"]
    assert "has uppercase 'B'" in told[0]
    assert "b.yaml: line 2, column 1: neither JSON nor YAML" in told[1]
    assert told[2] == "c.yaml: the file is empty; declare 'repositories'"
    assert "did you mean 'name'?" in told[4]


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """With the reason of the operating system."""
    (tmp_path / "link.yaml").symlink_to("gone.yaml")
    assert refused(tmp_path, TEAMS) == ["link.yaml: cannot be read: no such file or directory; it is named by a test"]


def test_a_file_that_is_not_included_leaves_the_others_judged(tmp_path: Path) -> None:
    """As one that cannot be read does."""
    text = "include: [roles.yml]\nrepositories: [{name: base, pull: [ci]}, {name: Bad}]\n"
    told = refused(tmp_path, {"all.yaml": text, "roles.yaml": "roles: {ci: {}}\n"}, "all.yaml")
    assert [one.split(" (")[0] for one in told] == ["include[0]", "repositories[1].name"]


def test_an_unknown_key_of_any_file_is_told_with_the_nearest(tmp_path: Path) -> None:
    """Misspelt, it would mean nothing, and no editor has to be there to say so."""
    files = {"a.yaml": "default: {scan_on_push: true}\n", "b.yaml": BASE}
    (told,) = refused(tmp_path, files)
    assert told.startswith("a.yaml:1: default: unknown key 'default'; allowed: 'include', ")
    assert told.endswith("; did you mean 'defaults'?")


def test_a_key_that_begins_with_x_holds_anything(tmp_path: Path) -> None:
    """Such as anchors; at the top alone."""
    assert read(tmp_path, {"a.yaml": "x-any: [&r {name: base}, 1, {no: ~}]\nrepositories: [*r]\n"}).repositories
    (told,) = refused(tmp_path, {"a.yaml": "repositories: [{name: base, x-any: 1}]\n"})
    assert "unknown key 'x-any'" in told


def test_of_many_problems_fifty_are_told_and_all_are_counted(tmp_path: Path) -> None:
    """Whichever of the files they are in."""
    files = {f"{n:03}.yaml": "repositories:\n" + "  - nmae: base\n" * 100 for n in range(20)}
    with pytest.raises(ManifestError) as raised:
        read_file(write(tmp_path, files), named_by="")
    assert (len(raised.value.problems), raised.value.count) == (50, 4_000)
    assert "4,000 problems in " in str(raised.value)
    assert "  and 3,950 more\n" in str(raised.value)
