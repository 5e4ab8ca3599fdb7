"""A finding with several places: text, JSON and SARIF have them all, and each is acknowledged by itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ecr_access.cli.rules.command import main

if TYPE_CHECKING:
    from pathlib import Path

# A role that pulls and does not sign in, on line 15, and the first of its tasks, whose image is on line 22.
ROLE = """\
Resources:
  Exec:
    Type: AWS::IAM::Role
    Properties:
      RoleName: web
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Principal: {Service: ecs-tasks.amazonaws.com}, Action: "sts:AssumeRole"}
      Policies:
        - PolicyName: own
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
                Resource: "*"
"""
TASK = """\
  Task{}:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      ExecutionRoleArn: web
      ContainerDefinitions:
        - {{Name: web, Image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/web:1.0}}
"""
ACKNOWLEDGED = """\
    Metadata:
      EcrAccess:
        {}: as meant
"""
ROLE_CANNOT, TOKEN_MISSING = "execution-role-cannot-pull", "token-missing"


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file with one cause, which shows at two tasks."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "app.yaml"
    path.write_text(ROLE + TASK.format(1) + TASK.format(2), encoding="utf-8")
    return path


def written(capsys: pytest.CaptureFixture[str], *more: str) -> str:
    """What the command prints of the file."""
    main(["app.yaml", *more])
    return capsys.readouterr().out


def findings(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """The errors."""
    found = json.loads(written(capsys, "--json"))["findings"]
    return [one for one in found if one["severity"] == "error"]


@pytest.mark.usefixtures("template")
def test_the_text_has_the_first_place_and_where_it_is_too(capsys: pytest.CaptureFixture[str]) -> None:
    """The problem of another rule is said there; what is counted are causes."""
    out = written(capsys)
    lines = out.splitlines()
    assert lines[0].startswith(f"app.yaml:22: error {ROLE_CANNOT}: role web pulls '")
    assert lines[1] == "    at Task1.Properties.ContainerDefinitions[0].Image"
    assert lines[2] == "    also at app.yaml:29 Task2.Properties.ContainerDefinitions[0].Image"
    place = "Exec.Properties.Policies[0].PolicyDocument.Statement[0]"
    assert lines[3].startswith(f"    also at app.yaml:13 {place}: {TOKEN_MISSING}: role web may pull, but not ")
    assert lines[4].startswith("    fix: allow ecr:GetAuthorizationToken on '*' in a statement of its own")
    assert lines[-1] == "1 error and 0 warnings in 1 template"


def test_of_many_places_the_text_has_fifty(template: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And how many more there are."""
    template.write_text(ROLE + "".join(TASK.format(number) for number in range(60)), encoding="utf-8")
    out = written(capsys)
    assert out.count("\n    also at ") == 49
    assert "\n    and at 11 more places\n" in out


@pytest.mark.usefixtures("template")
def test_json_has_all_places(capsys: pytest.CaptureFixture[str]) -> None:
    """The first as the finding itself has it, and of each its own rule and problem."""
    (found,) = findings(capsys)
    assert [(one["rule"], one["resource"], one["line"]) for one in found["places"]] == [
        (ROLE_CANNOT, "Task1", 22),
        (ROLE_CANNOT, "Task2", 29),
        (TOKEN_MISSING, "Exec", 13),
    ]
    assert found["places"][0].items() <= found.items()
    assert {one["file"] for one in found["places"]} == {"app.yaml"}
    assert found["places"][2]["problem"].startswith("role web may pull, but not")


@pytest.mark.usefixtures("template")
def test_sarif_has_the_others_as_related_locations(capsys: pytest.CaptureFixture[str]) -> None:
    """Each with a message, as the standard wants."""
    results = json.loads(written(capsys, "--format", "sarif"))["runs"][0]["results"]
    (result,) = [one for one in results if one["level"] == "error"]
    assert [one["physicalLocation"]["region"]["startLine"] for one in result["locations"]] == [22]
    related = result["relatedLocations"]
    assert [(one["id"], one["physicalLocation"]["region"]["startLine"]) for one in related] == [(1, 29), (2, 13)]
    assert related[1]["logicalLocations"][0]["name"] == "Exec"
    assert related[1]["message"]["text"].startswith(f"{TOKEN_MISSING}: role web may pull, but not")


@pytest.mark.parametrize(
    ("holder", "rule", "reported"),
    [
        ("Task1", ROLE_CANNOT, [(ROLE_CANNOT, "Task2"), (TOKEN_MISSING, "Exec")]),
        ("Task1", TOKEN_MISSING, [(ROLE_CANNOT, "Task1"), (ROLE_CANNOT, "Task2"), (TOKEN_MISSING, "Exec")]),
        ("Exec", TOKEN_MISSING, [(ROLE_CANNOT, "Task1"), (ROLE_CANNOT, "Task2")]),
        ("Exec", ROLE_CANNOT, [(ROLE_CANNOT, "Task1"), (ROLE_CANNOT, "Task2"), (TOKEN_MISSING, "Exec")]),
    ],
)
def test_an_acknowledgment_is_of_its_own_place_alone(
    template: Path, capsys: pytest.CaptureFixture[str], holder: str, rule: str, reported: list[tuple[str, str]]
) -> None:
    """The other places of the cause are errors all the same, and what is acknowledged stands apart."""
    head = f"  {holder}:\n"
    metadata = ACKNOWLEDGED.format(rule)
    template.write_text(template.read_text(encoding="utf-8").replace(head, head + metadata), encoding="utf-8")
    found = findings(capsys)
    assert main(["app.yaml"]) == 1
    of = {one["acknowledged"]: [(it["rule"], it["resource"]) for it in one["places"]] for one in found}
    assert of.pop(None) == reported
    rest = {(ROLE_CANNOT, "Task1"), (ROLE_CANNOT, "Task2"), (TOKEN_MISSING, "Exec")} - {*reported}
    assert of == ({"as meant": [*rest]} if rest else {})


def test_what_is_acknowledged_everywhere_is_no_error(template: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is one acknowledged finding for each reason."""
    rules = f"Metadata: {{EcrAccess: {{{ROLE_CANNOT}: as meant, {TOKEN_MISSING}: as meant}}}}\n"
    template.write_text(template.read_text(encoding="utf-8") + rules, encoding="utf-8")
    assert main(["app.yaml"]) == 0
    assert capsys.readouterr().out == "0 errors and 0 warnings in 1 template, 1 acknowledged\n"
