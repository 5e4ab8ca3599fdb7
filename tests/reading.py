"""What tests read from a synthesized template, by type and never by logical id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_cdk import App, Environment, Stack
from aws_cdk.assertions import Template

from cdk_ecr_access import AccessibleRepository

if TYPE_CHECKING:
    from collections.abc import Callable

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
        asked = [one for check in self.all("Custom::EcrAccessCheck") for one in check["Properties"]["Requirements"]]
        return [
            {"Token": False, **one, "Principal": principal}
            for one in asked
            for principal in (one["Principal"] if isinstance(one["Principal"], list) else [one["Principal"]])
        ]

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
