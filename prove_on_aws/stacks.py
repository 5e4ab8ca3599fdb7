"""Stacks of a probe: made from tiny templates, waited for, and read."""

from __future__ import annotations

import io
import json
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from prove_on_aws.lab import allow, document
from prove_on_aws.reply import ask
from prove_on_aws.verdicts.stacks import Sent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prove_on_aws.lab import Lab

_ECHO: Final = Path(__file__).with_name("echo.py")
_ANSWER_SECONDS: Final = 60
"""ServiceTimeout of the probes' custom resources: nothing waits for an hour if the function fails."""

_LOG_SECONDS: Final = 20.0


@dataclass(frozen=True)
class Echo:
    """The function behind custom resources."""

    arn: str
    log_group: str

    def resource(self, digest: str = "", **more: object) -> dict[str, Any]:
        """Return a custom resource for a template; what else begins in capitals is a property of it."""
        attributes = {"DependsOn": more.pop("DependsOn")} if "DependsOn" in more else {}
        own = {"ServiceToken": self.arn, "ServiceTimeout": _ANSWER_SECONDS, "Digest": digest, **more}
        return {"Type": "Custom::Probe", "Properties": own, **attributes}


def deploy_echo(lab: Lab, suffix: str) -> Echo:
    """Make the function, its role and its log group."""
    group = lab.claim("log group", suffix, under="/aws/lambda/")
    lab.client("logs").create_log_group(logGroupName=group, tags={"prove-on-aws": lab.run})
    where = f"{lab.caller.partition}:{{}}:{lab.caller.region}:{lab.caller.account}"
    logs = allow("logs:CreateLogStream", "logs:PutLogEvents", on=f"arn:{where.format('logs')}:log-group:{group}:*")
    status = allow("cloudformation:DescribeStacks", on=f"arn:{where.format('cloudformation')}:stack/{lab.run}-*")
    role = lab.role(suffix, policies={"own": document(logs, status)}, service="lambda.amazonaws.com")
    name = lab.claim("function", suffix)
    request = {
        "FunctionName": name,
        "Runtime": "python3.13",
        "Handler": "echo.handle",
        "Role": role.arn,
        "Code": {"ZipFile": _zipped(_ECHO)},
        "Timeout": 30,
        "Tags": {"prove-on-aws": lab.run},
    }
    reply = create_function(lab, request)
    return Echo(str(reply["FunctionArn"]), group)


def create_function(lab: Lab, request: Mapping[str, Any]) -> Mapping[str, Any]:
    """Make a function whose role may be too new for Lambda to assume it, and wait until it is active."""
    functions = lab.client("lambda")

    def made() -> Any:
        reply = ask(lambda: functions.create_function(**request))
        if reply.accepted or "role" in reply.message.lower():
            return reply
        raise ClientError({"Error": {"Code": reply.code, "Message": reply.message}}, "CreateFunction")

    reply = lab.deadline.poll(made, lambda one: bool(one.accepted), what="Lambda to assume a new role", at_most=90)
    name = request["FunctionName"]
    lab.deadline.poll(
        lambda: functions.get_function_configuration(FunctionName=name).get("State", "Active"),
        lambda state: state != "Pending",
        what="the function to be active",
    )
    return dict(reply.body)


