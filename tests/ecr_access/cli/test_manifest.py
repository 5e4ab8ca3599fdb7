"""``ecr-access manifest``: manifests are validated without the CDK."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from ecr_access.cli.manifest.command import main
from ecr_access.cli.progress import Progress
from ecr_access.manifest.structure import schema
from tests.ecr_access.manifest.folder import write

if TYPE_CHECKING:
    from pathlib import Path

SOUND = "repositories:\n  - name: team/web\n"
WRONG = "repositories:\n  - name: Team/Web\n  - nmae: team/app\n"


def test_a_valid_manifest_is_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line a file."""
    path = tmp_path / "images.yaml"
    path.write_text(SOUND, encoding="utf-8")
    assert main(["validate", str(path)]) == 0
    assert capsys.readouterr() == (f"{path}: valid; repositories declared: 1, existing: 0\n", "")


def test_everything_that_is_wrong_is_said_of_every_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Also after one that is wrong, and of one that is not there, which is another status."""
    paths = [tmp_path / name for name in ("wrong.yaml", "gone.yaml", "sound.yaml")]
    paths[0].write_text(WRONG, encoding="utf-8")
    paths[2].write_text(SOUND, encoding="utf-8")
    assert main(["validate", str(paths[0]), str(paths[2])]) == 1
    capsys.readouterr()
    assert main(["validate", *map(str, paths)]) == 2
    written = capsys.readouterr()
    assert written.out.startswith(f"{paths[2]}: valid")
    assert "has uppercase 'T', 'W'" in written.err
    assert "did you mean 'name'?" in written.err
    assert "cannot be read: no such file or directory; it is named on the command line" in written.err


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """For an editor, wherever the package is installed."""
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_line_for_editors_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A manifest that starts with it is valid."""
    assert main(["schema", "--comment"]) == 0
    line = capsys.readouterr().out
    assert line == f"# yaml-language-server: $schema={schema()['$id']}\n"
    path = tmp_path / "images.yaml"
    path.write_text(line + SOUND, encoding="utf-8")
    assert main(["validate", str(path)]) == 0


def test_without_an_action_the_usage_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """With the status of a wrong argument."""
    with pytest.raises(SystemExit) as left:
        main([])
    assert left.value.code == 2
    assert "ACTION" in capsys.readouterr().err


FLEET = {
    "all.yaml": "include: [teams/*]\ndefaults: {scan_on_push: false}\n",
    "teams/a.yaml": "repositories:\n  - name: team-a/web\n    pull: ['444455556666']\n",
}


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of manifests, in the working directory."""
    monkeypatch.chdir(tmp_path)
    return write(tmp_path / "fleet", FLEET)


def test_a_folder_is_validated_as_one_manifest(fleet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each problem with its file and line, in JSON too."""
    assert main(["validate", "fleet"]) == 0
    assert capsys.readouterr().out == "fleet: valid; repositories declared: 1, existing: 0\n"
    write(fleet, {"teams/b.yaml": "repositories:\n  - nmae: team-b/web\n    name: team-b/web\n"})
    assert main(["validate", "fleet"]) == 1
    assert "  fleet/teams/b.yaml:2: repositories[0].nmae: unknown key 'nmae'" in capsys.readouterr().err
    assert main(["validate", "fleet", "--json"]) == 1
    (found,) = json.loads(capsys.readouterr().out)["files"]
    assert {key: found["problems"][0][key] for key in ("file", "at", "line")} == {
        "file": "fleet/teams/b.yaml", "at": "repositories[0].nmae", "line": 2,
    }  # fmt: skip


@pytest.mark.usefixtures("fleet")
def test_a_repository_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    """Cells are separated by tabs, for programs; a terminal gets columns."""
    assert main(["explain", "team-a/web", "--file", "fleet"]) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head == "team-a/web, declared at fleet/teams/a.yaml:2, in the account of the CDK CLI, its Region"
    assert "pull\t444455556666\tfleet/teams/a.yaml:3\trepository" in rows
    assert "scan_on_push\tfalse\tfleet/all.yaml:2\tdefaults" in rows
    assert main(["explain", "team-a/web", "--file", "fleet", "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["repositories"]
    assert (found["file"], found["line"]) == ("fleet/teams/a.yaml", 2)
    row = {"key": "scan_on_push", "value": False, "by": "defaults", "file": "fleet/all.yaml", "line": 2}
    assert row in found["settings"]


def test_the_manifest_of_the_app_is_explained_by_default(fleet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The one that the context of cdk.json names, if it names one."""
    assert main(["explain", "team-a/web"]) == 2
    assert "no manifest is named; give --file FILE" in capsys.readouterr().err
    for text in ("{", "[]", '{"context": {"manifest": {}}}', '{"context": {"manifest": ""}}'):
        (fleet.parent / "cdk.json").write_text(text, encoding="utf-8")
        assert main(["explain", "team-a/web"]) == 2
    (fleet.parent / "cdk.json").write_text('{"context": {"manifest": "fleet/all.yaml"}}', encoding="utf-8")
    assert main(["explain", "team-a/web"]) == 0


@pytest.mark.usefixtures("fleet")
def test_a_name_that_no_repository_has_is_told_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    """With the status of a wrong argument; in JSON where that is wanted."""
    assert main(["explain", "team-a/wbe", "--file", "fleet"]) == 2
    assert "no repository 'team-a/wbe' in fleet; did you mean 'team-a/web'?" in capsys.readouterr().err
    assert main(["explain", "team-a/wbe", "--file", "fleet", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["failure"]["messages"]


def test_nothing_is_explained_of_a_manifest_with_problems(fleet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They are told as ``validate`` tells them."""
    write(fleet, {"teams/b.yaml": "repositories: [{nmae: b}]\n"})
    assert main(["explain", "team-a/web", "--file", "fleet"]) == 1
    assert "teams/b.yaml:1: repositories[0].nmae" in capsys.readouterr().err
    assert main(["explain", "team-a/web", "--file", "gone.yaml"]) == 2


def test_an_environment_is_named_with_its_account_and_region(fleet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A repository of several is explained in each."""
    write(
        fleet,
        {
            "prod.yaml": "environments: {prod: {account: '111122223333', region: eu-west-1}}\n",
            "top.yaml": "account: '444455556666'\n",
            "teams/a.yaml": FLEET["teams/a.yaml"] + "  - name: team-b/web\n    environments: [prod]\n",
        },
    )
    for name, there in (
        ("team-a/web", "in account 444455556666, its Region"),
        ("team-b/web", "in prod: account 111122223333, Region eu-west-1"),
    ):
        assert main(["explain", name, "--file", "fleet"]) == 0
        assert capsys.readouterr().out.splitlines()[0].endswith(there)


def test_progress_is_written_after_three_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    """And every three seconds then, wherever standard error goes."""
    now = iter([0.0, 1.0, 3.0, 4.0, 6.5])
    progress = Progress(clock=lambda: next(now))
    for line in ("one", "two", "three", "four"):
        progress(line)
    assert capsys.readouterr().err == "two\nfour\n"


def test_what_takes_long_is_told_soon_after_another_line(capsys: pytest.CaptureFixture[str]) -> None:
    """But not in the first seconds."""
    now = iter([0.0, 1.0, 3.5, 3.6, 3.7])
    progress = Progress(clock=lambda: next(now))
    progress("one", is_long=True)
    progress("two")
    progress("three")
    progress("four", is_long=True)
    assert capsys.readouterr().err == "two\nfour\n"
