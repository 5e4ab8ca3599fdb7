"""Deployments into the embedded cloud with the real CDK CLI."""

from __future__ import annotations

import json
import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ecr_access.local_cloud import LocalCloud

_APPS = Path(__file__).parent / "apps"
_SETTINGS = ("-c", "cdk-ecr-access:propagation-seconds=1", "-c", "cdk-ecr-access:log-allowed=true")
# The CDK's own rules take two of the three seconds of a synthesis, and would only warn; plugins' rules still count.
_UNVALIDATED = "CDK_VALIDATION=false"
_LOGGED_WITHIN = 10.0
"""Seconds in which the local cloud has written what a function that has answered logs."""
_DEPLOY = ("--require-approval", "never", "--progress", "events", *_SETTINGS)


@dataclass(frozen=True)
class Outcome:
    """How a run of the CLI ended, and what it printed."""

    code: int
    text: str

    @property
    def words(self) -> str:
        """What it printed, with its line breaks and columns flattened."""
        return re.sub(r"\s+", " ", self.text)


@dataclass(frozen=True)
class Deployment:
    """One of the apps under test in the cloud."""

    cloud: LocalCloud
    app: str
    folder: Path
    name: str = ""
    account: str = "000000000000"

    def deploy(self, *stacks: str, **context: str) -> Outcome:
        """Deploy with the real CLI."""
        return self._cdk("deploy", *stacks, *_DEPLOY, **context)

    def destroy(self, **context: str) -> Outcome:
        """Destroy with the real CLI."""
        return self._cdk("destroy", "--all", "--force", **context)

    def status(self) -> str:
        """Read the status of the stack."""
        return str(self._stack()["StackStatus"])

    def output(self, key: str) -> str:
        """Read an output of the stack."""
        return next(str(one["OutputValue"]) for one in self._stack()["Outputs"] if one["OutputKey"] == key)

    def resource(self, type_: str, *, stack: str = "") -> str:
        """Find the physical id of the stack's resource of a type."""
        listed = self.cloud.client("cloudformation", self.account).list_stack_resources(StackName=stack or self.name)
        return next(
            str(one["PhysicalResourceId"]) for one in listed["StackResourceSummaries"] if one["ResourceType"] == type_
        )

    def findings(self, *, stack: str = "") -> list[dict[str, str]]:
        """Read what the check found, all its runs together, from its log group, which may lag behind the answer."""
        group = self.resource("AWS::Logs::LogGroup", stack=stack)
        ends = time.monotonic() + _LOGGED_WITHIN
        while True:
            events = self.cloud.client("logs", self.account).filter_log_events(logGroupName=group)["events"]
            lines = [json.loads(one["message"]) for one in events if one["message"].startswith("{")]
            if any("summary" in line for line in lines) or time.monotonic() > ends:
                return [line["finding"] for line in lines if "finding" in line]
            time.sleep(0.2)

    def as_role(self, arn: str, service: str) -> Any:
        """Return a client with the credentials of a role, obtained by AssumeRole."""
        given = self.cloud.client("sts").assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
        session = self.cloud.session(
            access_key=given["AccessKeyId"], secret_key=given["SecretAccessKey"], token=given["SessionToken"]
        )
        return session.client(service)

    def may_get_token(self, arn: str) -> bool:
        """Try for real whether a role may get an authorization token."""
        try:
            self.as_role(arn, "ecr").get_authorization_token()
        except ClientError as error:
            assert error.response["Error"]["Code"] == "AccessDeniedException"  # noqa: PT017 -- and nothing else
            return False
        return True

    def _cdk(self, *arguments: str, **context: str) -> Outcome:
        lines: list[str] = []
        app = f"{_UNVALIDATED} {sys.executable} {_APPS / self.app}"
        given = [part for key, value in {"name": self.name, **context}.items() for part in ("-c", f"{key}={value}")]
        code = self.cloud.cdk(
            *arguments, "--app", app, "--output", str(self.folder), *given, cwd=self.folder, output=lines.append
        )
        return Outcome(code, "\n".join(lines))

    def _stack(self) -> dict[str, Any]:
        described = self.cloud.client("cloudformation", self.account).describe_stacks(StackName=self.name)["Stacks"][0]
        return dict(described)


@pytest.fixture(scope="module")
def pipeline(local_cloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Deployment]:
    """Make deployments of the pipeline app, each a stack of its own name."""
    return lambda name: Deployment(local_cloud, "pipeline.py", tmp_path_factory.mktemp(name), name)


@pytest.fixture(scope="module")
def services(local_cloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """The services app."""
    return Deployment(local_cloud, "services.py", tmp_path_factory.mktemp("services"))