class Stack:
    """One stack of a probe."""

    def __init__(self, lab: Lab, suffix: str) -> None:
        """Name it; nothing is made yet."""
        self._lab = lab
        self._formation = lab.client("cloudformation")
        self.name = lab.claim("stack", suffix)
        self._seen: set[str] = set()

    def create(self, resources: Mapping[str, Any]) -> str:
        """Make it; return the status that it comes to."""
        return self._applied("create_stack", resources)

    def update(self, resources: Mapping[str, Any]) -> str:
        """Update it; return the status that it comes to."""
        self._seen = {one["EventId"] for one in self._all_events()}
        return self._applied("update_stack", resources)

    def import_existing(self, resources: Mapping[str, Any]) -> str:
        """Make it with what exists already; return the status, or why the change set failed."""
        named = {"StackName": self.name, "ChangeSetName": "import"}
        self._formation.create_change_set(
            **named,
            TemplateBody=json.dumps({"Resources": resources}),
            ChangeSetType="CREATE",
            ImportExistingResources=True,
            Tags=self._lab.tags(),
        )
        found = self._lab.deadline.poll(
            lambda: self._formation.describe_change_set(**named),
            lambda one: not str(one["Status"]).endswith(("_IN_PROGRESS", "_PENDING")),
            what="the change set",
        )
        if found["Status"] == "FAILED":
            return f"change set FAILED: {found.get('StatusReason', '')}"
        self._formation.execute_change_set(**named)
        return self._settled(begun="REVIEW_IN_PROGRESS")

    def delete(self) -> None:
        """Delete it, and wait until it is gone."""
        self._formation.delete_stack(StackName=self.name)
        self._lab.deadline.poll(self._status, lambda one: one in ("", "DELETE_COMPLETE"), what="the stack to be gone")

    def resource(self, logical_id: str, *statuses: str) -> tuple[str, str]:
        """Return the last status of a resource, among those given if any are, in the last change, and its reason."""
        for one in self._all_events():
            matches = not statuses or one["ResourceStatus"] in statuses
            if one["LogicalResourceId"] == logical_id and one["EventId"] not in self._seen and matches:
                return str(one["ResourceStatus"]), str(one.get("ResourceStatusReason", ""))
        return "", ""

    def sent(self, echo: Echo, logical_id: str, *, after: Sent) -> list[Sent]:
        """Return what CloudFormation sent for a resource after something that it sent; logs come late."""

        def later() -> list[Sent]:
            every = self._logged(echo, logical_id)
            alike = [index for index, one in enumerate(every) if (one.kind, one.digest) == (after.kind, after.digest)]
            return every[alike[0] + 1 :] if alike else []

        self._lab.deadline.settle(later, bool, at_most=min(_LOG_SECONDS, self._lab.options.propagation))
        self._lab.deadline.pause(2)  # what was sent with the first line that came
        return later()

    def _logged(self, echo: Echo, logical_id: str) -> list[Sent]:
        pages = self._lab.client("logs").get_paginator("filter_log_events").paginate(logGroupName=echo.log_group)
        lines = [_object(event["message"]) for page in pages for event in page["events"]]
        mine = f":stack/{self.name}/"
        return [Sent(**one["sent"]) for one in lines if one.get("logical") == logical_id and mine in one["stack"]]

    def _applied(self, operation: str, resources: Mapping[str, Any]) -> str:
        call = getattr(self._formation, operation)
        before = self._status()
        call(StackName=self.name, TemplateBody=json.dumps({"Resources": resources}), Tags=self._lab.tags())
        return self._settled(begun=before if operation == "update_stack" else "")

    def _settled(self, *, begun: str) -> str:
        """Wait for the end of a change; right after its begin the stack may still be as it was."""
        started = time.monotonic()

        def settled(status: str) -> bool:
            fresh = status != begun or time.monotonic() - started > 5  # noqa: PLR2004
            return fresh and not status.endswith("_IN_PROGRESS")

        return self._lab.deadline.poll(self._status, settled, what=f"stack {self.name} to settle")

    def _status(self) -> str:
        reply = ask(lambda: self._formation.describe_stacks(StackName=self.name))
        return str(reply.body["Stacks"][0]["StackStatus"]) if reply.accepted and reply.body.get("Stacks") else ""

    def _all_events(self) -> list[dict[str, Any]]:
        """Return every event, the newest first."""
        pages = self._formation.get_paginator("describe_stack_events").paginate(StackName=self.name)
        return [one for page in pages for one in page["StackEvents"]]


def _zipped(source: Path) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        entry = zipfile.ZipInfo(source.name)
        entry.external_attr = 0o644 << 16
        files.writestr(entry, source.read_text(encoding="utf-8"))
    return archive.getvalue()


def _object(line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
