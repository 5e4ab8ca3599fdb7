"""Stacks and functions, answered to real clients of botocore: requests are held against the models of the API."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from typing import Any, Final

from botocore.awsrequest import AWSResponse
from botocore.response import StreamingBody
from botocore.session import Session

from ecr_access.cli.check.caller import Caller
from ecr_access.iam.arns import Registry

ACCOUNT: Final = "111122223333"
REGION: Final = "eu-west-1"
CALLER: Final = f"arn:aws:iam::{ACCOUNT}:role/pipeline"
OLD: Final = None
"""What the function of a version before rechecks answers."""


def finding(verdict: str = "allowed", **more: str) -> dict[str, str]:
    """A finding, as the function answers it."""
    entry = {
        "principal": f"arn:aws:iam::{ACCOUNT}:role/web",
        "access": "PULL",
        "repository": "",
        "cause": "",
        "fix": "",
    }
    return {**entry, "verdict": verdict, **more}


def answer(*findings: dict[str, str], unseen: tuple[str, ...] = ()) -> dict[str, Any]:
    """What the function answers."""
    return {"stack": "", "summary": {}, "findings": [*findings], "unseen": [*unseen]}


class RefusedError(Exception):
    """AWS refuses a request."""

    def __init__(self, code: str, message: str = "No.") -> None:
        """Take the error's code and message."""
        super().__init__(code)
        self.error = {"Code": code, "Message": message}


