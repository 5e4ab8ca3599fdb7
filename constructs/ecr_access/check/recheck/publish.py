"""Publishes what a recheck found out: metrics, and an event for each finding that is not allowed.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from ecr_access.check import log, log_findings
from ecr_access.check.aws.errors import UndeterminedError, UnreadableError
from ecr_access.check.finding import Verdict
from ecr_access.check.recheck import terms

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ecr_access.check.aws.calling import Calling
    from ecr_access.check.finding import Finding

_A_CALL: Final = 10
_LONGEST: Final = 4_000
"""Characters of one text: ten events of four texts are a call of less than 256 KB, however they are escaped."""


def counts(findings: Sequence[Finding]) -> dict[str, int]:
    """Count the findings, by the names of the metrics."""
    allowed, denied, undetermined = (sum(one.verdict is verdict for one in findings) for verdict in Verdict)
    return {
        terms.ALLOWED: allowed,
        terms.DENIED: denied,
        terms.UNDETERMINED: undetermined,
        terms.NOT_PROVED: denied + undetermined,
    }


def metrics(values: Mapping[str, int], stack: str, calling: Calling) -> None:
    """Put the counts, in one call. Where that is refused, the alarm hears that nothing comes."""
    dimensions = [{"Name": terms.STACK, "Value": stack}]
    data = [
        {"MetricName": name, "Dimensions": dimensions, "Value": count, "Unit": "Count"}
        for name, count in values.items()
    ]
    try:
        calling.budget.call(
            lambda: calling.clients.cloudwatch().put_metric_data(Namespace=terms.NAMESPACE, MetricData=data),
            action="cloudwatch:PutMetricData",
        )
    except UndeterminedError as error:
        log.line(error=f"the metrics were not put: {error.cause}", fix=error.fix)


def events(findings: Sequence[Finding], stack: str, calling: Calling) -> None:
    """Put an event for each finding that is not allowed, denials first, as many as one run may put."""
    wrong = [one for one in findings if one.verdict is not Verdict.ALLOWED]
    wrong.sort(key=lambda one: one.verdict is not Verdict.DENIED)
    entries = [_entry(one, stack) for one in wrong[: terms.MOST_EVENTS]]
    if len(entries) < len(wrong):
        log.line(
            warning=f"{len(wrong) - len(entries)} of {len(wrong)} findings are in this log alone, without an event"
        )
    try:
        for start in range(0, len(entries), _A_CALL):
            batch = entries[start : start + _A_CALL]
            calling.budget.call(lambda: _put(batch, calling), action="events:PutEvents")  # noqa: B023 -- called at once
    except UndeterminedError as error:
        log.line(error=f"the events were not all put: {error.cause}", fix=error.fix)


def _put(batch: list[dict[str, object]], calling: Calling) -> None:
    """Put some events; all of them again if one was not taken, since readers must expect an event twice anyhow.

    Raises:
        UnreadableError: one was not taken.
    """
    answer = calling.clients.events().put_events(Entries=batch)
    if answer.get("FailedEntryCount", 0):
        raise UnreadableError("not all events were taken")


def _entry(one: Finding, stack: str) -> dict[str, object]:
    written: dict[str, object] = {name: text[:_LONGEST] for name, text in log_findings.entry(one).items()}
    detail = {
        "version": terms.SCHEMA_VERSION,
        "stack": stack,
        **written,
        "action": [*dict.fromkeys(action for problem in one.problems for action in problem.actions)],
    }
    resources = {"Resources": [one.repository]} if one.repository else {}
    return {
        "Source": terms.SOURCE,
        "DetailType": terms.DETAIL_TYPE,
        "Detail": json.dumps(detail),
        **resources,
    }
