"""What the page on fleets shows is what is printed and made."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aws_cdk.assertions import Match, Template

from ecr_access.cli.manifest.command import main

if TYPE_CHECKING:
    import pytest

PAGE = (Path(__file__).parents[3] / "docs" / "fleet.md").read_text(encoding="utf-8")


def shown(start: str, language: str = "text") -> str:
    """Return the block of the page that starts so."""
    (found,) = (one for one in re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL) if one.startswith(start))
    return str(found)


def test_the_moves_are_those_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On a terminal."""
    names = ("team/api", "team/db", "team/job", "team/shop", "team/ui")
    entries = "".join(f"  - name: {name}\n" for name in names)
    (tmp_path / "images.yaml").write_text(f"stacks: 2\nrepositories:\n{entries}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert main(["moves", "--stacks", "3", "--file", "images.yaml"]) == 0
    assert capsys.readouterr().out == shown("2 of 5 repositories move")


def test_the_error_is_the_one_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of the file that the page shows, and one of a team."""
    teams = tmp_path / "manifests" / "teams"
    teams.mkdir(parents=True)
    (tmp_path / "manifests" / "platform.yaml").write_text(shown("# manifests/", "yaml"), encoding="utf-8")
    entries = "".join(f"  - name: team-a/app-{number}\n" for number in range(2_000))
    (teams / "a.yaml").write_text(f"repositories:\n{entries}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["validate", "manifests"]) == 1
    assert capsys.readouterr().err == shown("error: 1 problem")


def test_the_waves_are_those_of_the_pipeline() -> None:
    """Sandbox first; then both stacks of both environments of production, side by side, the first stack last."""
    names: dict[str, Any] = {}
    exec(shown("from aws_cdk import App", "python"), names)  # noqa: S102 -- the page is ours
    found = Template.from_stack(names["stack"]).find_resources("AWS::CodePipeline::Pipeline", Match.any_value())
    (pipeline,) = found.values()
    orders = {
        stage["Name"]: {one["Name"]: one["RunOrder"] for one in stage["Actions"] if one["Name"].endswith("Deploy")}
        for stage in pipeline["Properties"]["Stages"]
    }
    assert [*orders["sandbox"]] == ["Deploy"]
    production = orders["Production"]
    assert len(production) == 4
    assert production["prod-eu.Images2.Deploy"] == production["prod-us.Images2.Deploy"]
    assert production["prod-eu.Images1.Deploy"] > production["prod-eu.Images2.Deploy"]
    assert [*orders].index("sandbox") < [*orders].index("Production")
