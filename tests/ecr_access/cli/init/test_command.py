"""``ecr-access init``: a new project is written whole, or not at all."""

from __future__ import annotations

import errno
import shutil
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import pytest

from ecr_access.cli.init import project
from ecr_access.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Callable

KINDS = ["--python", "--manifest"]
EVERY = {
    ".github/dependabot.yml",
    ".github/workflows/deploy.yml",
    ".gitignore",
    ".pre-commit-config.yaml",
    "README.md",
    "app.py",
    "cdk.json",
    "deployer.py",
    "package-lock.json",
    "package.json",
    "pytest.ini",
    "requirements.txt",
    "tests/__snapshots__/test_app/test_the_template_is_the_one_agreed_on.json",
    "tests/test_app.py",
}


def files(folder: Path) -> dict[str, str]:
    """What is in a folder, links as where they lead."""
    return {
        path.relative_to(folder).as_posix(): str(path.readlink()) if path.is_symlink() else path.read_text("utf-8")
        for path in folder.rglob("*")
        if path.is_symlink() or path.is_file()
    }


@pytest.mark.parametrize(("kind", "more"), [("--python", set()), ("--manifest", {"repositories.yaml"})])
def test_every_file_is_written_and_named(
    kind: str, more: set[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Into a folder that is made, with the three commands that come next."""
    folder = tmp_path / "some" / "images"
    assert main(["init", kind, str(folder)]) == 0
    assert {*files(folder)} == EVERY | more
    shown, _, after = capsys.readouterr().out.partition("\nnext:\n")
    assert shown.splitlines() == [f"written into {folder}:", *(f"  {path}" for path in sorted(EVERY | more))]
    first, second, third = after.splitlines()
    assert first.startswith(f"  cd {folder} && python3 -m venv .venv")
    assert second.startswith("  pip install -r requirements.txt && npm ci")
    assert third.startswith("  python -m pytest && ecr-access local -- cdk deploy ")


def test_without_a_folder_it_is_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where other files may be, and stay; the commands enter no folder."""
    monkeypatch.chdir(tmp_path)
    Path("LICENSE").write_text("mine", encoding="utf-8")
    assert main(["init"]) == 0
    assert {*files(tmp_path)} == {*EVERY, "LICENSE"}
    assert "\nnext:\n  python3 -m venv .venv" in capsys.readouterr().out


@pytest.mark.parametrize("kind", KINDS)
def test_no_placeholder_is_left(kind: str, tmp_path: Path) -> None:
    """The library is pinned by the version that writes, and the README names the file to edit."""
    assert main(["init", kind, str(tmp_path)]) == 0
    written = files(tmp_path)
    assert [path for path, text in written.items() if "VERSION" in text or "DECLARATION" in text] == []
    assert f"]=={metadata.version('ecr-access')}\n" in written["requirements.txt"]
    assert f"`{'app.py' if kind == '--python' else 'repositories.yaml'}` declares" in written["README.md"]


def _a_file(folder: Path) -> None:
    (folder / "app.py").write_text("mine", encoding="utf-8")


def _a_broken_link(folder: Path) -> None:
    (folder / "app.py").symlink_to("nowhere")


def _a_folder_of_its_name(folder: Path) -> None:
    (folder / "app.py").mkdir()
    (folder / "app.py" / "mine").write_text("mine", encoding="utf-8")


def _a_file_for_a_folder(folder: Path) -> None:
    (folder / "tests").write_text("mine", encoding="utf-8")


@pytest.mark.parametrize(
    ("put", "named"),
    [
        (_a_file, "app.py"),
        (_a_broken_link, "app.py"),
        (_a_folder_of_its_name, "app.py"),
        (_a_file_for_a_folder, "tests"),
    ],
)
def test_what_is_in_the_way_is_listed_and_nothing_is_changed(
    put: Callable[[Path], None], named: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is overwritten, and no half of a project stands beside it."""
    put(tmp_path)
    before = files(tmp_path)
    assert main(["init", str(tmp_path)]) == 2
    assert files(tmp_path) == before
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err.splitlines() == [
        "error: nothing was written, since these exist; move them away, or name another folder:",
        f"  {tmp_path / named}",
        "[ECR-ACCESS-903]",
    ]


def test_a_second_time_lists_every_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All at once, so that one look is enough."""
    assert main(["init", str(tmp_path)]) == 0
    before = files(tmp_path)
    capsys.readouterr()
    assert main(["init", "--manifest", str(tmp_path)]) == 2
    assert capsys.readouterr().err.splitlines()[1:-1] == [f"  {tmp_path / path}" for path in sorted(EVERY)]
    assert files(tmp_path) == before


def test_a_file_is_no_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither to write into nor to make one in."""
    there = tmp_path / "images"
    there.write_text("mine", encoding="utf-8")
    for folder in (there, there / "more"):
        assert main(["init", str(folder)]) == 2
        assert capsys.readouterr().err.endswith(f"another folder:\n  {there}\n[ECR-ACCESS-903]\n")
    assert files(tmp_path) == {"images": "mine"}


def test_a_full_disk_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was written before is removed, with the folders that were made for it."""
    (tmp_path / "LICENSE").write_text("mine", encoding="utf-8")
    given = Path.open

    def full(self: Path, *arguments: Any, **named: Any) -> Any:
        if self.name == "requirements.txt" and "x" in arguments:
            raise OSError(errno.ENOSPC, "No space left on device", str(self))
        return given(self, *arguments, **named)

    monkeypatch.setattr(Path, "open", full)
    assert main(["init", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert f"since {tmp_path / 'requirements.txt'} cannot be: no space left on device" in said
    assert [path.name for path in tmp_path.rglob("*")] == ["LICENSE"]


def test_a_file_that_appears_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    """Between the look and the writing."""
    (tmp_path / "app.py").write_text("mine", encoding="utf-8")
    with pytest.raises(FileExistsError):
        project.write(tmp_path, {PurePosixPath("a"): "ours", PurePosixPath("app.py"): "ours"})
    assert files(tmp_path) == {"app.py": "mine"}


def test_what_pip_compiles_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed package has bytecode beside its modules."""
    copy = tmp_path / "files"
    shutil.copytree(Path(project.__file__).parent / "files", copy)
    (copy / "python" / "__pycache__").mkdir(exist_ok=True)
    (copy / "python" / "__pycache__" / "app.cpython-313.pyc").write_bytes(b"\xff")
    monkeypatch.setattr(project, "_FILES", copy)
    assert main(["init", str(tmp_path / "images")]) == 0
    assert {*files(tmp_path / "images")} == EVERY


def test_both_kinds_at_once_are_refused(tmp_path: Path) -> None:
    """With the status of a wrong argument."""
    with pytest.raises(SystemExit) as left:
        main(["init", *KINDS, str(tmp_path)])
    assert left.value.code == 2
    assert files(tmp_path) == {}
