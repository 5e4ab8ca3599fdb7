"""The Lambda function behind the probes' custom resources: it answers as its properties say, and logs what it got.

Deployed as this one file. ``Digest`` becomes the physical id; ``Fail`` on an Update or Create answers FAILED; ``Bytes``
makes the answer so long; ``Silent`` answers nothing. A Delete always succeeds. The response URL, a credential, is
not logged.
"""

from __future__ import annotations

import json
import urllib.request
from typing import Any

import boto3


def handle(event: dict[str, Any], _context: object) -> None:
    """Log a request, and answer it."""
    properties = event["ResourceProperties"]
    deleting = event["RequestType"] == "Delete"
    sent = {
        "kind": event["RequestType"],
        "digest": properties.get("Digest", ""),
        "physical_id": event.get("PhysicalResourceId", ""),
        "status": _status(event["StackId"]),
    }
    print(json.dumps({"logical": event["LogicalResourceId"], "stack": event["StackId"], "sent": sent}))  # noqa: T201
    if properties.get("Silent") and not deleting:
        return
    failing = bool(properties.get("Fail")) and not deleting
    kept = event.get("PhysicalResourceId", "") if deleting or failing else ""
    answer: dict[str, Any] = {
        "Status": "FAILED" if failing else "SUCCESS",
        "Reason": "the probe fails here" if failing else "",
        "PhysicalResourceId": kept or f"probe-{properties.get('Digest', '')}",
        **{name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")},
    }
    if properties.get("Bytes") and not deleting:
        answer["Data"] = {"Padding": ""}
        answer["Data"]["Padding"] = "x" * (int(properties["Bytes"]) - len(json.dumps(answer)))
    _put(event["ResponseURL"], json.dumps(answer).encode())


def _status(stack: str) -> str:
    try:
        return str(boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"])
    except Exception as error:  # noqa: BLE001 -- a probe reads it, and the stack must not wait
        return type(error).__name__


def _put(url: str, body: bytes) -> None:
    request = urllib.request.Request(url, body, {"Content-Type": ""}, method="PUT")  # noqa: S310 -- CloudFormation's
    with urllib.request.urlopen(request, timeout=10):  # noqa: S310
        pass
