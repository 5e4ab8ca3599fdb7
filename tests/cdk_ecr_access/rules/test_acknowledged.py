"""What was acknowledged is told as such on the command line too: by the CDK's report, and by a template's metadata."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import Acknowledgment, App, NestedStack, Stack, Stage, Validations
from aws_cdk import aws_iam as iam

from cdk_ecr_access import EcrAccessRules
from ecr_access.cli.rules.command import main
from tests.ecr_access.rules.files import BROKEN
from tests.reading import ENV, PULL

if TYPE_CHECKING:
    from constructs import Construct

RULE = "token-missing"
METADATA = f"""\
    Metadata:
      EcrAccess:
        {RULE}: a sidecar signs in for it
"""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """A file with one error, which its metadata acknowledge."""
    path = tmp_path / "stack.yaml"
    path.write_text(BROKEN + METADATA, encoding="utf-8")
    return path


def found(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    """The errors of a run, acknowledged or not."""
    main([*arguments, "--format", "json"])
    written = json.loads(capsys.readouterr().out)["findings"]
    return [one for one in written if one["severity"] == "error"]


def puller(scope: Construct, name: str = "Puller") -> iam.Role:
    """A role that may pull and not sign in."""
    role = iam.Role(scope, name, assumed_by=iam.AccountRootPrincipal())
    role.add_to_policy(iam.PolicyStatement(actions=PULL, resources=["*"]))
    return role


def acknowledge(scope: Construct, reason: str) -> None:
    """Acknowledge the rule for a construct and what it holds."""
    Validations.of(scope).acknowledge(Acknowledgment(id=f"EcrAccess::{RULE}", reason=reason))


def synthesized(app: App) -> str:
    """Synthesize under the rules, whether or not it fails; return the folder."""
    Validations.of(app).add_plugins(EcrAccessRules())
    try:
        app.synth()
    except RuntimeError as error:
        assert "ValidationFailed" in str(error)  # noqa: PT017 -- and nothing else
    return app.outdir


def test_what_the_cdk_suppressed_is_no_error(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    """And comes with the reason."""
    acknowledge(puller(Stack(app, "Stack", env=ENV)), "signs in elsewhere")
    assert main([synthesized(app)]) == 0
    assert capsys.readouterr().out == "0 errors and 0 warnings in 1 template, 1 acknowledged\n"


def test_only_what_was_acknowledged_is_let_pass(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    """Another role of the stack is an error all the same."""
    stack = Stack(app, "Stack", env=ENV)
    acknowledge(puller(stack), "signs in elsewhere")
    puller(stack, "Other")
    folder = synthesized(app)
    assert main([folder]) == 1
    capsys.readouterr()
    reasons = {one["resource"].partition("Default")[0]: one["acknowledged"] for one in found(capsys, folder)}
    assert reasons == {"Puller": "signs in elsewhere", "Other": None}


def test_a_stage_and_a_nested_stack_are_known_by_their_files(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    """The report is that of the whole app, also where only the folder of a stage is named."""
    stage = Stage(app, "Stage", env=ENV)
    acknowledge(puller(Stack(stage, "Stack")), "of the stage")
    acknowledge(puller(NestedStack(Stack(app, "Stack", env=ENV), "Nested")), "of the nested stack")
    folder = synthesized(app)
    assert {one["acknowledged"] for one in found(capsys, folder)} == {"of the stage", "of the nested stack"}
    inner = Path(folder, "assembly-Stage")
    assert [one["acknowledged"] for one in found(capsys, str(inner))] == ["of the stage"]
    (file,) = inner.glob("*.template.json")
    assert [one["acknowledged"] for one in found(capsys, str(file))] == ["of the stage"]


def test_the_folder_is_known_from_within(
    app: App, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it is named by a dot, or its file by nothing else."""
    acknowledge(puller(Stack(app, "Stack", env=ENV)), "signs in elsewhere")
    monkeypatch.chdir(synthesized(app))
    for name in (".", "Stack.template.json"):
        assert [one["acknowledged"] for one in found(capsys, name)] == ["signs in elsewhere"]
    Path("validation-report.json").unlink()
    assert [one["acknowledged"] for one in found(capsys, ".")] == [None]


@pytest.mark.parametrize("text", ["", "[]", "no JSON", '{"pluginReports": [5, {"pluginName": "EcrAccess"}]}'])
def test_a_report_that_is_none_acknowledges_nothing(app: App, text: str) -> None:
    """It is the CDK's, and whatever is wrong with it is no error of the templates."""
    acknowledge(puller(Stack(app, "Stack", env=ENV)), "signs in elsewhere")
    folder = synthesized(app)
    Path(folder, "validation-report.json").write_text(text, encoding="utf-8")
    assert main([folder]) == 1


def test_a_template_acknowledges_in_its_own_metadata(template: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where CloudFormation and SAM have nothing else."""
    assert main([str(template)]) == 0
    capsys.readouterr()
    (one,) = found(capsys, str(template))
    assert one["acknowledged"] == "a sidecar signs in for it"


def test_metadata_of_the_template_count_for_all_its_resources(template: Path) -> None:
    """As a stack's do in the CDK."""
    of_all = (
        METADATA.replace("    Metadata", "Metadata").replace("      Ecr", "  Ecr").replace("        tok", "    tok")
    )
    template.write_text(BROKEN + of_all, encoding="utf-8")
    assert main([str(template)]) == 0


def test_another_rule_is_not_acknowledged(template: Path) -> None:
    """The one that is broken fails all the same."""
    template.write_text(BROKEN + METADATA.replace(RULE, "no-scan"), encoding="utf-8")
    assert main([str(template)]) == 1


@pytest.mark.parametrize(
    ("piece", "other", "told"),
    [
        (RULE, "token-mising", "Ci.Metadata.EcrAccess: there is no rule 'token-mising'; did you mean 'token-missing'?"),
        (RULE, "xyz", "Ci.Metadata.EcrAccess: there is no rule 'xyz'; allowed: not-substituted, "),
        (
            "a sidecar signs in for it",
            "' '",
            "Ci.Metadata.EcrAccess.token-missing is ' '; allowed is a text that says why it is meant",
        ),
        (
            f"\n        {RULE}: a sidecar signs in for it",
            f" {RULE}",
            "Ci.Metadata.EcrAccess is 'token-missing'; allowed is an object of rules, each with its reason",
        ),
    ],
)
def test_what_acknowledges_nothing_is_an_error(
    template: Path, capsys: pytest.CaptureFixture[str], piece: str, other: str, told: str
) -> None:
    """With its own line: a typo must not look like an acknowledgment."""
    template.write_text(BROKEN + METADATA.replace(piece, other), encoding="utf-8")
    assert main([str(template)]) == 2
    assert capsys.readouterr().err.startswith(f"error: {template}:{16 if 'object' in told else 17}: {told}")


def test_sarif_holds_the_reason(template: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """So that a service shows which findings were accepted, and why. A finding that was not has an empty list."""
    template.write_text(BROKEN + METADATA, encoding="utf-8")
    other = template.with_name("other.yaml")
    other.write_text(BROKEN.replace("Ci:", "Other:"), encoding="utf-8")
    main([str(template), str(other), "--format", "sarif"])
    results = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    errors = [one["suppressions"] for one in results if one["level"] == "error"]
    assert errors == [[{"kind": "inSource", "justification": "a sidecar signs in for it"}], []]
