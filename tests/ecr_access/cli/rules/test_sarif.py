"""The SARIF log: what the standard requires, and what code scanning shows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ecr_access.cli.rules.command import main
from ecr_access.rules.catalogue import RULES
from ecr_access.rules.guard import NOT_APPLIED
from tests.ecr_access.rules.files import BROKEN, SOUND

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory."""
    (tmp_path / "a stack.yaml").write_text(BROKEN, encoding="utf-8")
    (tmp_path / "sound.yaml").write_text(SOUND, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run_of(capsys: pytest.CaptureFixture[str], *files: str) -> dict[str, Any]:
    """The log's one run."""
    main([*files, "--format", "sarif", "--fail-on", "never"])
    log = json.loads(capsys.readouterr().out)
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    (run,) = log["runs"]
    return dict(run)


def errors(run: dict[str, Any]) -> list[dict[str, Any]]:
    """The results that are errors."""
    return [one for one in run["results"] if one["level"] == "error"]


@pytest.mark.usefixtures("folder")
def test_every_rule_is_described(capsys: pytest.CaptureFixture[str]) -> None:
    """Whether it found something or not: a service shows what was looked for."""
    driver = run_of(capsys, "sound.yaml")["tool"]["driver"]
    assert driver["name"] == "cdk-ecr-access"
    assert [one["id"] for one in driver["rules"]] == [one.id for one in (*RULES, NOT_APPLIED)]
    for described, rule in zip(driver["rules"], (*RULES, NOT_APPLIED), strict=True):
        assert described["shortDescription"] == {"text": rule.title}
        assert described["helpUri"] == rule.page
        assert described["defaultConfiguration"] == {"level": rule.severity.value}


@pytest.mark.usefixtures("folder")
def test_a_result_says_where_and_what(capsys: pytest.CaptureFixture[str]) -> None:
    """The file from the working directory, as a URI; the line and the path of the value in it."""
    run = run_of(capsys, "a stack.yaml")
    (result,) = errors(run)
    assert result["ruleId"] == "token-missing"
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "token-missing"
    assert result["message"]["text"].startswith("role ci may pull, but not ecr:GetAuthorizationToken on '*'")
    assert "; fix: allow ecr:GetAuthorizationToken on '*'" in result["message"]["text"]
    (location,) = result["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "a%20stack.yaml"},
        "region": {"startLine": 12},
    }
    (logical,) = location["logicalLocations"]
    assert logical["name"] == "Ci"
    assert logical["fullyQualifiedName"] == "Ci.Properties.Policies[0].PolicyDocument.Statement[0]"


def test_a_file_elsewhere_is_named_in_full(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has no path from the working directory."""
    (folder / "inner").mkdir()
    monkeypatch.chdir(folder / "inner")
    (result,) = errors(run_of(capsys, str(folder / "a stack.yaml")))
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == (folder / "a stack.yaml").as_uri()


def test_a_result_is_known_again_when_its_line_moves(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """So that what was dismissed stays dismissed; another resource is another result."""
    (before,) = errors(run_of(capsys, "a stack.yaml"))
    (folder / "a stack.yaml").write_text(f"# moved\n{BROKEN}", encoding="utf-8")
    (after,) = errors(run_of(capsys, "a stack.yaml"))
    assert after["locations"] != before["locations"]
    assert after["partialFingerprints"] == before["partialFingerprints"]
    (folder / "a stack.yaml").write_text(BROKEN.replace("Ci:", "Other:"), encoding="utf-8")
    (other,) = errors(run_of(capsys, "a stack.yaml"))
    assert other["partialFingerprints"] != before["partialFingerprints"]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("files", [["sound.yaml", "none.yaml"], ["none.yaml"]], ids=["one of two", "the only one"])
def test_a_file_that_cannot_be_read_is_a_run_that_did_not_succeed(
    files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """The log is valid all the same, and says why."""
    (invocation,) = run_of(capsys, *files)["invocations"]
    text = "none.yaml: cannot be read: no such file or directory [ECR-ACCESS-611]"
    assert invocation == {
        "executionSuccessful": False,
        "toolExecutionNotifications": [{"level": "error", "message": {"text": text}}],
    }
    (invocation,) = run_of(capsys, "sound.yaml")["invocations"]
    assert invocation == {"executionSuccessful": True, "toolExecutionNotifications": []}


@pytest.mark.usefixtures("folder")
def test_nothing_found_is_an_empty_list(capsys: pytest.CaptureFixture[str]) -> None:
    """A run without ``results`` would mean that nothing was checked."""
    run = run_of(capsys, "sound.yaml")
    assert errors(run) == []
    assert isinstance(run["results"], list)
