"""Gives calls the condition keys that AWS gives them.

MiniStack 1.5.33 knows neither the namespace of metrics nor the source of events when it decides a call, so a role that
may put its own ones alone is refused.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
"""

from __future__ import annotations

import json
from functools import wraps
from typing import TYPE_CHECKING, Any

from ministack.core import iam_actions

if TYPE_CHECKING:
    from collections.abc import Mapping

_context_of = iam_actions.request_tag_context


@wraps(_context_of)
def _context_as_aws(service: str, iam_action: str, body: bytes, params: Mapping[str, Any]) -> dict[str, Any]:
    context: dict[str, Any] = _context_of(service, iam_action, body, params)
    if iam_action == "cloudwatch:PutMetricData":
        context["cloudwatch:namespace"] = str(_read(body).get("Namespace", ""))
    if iam_action == "events:PutEvents":
        entries = _read(body).get("Entries")
        listed = entries if isinstance(entries, list) else []
        sources = [*dict.fromkeys(str(one.get("Source", "")) for one in listed if isinstance(one, dict))]
        # Several are several values of the key, which no operator without ForAllValues takes.
        context["events:source"] = sources[0] if len(sources) == 1 else sources
    return context


def _read(body: bytes) -> dict[str, Any]:
    """Read a request of the JSON protocol, which botocore prefers for both services."""
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def amend() -> None:
    """Amend MiniStack."""
    iam_actions.request_tag_context = _context_as_aws