@dataclass
class Cloud:
    """What there is, by the names of stacks.

    Attributes:
        stacks: what DescribeStacks says beside the name and the id.
        properties: of the check of each stack that has one.
        answers: of the functions: what is sent as JSON, or an error.
        failed: the functions that fail, with their kind.
        refused: operations that the caller may not call, or of which stacks.
        body: the template's text, in the place of an object.
        throttled: how many invocations are throttled first.
    """

    stacks: dict[str, dict[str, Any]] = field(default_factory=dict)
    properties: dict[str, dict[str, Any]] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    refused: set[tuple[str, str]] = field(default_factory=set)
    exports: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    body: str = ""
    throttled: int = 0

    def stack(self, name: str, *, check: dict[str, Any] | None = None, answer: Any = OLD, **described: Any) -> None:
        """Make a stack, with a check if it has properties."""
        self.stacks[name] = {"StackStatus": "CREATE_COMPLETE", "CreationTime": "2026-11-28T00:00:00Z", **described}
        self.answers[f"{name}-Function"] = answer
        if check is not None:
            self.properties[name] = {"ServiceToken": {"Fn::GetAtt": ["Function", "Arn"]}, **check}

    def caller(self) -> Caller:
        """The caller, whose clients are answered here."""
        session: Any = Session()
        session.set_credentials("id", "secret")
        session.register("before-parameter-build", self._remember)
        session.register("before-call.cloudformation", self._answer)
        session.register("before-call.ssm", self._answer)
        over_http = self.throttled
        session.register(
            "before-send.lambda" if over_http else "before-call.lambda", self._send if over_http else self._answer
        )
        return Caller(session, CALLER, Registry("aws", REGION, ACCOUNT))

    def sent(self) -> list[dict[str, Any]]:
        """What functions were invoked with."""
        return [json.loads(request["Payload"]) for name, request in self.calls if name == "Invoke"]

    def _remember(self, params: dict[str, Any], model: Any, context: dict[str, Any], **_: object) -> None:
        self.calls.append((model.name, params))
        context["asked"] = params

    def _answer(self, model: Any, context: dict[str, Any], **_: object) -> tuple[AWSResponse, dict[str, Any]]:
        asked = context["asked"]
        name = str(asked.get("StackName", "")).split("/")[1:2] or [asked.get("StackName", "")]
        try:
            found = self._found(model.name, name[0], asked)
        except RefusedError as refused:
            return _response(400), {"Error": refused.error, "ResponseMetadata": {"HTTPStatusCode": 400}}
        return _response(200), {**found, "ResponseMetadata": {"HTTPStatusCode": 200}}

    def _found(self, operation: str, name: str, asked: dict[str, Any]) -> dict[str, Any]:
        if {(operation, ""), (operation, name)} & self.refused:
            raise RefusedError("AccessDenied", f"User: {CALLER} is not authorized to perform {operation}")
        found: dict[str, Any] = getattr(self, f"_{operation}")(name, asked)
        return found

    def _send(self, **_: object) -> AWSResponse:
        """Answer an invocation as Lambda does over HTTP, so that botocore decides what is tried again."""
        self.throttled -= 1
        if self.throttled >= 0:
            return _response(429, b'{"Type": "User"}', {"x-amzn-ErrorType": "TooManyRequestsException"})
        self.throttled = 0
        return _response(200, json.dumps(self.answers["Images-Function"]).encode(), {})

    def _DescribeStacks(self, name: str, asked: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 -- the operation's name
        if name:
            if name not in self.stacks:
                raise RefusedError("ValidationError", f"Stack with id {name} does not exist")
            return {"Stacks": [self._described(name)]}
        page = int(asked.get("NextToken", 0))
        names = [*self.stacks]
        more = {"NextToken": str(page + 1)} if page + 1 < len(names) else {}
        return {"Stacks": [self._described(one) for one in names[page : page + 1]], **more}

    def _described(self, name: str) -> dict[str, Any]:
        return {"StackName": name, "StackId": stack_id(name), **self.stacks[name]}

    def _ListStackResources(self, name: str, asked: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 -- see above
        listed = [("Function", "AWS::Lambda::Function", f"{name}-Function")]
        listed += [("Reader", "Custom::CrossRegionExportReader", "reader")]
        listed += [("Role", "AWS::IAM::Role", f"{name}-Role"), ("Bucket", "AWS::S3::Bucket", "bucket")]
        # On the second page, as of a stack with more than a hundred resources.
        last = [("Check", "Custom::EcrAccessCheck", "check")] if name in self.properties else []
        shown = last if asked.get("NextToken") else listed
        summaries = [
            {"LogicalResourceId": one, "ResourceType": kind, "PhysicalResourceId": physical, "ResourceStatus": "X"}
            for one, kind, physical in shown
        ]
        return {"StackResourceSummaries": summaries, **({} if asked.get("NextToken") else {"NextToken": "2"})}

    def _GetTemplate(self, name: str, asked: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 -- see above
        assert asked["TemplateStage"] == "Processed"
        resources = {
            "Function": {"Type": "AWS::Lambda::Function"},
            "Role": {"Type": "AWS::IAM::Role", "Properties": {"Path": "/team/"}},
            "Bucket": {"Type": "AWS::S3::Bucket"},
            "Reader": {"Type": "Custom::CrossRegionExportReader"},
            "Check": {"Type": "Custom::EcrAccessCheck", "Properties": self.properties.get(name, {})},
        }
        parameters = {"Hidden": {"Type": "String", "NoEcho": "true"}, "Stage": {"Type": "String"}}
        return {"TemplateBody": self.body or {"Resources": resources, "Parameters": parameters}}

    def _ListExports(self, _: str, asked: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 -- see above
        shown = [{"Name": key, "Value": value} for key, value in self.exports.items()]
        return {"Exports": shown[1:]} if asked.get("NextToken") else {"Exports": shown[:1], "NextToken": "2"}

    def _GetParameter(self, _: str, asked: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 -- see above
        if asked["Name"] not in self.parameters:
            raise RefusedError("ParameterNotFound")
        return {"Parameter": {"Value": self.parameters[asked["Name"]]}}

    def _Invoke(self, _: str, asked: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 -- see above
        name = asked["FunctionName"].rpartition(":")[2]
        found = self.answers[name]
        if isinstance(found, RefusedError):
            raise found
        payload = found if isinstance(found, bytes) else json.dumps(found).encode()
        failed = {"FunctionError": self.failed[name]} if name in self.failed else {}
        return {"StatusCode": 200, "Payload": StreamingBody(io.BytesIO(payload), len(payload)), **failed}


def stack_id(name: str) -> str:
    """The id of a stack."""
    return f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{name}/1"


class _Raw(io.BytesIO):
    def stream(self, *_: object, **__: object) -> Any:
        yield self.read()


def _response(status: int, body: bytes = b"", headers: Any = None) -> AWSResponse:
    made: Any = AWSResponse
    response: AWSResponse = made("https://localhost", status, headers or {}, _Raw(body))
    return response
