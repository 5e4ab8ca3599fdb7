"""What tests read from a synthesized template, by type and never by logical id."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_cdk import App, Environment, Stack
from aws_cdk.assertions import Template

from cdk_ecr_access import AccessibleRepository

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aws_cdk import aws_ecr as ecr

ACCOUNT = "111122223333"
OTHER = "444455556666"
REGION = "eu-west-1"
ENV = Environment(account=ACCOUNT, region=REGION)
ROLE = f"arn:aws:iam::{ACCOUNT}:role/ci"
FOREIGN_ROLE = f"arn:aws:iam::{OTHER}:role/ci"
FOREIGN_ROOT = f"arn:aws:iam::{OTHER}:root"

TOKEN = "ecr:GetAuthorizationToken"  # noqa: S105 -- an action
PULL = ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"]
REQUIRED_PULL = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
PUSH = [
    "ecr:CompleteLayerUpload",
    "ecr:UploadLayerPart",
    "ecr:InitiateLayerUpload",
    "ecr:BatchCheckLayerAvailability",
    "ecr:PutImage",
    "ecr:BatchGetImage",
]
PULL_PUSH = [*PULL, "ecr:CompleteLayerUpload", "ecr:UploadLayerPart", "ecr:InitiateLayerUpload", "ecr:PutImage"]
READ = ["ecr:DescribeRepositories", "ecr:DescribeImages"]


@dataclass(frozen=True)
class Rendered:
    """A template."""

    template: dict[str, Any]

    def all(self, type_: str) -> list[dict[str, Any]]:
        """The resources of a type."""
        return [one for one in self.template.get("Resources", {}).values() if one["Type"] == type_]

    def one(self, type_: str) -> dict[str, Any]:
        """The only resource of a type."""
        (found,) = self.all(type_)
        return found

    def id(self, type_: str) -> str:
        """The logical id of the only resource of a type."""
        (found,) = [key for key, one in self.template["Resources"].items() if one["Type"] == type_]
        return str(found)

    @property
    def check(self) -> dict[str, Any]:
        """The access check."""
        return self.one("Custom::EcrAccessCheck")

    @property
    def requirements(self) -> list[dict[str, Any]]:
        """What the access check is asked to prove of each principal; nothing if there is none."""
        found: dict[str, dict[str, Any]] = {}
        for level, one in self._needed:
            accounts = {"Accounts": one["Accounts"]} if "Accounts" in one else {}
            for principal in _list(one["Principals"]):
                entry = found.setdefault(
                    json.dumps([principal, accounts]),
                    {"Principal": principal, "Token": False, "Access": {}, **accounts},
                )
                entry["Token"] = entry["Token"] or level.endswith("TOKEN")
                if level != "TOKEN":
                    arns = [self._arn(name) for name in _list(one["Repositories"])]
                    entry["Access"].setdefault(level.removesuffix("_AND_TOKEN"), []).extend(arns)
        return [*found.values()]

    @property
    def _needed(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for check in self.all("Custom::EcrAccessCheck"):
            for level, heads in check["Properties"]["Requirements"].items():
                for head, lines in heads.items():
                    prefix = "" if head == "Others" else f"{head}/"
                    for line in lines:
                        if level == "TOKEN":
                            yield level, {"Principals": f"{prefix}{line}" if prefix else line}
                        elif isinstance(line, str):
                            principal, repository = line.split(" ")
                            yield level, {"Principals": f"{prefix}{principal}", "Repositories": repository}
                        else:
                            yield level, line

    def _arn(self, name: Any) -> Any:
        """Write the ARN of a repository as a reference, if it is declared here."""
        repositories = {
            key: one["Properties"].get("RepositoryName")
            for key, one in self.template["Resources"].items()
            if one["Type"] == "AWS::ECR::Repository"
        }
        for key, given in repositories.items():
            if name == {"Ref": key} or (isinstance(name, str) and name == given):
                return {"Fn::GetAtt": [key, "Arn"]}
        return name if isinstance(name, dict) or ":" in name else f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/{name}"

    @property
    def principals(self) -> list[Any]:
        """Whose access is to be proved."""
        return [one["Principal"] for one in self.requirements]

    @property
    def repository_side(self) -> list[dict[str, Any]]:
        """The statements of all repository policies."""
        repositories = [one["Properties"] for one in self.all("AWS::ECR::Repository")]
        return [s for one in repositories for s in one.get("RepositoryPolicyText", {}).get("Statement", [])]

    @property
    def identity_side(self) -> list[dict[str, Any]]:
        """The statements of all policies of roles, users and groups."""
        return [s for one in self.all("AWS::IAM::Policy") for s in one["Properties"]["PolicyDocument"]["Statement"]]

    @property
    def checks_own(self) -> list[dict[str, Any]]:
        """The statements of the check's own role."""
        roles = [one["Properties"] for key, one in self.template["Resources"].items() if "EcrAccessCheckRole" in key]
        (policy,) = roles[0]["Policies"]
        found: list[dict[str, Any]] = policy["PolicyDocument"]["Statement"]
        return found


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def rendered(stack: Stack) -> Rendered:
    """Synthesize a stack."""
    return Rendered(dict(Template.from_stack(stack).to_json()))


def built(build: Callable[[Stack, AccessibleRepository], object]) -> Rendered:
    """Synthesize a stack of a fresh app, with a repository and what is built on it."""
    stack = Stack(App(), "Stack", env=ENV)
    build(stack, AccessibleRepository(stack, "Repository", repository_name="team/app"))
    return rendered(stack)


def policy_of(repository: ecr.Repository) -> Any:
    """Read a repository's policy without synthesizing the app."""
    leaf: Any = repository.node.default_child
    return Stack.of(repository).resolve(leaf.repository_policy_text)
