"""A dashboard shows what the check of its stack proves, the calls against their quotas, and the pulls."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aws_cdk import Duration, Stack
from botocore.session import get_session

from cdk_ecr_access import AccessCheck, AccessDashboard, AccessibleRepository, ExistingRepository
from cdk_ecr_access.monitoring.patterns import OPERATIONS
from tests.reading import ROLE, rendered

WIDTH = 24
"""https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html"""


@pytest.fixture(autouse=True)
def _granted(repository: AccessibleRepository) -> None:
    """A grant: a check without one has nothing to prove again."""
    repository.grant_pull(ROLE)


def widgets(stack: Stack) -> list[dict[str, Any]]:
    """Read the widgets of the dashboard, with a text for each reference."""
    body = rendered(stack).one("AWS::CloudWatch::Dashboard")["Properties"]["DashboardBody"]
    parts = body["Fn::Join"][1] if isinstance(body, dict) else [body]
    text = "".join(part if isinstance(part, str) else "referred-to" for part in parts)
    found: list[dict[str, Any]] = json.loads(text)["widgets"]
    return found


def metrics(widget: dict[str, Any]) -> list[Any]:
    """Read the metrics of a widget."""
    found: list[Any] = widget["properties"].get("metrics", [])
    return found


def test_it_shows_what_the_check_of_the_stack_proves(stack: Stack) -> None:
    """In numbers and over time, by the metrics that a recheck puts, every hour if nothing else was said."""
    AccessDashboard(stack)
    text, now, before, *_ = widgets(stack)
    assert f"ecr-access check --stack {stack.stack_name}" in text["properties"]["markdown"]
    for widget in (now, before):
        assert [one[:4] for one in metrics(widget)] == [
            ["EcrAccess", name, "Stack", stack.stack_name] for name in ("Denied", "Undetermined", "Allowed")
        ]
        assert {one[4]["stat"] for one in metrics(widget)} == {"Maximum"}
        assert {one[4]["period"] for one in metrics(widget)} == {3600}
    assert rendered(stack).one("AWS::Scheduler::Schedule")


def test_the_interval_of_a_recheck_is_kept(stack: Stack) -> None:
    """A metric of another period would show gaps, or hide a denial behind a later proof."""
    AccessCheck.of(stack).recheck(every=Duration.minutes(30))
    AccessDashboard(stack)
    assert {one[4]["period"] for one in metrics(widgets(stack)[1])} == {1800}


def test_it_shows_each_quota_of_the_calls(stack: Stack) -> None:
    """The eight that have usage metrics, each an operation of ECR, in percent by AWS's own expression."""
    AccessDashboard(stack)
    shown = metrics(widgets(stack)[3])
    shares = [one[0] for one in shown if "expression" in one[0]]
    calls = [one for one in shown if "expression" not in one[0]]
    assert [one["label"] for one in shares] == [*OPERATIONS]
    for share, call in zip(shares, calls, strict=True):
        *named, options = call
        assert named[:2] == ["AWS/Usage", "CallCount"]
        dimensions = dict(zip(named[2::2], named[3::2], strict=True))
        assert dimensions == {"Service": "ECR", "Type": "API", "Resource": share["label"], "Class": "None"}
        assert share["expression"] == f"{options['id']}/SERVICE_QUOTA({options['id']})*100"
        assert (options["stat"], options["period"], options["visible"]) == ("Sum", 60, False)
    assert {*OPERATIONS} <= {*get_session().get_service_model("ecr").operation_names}


def test_it_finds_the_pulls_of_all_repositories(stack: Stack) -> None:
    """Of this account and Region, as CloudWatch draws it."""
    AccessDashboard(stack)
    (search,) = metrics(widgets(stack)[4])
    assert search[0]["expression"] == (
        "SEARCH('{AWS/ECR,RepositoryName} MetricName=\"RepositoryPullCount\"', 'Sum', 86400)"
    )


def test_it_shows_the_pulls_of_the_repositories_that_are_named(stack: Stack, repository: AccessibleRepository) -> None:
    """Those of the app, and those made elsewhere."""
    base = ExistingRepository.from_repository_name(stack, "Base", "base")
    AccessDashboard(stack, repositories=(repository, base))
    shown = metrics(widgets(stack)[4])
    assert [one[:3] for one in shown] == [["AWS/ECR", "RepositoryPullCount", "RepositoryName"]] * 2
    assert [one[3] for one in shown] == ["referred-to", "base"]
    assert {(one[4]["stat"], one[4]["period"]) for one in shown} == {("Sum", 86400)}


def test_more_repositories_than_a_graph_holds_are_refused(stack: Stack, repository: AccessibleRepository) -> None:
    """Before anything is built."""
    with pytest.raises(ValueError, match=r"repositories: got 501, allowed are 500.*\[ECR-ACCESS-101\]"):
        AccessDashboard(stack, repositories=[repository] * 501)
    assert stack.node.try_find_child("EcrAccessDashboard") is None


def test_every_widget_is_on_the_grid_and_of_the_region(stack: Stack) -> None:
    """CloudWatch refuses a dashboard that is not."""
    AccessDashboard(stack, dashboard_name="images")
    found = widgets(stack)
    assert all(one["x"] + one["width"] <= WIDTH for one in found)
    assert {one["properties"]["region"] for one in found if one["type"] == "metric"} == {"referred-to"}
    assert rendered(stack).one("AWS::CloudWatch::Dashboard")["Properties"]["DashboardName"] == "images"
