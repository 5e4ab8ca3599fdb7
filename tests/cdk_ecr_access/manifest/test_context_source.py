"""The manifest is in the context or in the file that the context names, and an error says which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cdk_ecr_access.manifest import read_manifest
from ecr_access.manifest import Manifest, ManifestError, RepositoryEntry, RoleEntry

if TYPE_CHECKING:
    from pathlib import Path

BASE = RepositoryEntry(name="base")


def refusal(context: dict[str, Any]) -> str:
    """Read what must be refused, and return the message without its first line's tail."""
    with pytest.raises(ManifestError) as raised:
        read_manifest(context)
    return str(raised.value)


def test_the_context_may_hold_the_manifest_itself() -> None:
    """Under the same key; the CDK's feature flags and the settings of others are none of its business."""
    others = {"@aws-cdk/core:flag": True, "tags": 1, "roles": 2, "account": "x", "pwa-manifest": "x", "management": 1}
    manifest = {"repositories": [{"name": "base"}], "roles": {"ci": {}}}
    assert read_manifest({"manifest": manifest, **others}) == Manifest(
        source="'manifest' in the context (cdk.json)", repositories=(BASE,), roles=(RoleEntry("ci", is_used=False),)
    )


def test_a_problem_of_a_manifest_in_the_context_has_its_path() -> None:
    """As in a file."""
    assert refusal({"manifest": {"repositories": [{"name": "Bad"}]}}).startswith(
        "1 problem in 'manifest' in the context (cdk.json); nothing was synthesized\n  repositories[0].name: "
    )


@pytest.mark.parametrize("text", ['{"repositories": [{"name": "base"}]}', "\ufeffrepositories:\n- name: base\n"])
def test_a_file_counts_alone_and_is_found_from_the_working_directory(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a file, nothing is taken from what else is in cdk.json: two sources would be a riddle."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "repos").write_text(text, encoding="utf-8")
    context = {"manifest": "repos", "repositories": [{"name": "other"}], "roles": {"ci": {}}}
    assert read_manifest(context) == Manifest(source=str(tmp_path / "repos"), repositories=(BASE,))


@pytest.mark.parametrize(
    ("context", "message"),
    [
        ({}, 'no manifest is named; name its file in cdk.json, "context": {"manifest": "images.yaml"}, and run'),
        ({"repositories": [], "roles": {}}, "alone; 'repositories' stands beside it, move it there"),
        ({"existing": []}, "alone; 'existing' stands beside it, move it there"),
        ({"manifest": ""}, "manifest: the name of a file is wanted, got ''"),
        ({"manifest": 3}, "manifest: the name of a file is wanted, got the number 3"),
        ({"manifest": ["a.yaml"]}, "manifest: the name of a file is wanted, got a list"),
    ],
)
def test_a_context_that_names_no_manifest_is_refused(context: dict[str, Any], message: str) -> None:
    """The message tells how to name one."""
    refused = refusal(context)
    assert refused.startswith("1 problem in the context (cdk.json); nothing was synthesized\n  ")
    assert message in refused


@pytest.mark.parametrize("key", ["Manifest", "manifset", "mainfest", "manifests", "manifst", " manifest"])
def test_a_key_that_is_nearly_that_of_the_manifest_is_refused(key: str, tmp_path: Path) -> None:
    """Also where another manifest is named: -c would have been meant to take its place."""
    path = tmp_path / "images.yaml"
    path.write_text("repositories: [{name: base}]")
    refused = refusal({"manifest": str(path), key: "other.yaml"})
    assert refused.endswith(f"\n  the context '{key}' is not known; did you mean 'manifest'?\n[ECR-ACCESS-602]")


def test_a_file_may_be_relative_to_a_folder(tmp_path: Path) -> None:
    """Of the cdk.json that names it, for who reads that elsewhere."""
    (tmp_path / "images.yaml").write_text("repositories: [{name: base}]")
    assert read_manifest({"manifest": "images.yaml"}, folder=tmp_path).repositories == (BASE,)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty; declare 'repositories'"),
        (b"# later\n", "the file is empty; declare 'repositories'"),
        (b"\xff\xfe", "not UTF-8 text: invalid start byte at byte 0"),
        (b"repositories:\n  - name: a\n   push: []\n", "line 3, column 4: neither JSON nor YAML: expected <block end>"),
        (b'{"repositories": [\n  {"name": "a" 1}]}', "line 2, column 16: not JSON: expecting ',' delimiter"),
        (b"repositories: []", "repositories (line 1): no repository is declared"),
    ],
)
def test_a_file_that_is_no_manifest_is_refused(content: bytes, message: str, tmp_path: Path) -> None:
    """The message names the file in full, and the place in it."""
    path = tmp_path / "repos.yaml"
    path.write_bytes(content)
    assert refusal({"manifest": str(path)}).startswith(f"1 problem in {path}; nothing was synthesized\n  {message}")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing.yaml", "cannot be read: no such file or directory"),
        ("", "the folder holds no manifest; wanted: files ending in .yaml, .yml, .json"),
        ("a\0b", "cannot be read: embedded null byte"),
        ("a" * 5_000, "cannot be read: file name too long"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(name: str, message: str, tmp_path: Path) -> None:
    """The reason is the operating system's; what named it is said, since it may be a copied cdk.json."""
    assert refusal({"manifest": f"{tmp_path}/{name}"}).endswith(
        f"{message}; it is the 'manifest' of the context (cdk.json) or of the command line\n[ECR-ACCESS-601]"
    )


@given(content=st.binary())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_file_is_a_manifest_or_is_refused(content: bytes, tmp_path: Path) -> None:
    """No content makes it fail in another way."""
    path = tmp_path / "repos"
    path.write_bytes(content)
    with pytest.raises(ManifestError):
        read_manifest({"manifest": str(path)})
