"""No rule stops a synthesis: none raises, and if one did, that would be a warning."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecr_access.cli.rules.command import main
from ecr_access.documents.templates.template import Template
from ecr_access.rules.access.application import Application
from ecr_access.rules.catalogue import RULES, findings_of
from ecr_access.rules.checks import no_lifecycle
from ecr_access.rules.finding import Rule, RuleFinding, Severity
from ecr_access.rules.guard import NOT_APPLIED
from tests.cdk_ecr_access.rules.apps import app
from tests.ecr_access.rules.files import BROKEN
from tests.ecr_access.rules.garbage import TEMPLATES, VALUES
from tests.ecr_access.rules.pieces import ACCOUNT, REGION, repository

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGE = "https://docs.aws.amazon.com/"


@given(st.lists(TEMPLATES, min_size=1, max_size=2), VALUES, st.sampled_from(["", ACCOUNT]))
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_garbage_never_raises(documents: list[dict[str, Any]], value: object, account: str) -> None:
    """A template may be wrong in any way; that is CloudFormation's to say, and no rule stumbles over it, unguarded."""
    templates = [Template(f"{number}.json", one, account, REGION) for number, one in enumerate(documents)]
    application = Application(templates)
    assert isinstance(application.resolver.text(value, templates[0]), str)
    for rule in RULES:
        for finding in rule.check(application):
            assert finding.text
            assert finding.path


def _raises(application: Application) -> Iterator[RuleFinding]:
    for number, one in enumerate(application.repositories):
        if number:
            raise KeyError("Nowhere")
        yield RuleFinding(one.resource, "Properties", "a repository", "none")


def _raises_at_once(_: Application) -> list[RuleFinding]:
    raise RecursionError("too deep " * 99)


BAD = Rule("bad", Severity.ERROR, "all is well", PAGE, _raises)
EMPTY = Rule("empty", Severity.ERROR, "all is well", PAGE, _raises_at_once)
TWO = {"First": repository(), "Second": repository(RepositoryName="api")}


def test_a_rule_that_raises_is_a_warning_and_the_others_still_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the rule, the resource, the exception, and what it had found before."""
    monkeypatch.setattr("ecr_access.rules.catalogue.RULES", (BAD, no_lifecycle.RULE))
    found = [(rule.id, finding.resource.logical_id) for rule, finding in findings_of(app(TWO))]
    assert found == [
        ("bad", "First"),
        ("rule-not-applied", "Second"),
        ("no-lifecycle", "First"),
        ("no-lifecycle", "Second"),
    ]
    (finding,) = [one for rule, one in findings_of(app(TWO)) if rule is NOT_APPLIED]
    assert finding.text == (
        "the rule bad could not be applied to 'Second', nor to what comes after it: KeyError: 'Nowhere'; all other "
        "rules were applied"
    )
    assert finding.fix == (
        "check by hand what the rule demands, that all is well, and report this error of cdk-ecr-access with the "
        "template"
    )
    assert NOT_APPLIED.severity is Severity.WARNING


@pytest.mark.parametrize("resources", [TWO, {}])
def test_where_no_resource_is_known_it_is_the_app(resources: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """An app without resources too; a text without end is cut."""
    monkeypatch.setattr("ecr_access.rules.catalogue.RULES", (EMPTY,))
    ((rule, finding),) = findings_of(app({"Resources": resources}))
    assert rule is NOT_APPLIED
    assert finding.text.startswith("the rule empty could not be applied to the app, nor to")
    assert len(finding.text) < 500


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A template on which the one rule raises."""
    monkeypatch.setattr("ecr_access.rules.catalogue.RULES", (EMPTY,))
    path = tmp_path / "broken.yaml"
    path.write_text(BROKEN, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(("fail_on", "status"), [("error", 0), ("warning", 1), ("never", 0)])
@pytest.mark.parametrize("output", ["text", "json", "sarif"])
def test_the_command_tells_it_as_a_warning(
    template: str, capsys: pytest.CaptureFixture[str], fail_on: str, *, status: int, output: str
) -> None:
    """In each format, with the exit status of a warning, and no traceback."""
    assert main([template, "--fail-on", fail_on, "--format", output]) == status
    written = capsys.readouterr()
    assert "RecursionError: too deep" in written.out
    assert "Traceback" not in written.err


def test_the_log_describes_it(template: str, capsys: pytest.CaptureFixture[str]) -> None:
    """As every other rule, where a service looks it up."""
    main([template, "--format", "sarif"])
    (run,) = json.loads(capsys.readouterr().out)["runs"]
    (result,) = run["results"]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "rule-not-applied"
