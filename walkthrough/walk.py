"""What the steps share: the cloud, the report, and the names that they read from the app and its stack."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cdk_ecr_access.manifest import read_manifest
from ecr_access.iam.principal_names import RoleKey
from ecr_access.manifest.deployed import role_output
from walkthrough.expect import StepFailedError, expect

if TYPE_CHECKING:
    from ecr_access.local_cloud import LocalCloud
    from walkthrough.report import Report

ROOT: Final = Path(__file__).parents[1]
STACK: Final = "EcrAccess"  # app.py
FIRST_TAG: Final = "v1"
SECOND_TAG: Final = "v2"
MISSING_TAG: Final = "v3"
# The CDK's own rules take two of the three seconds of a synthesis, and have judged app.py before.
_UNVALIDATED: Final = "CDK_VALIDATION=false"

APPROVED: Final = ("--require-approval", "never", "--progress", "events")
"""The options of a deployment that asks no person."""

_DEPLOY_SECONDS: Final = 600.0
# The local IAM is consistent at once: two seconds of doubt are enough to believe a denial.
_CONTEXT: Final = (
    *("--context", "cdk-ecr-access:propagation-seconds=2"),
    # What is allowed is shown too.
    *("--context", "cdk-ecr-access:log-allowed=true"),
)


@dataclass(frozen=True)
class Target:
    """The repository and the role that the walkthrough pushes with."""

    repository: str
    role_key: str

    @property
    def role_output(self) -> str:
        """The stack's output with the role's ARN, named as app.py names it."""
        return role_output(self.role_key)


def read_target(file: Path = ROOT / "cdk.json") -> Target:
    """Return the first repository of cdk.json's manifest that a role of it pushes to and pulls from."""
    manifest = read_manifest(json.loads(file.read_text())["context"], folder=file.parent)
    for entry in manifest.repositories:
        for name in entry.push:
            if isinstance(name, RoleKey) and name in entry.pull:
                return Target(entry.name, name.key)
    raise StepFailedError(
        "the manifest of cdk.json has no repository with a role of its own under both push and pull; "
        'declare one to be shown, for example {"name": "demo/app", "push": ["ci"], "pull": ["ci"]}'
    )


@dataclass(frozen=True)
class Walk:
    """One walkthrough."""

    cloud: LocalCloud
    report: Report
    target: Target

    def cdk(self, *arguments: str) -> tuple[int, str]:
        """Run the CDK CLI on the checkout's app, return its exit code and what it printed."""
        said: list[str] = []

        def note(line: str) -> None:
            said.append(line)
            self.report.progress(line)

        output = str(self.cloud.directory / "cdk.out")
        command = [*arguments, STACK, "--output", output, *_CONTEXT]
        code = self.cloud.cdk(*command, cwd=ROOT, output=note, seconds=_DEPLOY_SECONDS)
        return code, "\n".join(said)

    def deploy_changed(self, module: str, *arguments: str) -> tuple[int, str]:
        """Deploy app.py as a module of the walkthrough changes it, without a change set to look at."""
        app = " ".join((_UNVALIDATED, "python3 -m", f"walkthrough.{module}", *arguments))
        return self.cdk("deploy", "--app", app, "--method", "direct", *APPROVED)

    def stack(self) -> dict[str, Any]:
        """Return the stack as CloudFormation describes it."""
        stacks = self.cloud.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
        return dict(stacks[0])

    def role_arn(self) -> str:
        """Return the ARN of the role that pushes, from the stack's outputs."""
        outputs = {output["OutputKey"]: output["OutputValue"] for output in self.stack()["Outputs"]}
        name = self.target.role_output
        expect(name in outputs, f"the stack has no output {name}, only {', '.join(outputs) or 'none'}")
        return str(outputs[name])
