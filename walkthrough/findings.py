"""What the access check verified, read from its log."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from walkthrough.expect import expect
from walkthrough.walk import STACK

if TYPE_CHECKING:
    from walkthrough.walk import Walk


def findings(walk: Walk) -> list[dict[str, Any]]:
    """Return the findings of the check function's log, oldest first."""
    resources = walk.cloud.client("cloudformation").describe_stack_resources(StackName=STACK)["StackResources"]
    groups = [one["PhysicalResourceId"] for one in resources if one["ResourceType"] == "AWS::Logs::LogGroup"]
    expect(len(groups) == 1, f"the stack has {len(groups)} log groups, not the check's alone")
    pages = walk.cloud.client("logs").get_paginator("filter_log_events").paginate(logGroupName=groups[0])
    lines = [event["message"] for page in pages for event in page["events"]]
    return [entry["finding"] for entry in map(_object, lines) if "finding" in entry]


def _object(line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except json.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}
