"""The stacks of an account in a Region, as CloudFormation tells of them."""

from __future__ import annotations

from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from botocore.exceptions import ClientError

from ecr_access.check.aws.errors import code_of
from ecr_access.cli.check.deployed.errors import StackError, asking
from ecr_access.codes import Code
from ecr_access.documents.document import DocumentError
from ecr_access.documents.templates.deployed import Deployment
from ecr_access.documents.templates.template import Template, mapping
from ecr_access.documents.templates.text import parse_template
from ecr_access.wording import did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ecr_access.cli.check.deployed.clients import Clients

CHECK: Final = "Custom::EcrAccessCheck"
_GONE: Final = "DELETE_COMPLETE"
_HIDDEN: Final = "NoEcho"
_OF_ANOTHER_REGION: Final = "/cdk/exports/"
"""https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.StackProps.html#crossregionreferences"""


class Resource(NamedTuple):
    """A resource of a stack, by what CloudFormation lists."""

    logical_id: str
    type: str
    physical_id: str


class Stack(NamedTuple):
    """A stack that exists: its name, its id, and what DescribeStacks says of it."""

    name: str
    id: str
    described: Mapping[str, Any]

    @property
    def status(self) -> str:
        """Such as ``UPDATE_COMPLETE``."""
        return str(self.described.get("StackStatus", ""))


class Stacks:
    """Reads stacks; remembers exports, which all of them may import."""

    def __init__(self, clients: Clients) -> None:
        """Take the clients; nothing is read yet."""
        self._cloudformation = clients.cloudformation
        self._parameters = clients.parameters
        self._place = clients.place
        self._lock = Lock()

    def every(self) -> Iterator[Stack]:
        """Yield all stacks, the nested ones too.

        Raises:
            StackError: if they cannot be listed.
        """
        with asking("cloudformation:DescribeStacks", "all stacks", Code.STACK_UNREAD):
            for page in self._cloudformation.get_paginator("describe_stacks").paginate():
                yield from filter(_exists, map(_stack, page["Stacks"]))

    def named(self, name: str) -> Stack:
        """Return a stack by its name or id.

        Raises:
            StackError: if there is none, with the nearest name, or it cannot be read.
        """
        with asking("cloudformation:DescribeStacks", f"stack {quoted(name)}", Code.STACK_UNREAD):
            found = self._described(name)
        if found is None or not _exists(found):
            place = f"account {self._place.account} in {self._place.region}"
            raise StackError(
                Code.STACK_WITHOUT_CHECK,
                f"there is no stack {quoted(name)} in {place}; see --region and --profile, or deploy it"
                f"{did_you_mean(name, self._names())}",
            )
        return found

    def resources(self, stack: Stack) -> list[Resource]:
        """List the resources of a stack that exist.

        Raises:
            StackError: if they cannot be listed.
        """
        with asking("cloudformation:ListStackResources", f"stack {quoted(stack.name)}", Code.STACK_UNREAD):
            pages = self._cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack.id)
            listed = [one for page in pages for one in page["StackResourceSummaries"]]
        return [
            Resource(one["LogicalResourceId"], one["ResourceType"], one["PhysicalResourceId"])
            for one in listed
            if one.get("PhysicalResourceId") and one.get("ResourceStatus") != _GONE
        ]

    def deployment(self, stack: Stack, resources: list[Resource]) -> Deployment:
        """Return what is known of a stack.

        Raises:
            StackError: if its template cannot be read.
        """
        template = self._template(stack)
        declared = template.section("Parameters")
        given = stack.described.get("Parameters", [])
        values = {
            one["ParameterKey"]: str(one.get("ResolvedValue", one.get("ParameterValue", "")))
            for one in given
            if str(mapping(declared.get(one["ParameterKey"])).get(_HIDDEN, False)).lower() != "true"
        }
        values |= {"AWS::StackName": stack.name, "AWS::StackId": stack.id}
        ids = {one.logical_id: one.physical_id for one in resources}
        return Deployment(template, ids, values, self._exported, self._output)

    def _template(self, stack: Stack) -> Template:
        on = f"stack {quoted(stack.name)}"
        with asking("cloudformation:GetTemplate", on, Code.STACK_UNREAD):
            body = self._cloudformation.get_template(StackName=stack.id, TemplateStage="Processed")["TemplateBody"]
        if isinstance(body, str):  # YAML, which botocore leaves as it is
            try:
                body = parse_template(body).value
            except DocumentError as error:
                raise StackError(
                    Code.STACK_UNREAD, f"{on}: its template cannot be read: {error}; deploy it again"
                ) from None
        return Template(stack.name, body, self._place.account, self._place.region)

    def _described(self, name: str) -> Stack | None:
        """Return a stack; None if there is none."""
        try:
            return _stack(self._cloudformation.describe_stacks(StackName=name)["Stacks"][0])
        except ClientError as error:
            if code_of(error) == "ValidationError":  # no such stack, or no such name
                return None
            raise

    def _names(self) -> list[str]:
        try:
            return [one.name for one in self.every()]
        except StackError:
            return []

    def _exported(self, name: str) -> str | None:
        if name.startswith(_OF_ANOTHER_REGION):
            return self._parameter(name)
        with self._lock:
            return self._exports.get(name)

    def _parameter(self, name: str) -> str | None:
        """Return what the CDK's writer of another Region exports, which it never changes while it is imported."""
        with asking("ssm:GetParameter", f"what another Region exports as {quoted(name)}", Code.STACK_UNREAD):
            try:
                return str(self._parameters.get_parameter(Name=name)["Parameter"]["Value"])
            except ClientError as error:
                if code_of(error) != "ParameterNotFound":
                    raise
                return None

    @cached_property
    def _exports(self) -> dict[str, str]:
        with asking("cloudformation:ListExports", "what stacks export", Code.STACK_UNREAD):
            pages = self._cloudformation.get_paginator("list_exports").paginate()
            return {one["Name"]: one["Value"] for page in pages for one in page["Exports"]}

    def _output(self, stack: str, name: str) -> str | None:
        outputs = self.named(stack).described.get("Outputs", [])
        return next((str(one["OutputValue"]) for one in outputs if one["OutputKey"] == name), None)


def _stack(described: Mapping[str, Any]) -> Stack:
    return Stack(described["StackName"], described["StackId"], described)


def _exists(stack: Stack) -> bool:
    return stack.status != _GONE
