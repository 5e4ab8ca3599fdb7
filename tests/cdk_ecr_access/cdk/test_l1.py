"""Resources that are made without an L2 are to the CDK, and to every aspect, what they are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsii
import pytest
from aws_cdk import App, Aspects, IAspect, Stack, Tags
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk.region_info import RegionInfo
from constructs import Construct

import cdk_ecr_access
from cdk_ecr_access import AccessCheck
from cdk_ecr_access.cdk.l1 import made, resource_of, resources_in
from cdk_ecr_access.cdk.stacks import registry_of
from tests.reading import ACCOUNT, rendered

if TYPE_CHECKING:
    from constructs import IConstruct

SMALL = """
import sys
from aws_cdk import App, Environment, Stack
from aws_cdk import aws_iam as iam
from cdk_ecr_access import AccessibleRepository

app = App()
stack = Stack(app, "Stack", env=Environment(account="111122223333", region="eu-west-1"))
repository = AccessibleRepository(stack, "Repository", repository_name="team/app")
repository.grant_pull(iam.ArnPrincipal("arn:aws:iam::444455556666:role/web"))
repository.grant_push(iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal()))
app.synth()
print(*sorted(name for name in sys.modules if name.startswith("aws_cdk.") and name.count(".") == 1))
"""


@jsii.implements(IAspect)
class Changes:
    """An aspect of an organization, which changes each function and log group."""

    def __init__(self) -> None:
        self.visited: list[str] = []

    def visit(self, node: IConstruct) -> None:
        """Change it."""
        if isinstance(node, lambda_.CfnFunction):
            node.reserved_concurrent_executions = 1
            self.visited.append(node.node.path)
        if isinstance(node, logs.CfnLogGroup):
            node.retention_in_days = 7
            self.visited.append(node.node.path)


def test_a_small_app_imports_no_module_of_the_cdk_that_it_does_not_use() -> None:
    """The module of Lambda, and that of EC2 which it imports, are a twentieth of what such an app takes."""
    path = str(Path(cdk_ecr_access.__file__).parents[1])
    ran = subprocess.run(  # noqa: S603 -- this interpreter and this file's own text
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {path!r}){SMALL}"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert not {"aws_cdk.aws_lambda", "aws_cdk.aws_ec2", "aws_cdk.aws_logs"} & set(ran.stdout.split())
    assert "aws_cdk.aws_iam" in ran.stdout


def test_an_aspect_in_python_finds_and_changes_the_checks_resources(stack: Stack) -> None:
    """Each is of its own class, and not the one that it was made by."""
    AccessCheck.of(stack)
    aspect = Changes()
    Aspects.of(stack).add(aspect)
    found = rendered(stack)
    assert sorted(aspect.visited) == [f"Stack/EcrAccessCheck/{name}/Resource" for name in ("Function", "Logs")]
    assert found.one("AWS::Lambda::Function")["Properties"]["ReservedConcurrentExecutions"] == 1
    assert found.one("AWS::Logs::LogGroup")["Properties"]["RetentionInDays"] == 7


def test_tags_and_boundaries_reach_the_checks_resources(stack: Stack) -> None:
    """As those of any L2."""
    AccessCheck.of(stack)
    Tags.of(stack.node.root).add("team", "platform")
    iam.PermissionsBoundary.of(stack).apply(iam.ManagedPolicy.from_aws_managed_policy_name("ReadOnlyAccess"))
    found = rendered(stack)
    for kind in ("AWS::Lambda::Function", "AWS::Logs::LogGroup", "AWS::IAM::Role"):
        assert found.one(kind)["Properties"]["Tags"] == [{"Key": "team", "Value": "platform"}]
    assert "PermissionsBoundary" in found.one("AWS::IAM::Role")["Properties"]


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("aws_lambda.CfnFunction", {"code": {"zipFile": "x"}, "role": "arn:aws:iam::111122223333:role/x"}),
        ("aws_logs.CfnLogGroup", {"retentionInDays": 1}),
    ],
)
def test_a_resource_is_handed_over_as_what_it_is(stack: Stack, kind: str, properties: dict[str, Any]) -> None:
    """Also where it is looked up by its id."""
    one = made(kind, Construct(stack, "Place"), properties)
    found = stack.node.find_child("Place").node.find_child("Resource")
    assert type(found).__name__ == kind.rpartition(".")[2]
    assert found.node.path == one.node.path


def test_the_resource_of_an_l2_is_found_and_none_of_an_import(stack: Stack) -> None:
    """What is imported renders nothing."""
    assert isinstance(resource_of(ecr.Repository(stack, "Repository")), ecr.CfnRepository)
    assert resource_of(ecr.Repository.from_repository_name(stack, "Theirs", "base")) is None


def test_resources_are_found_by_their_types(stack: Stack) -> None:
    """In the order of the tree."""
    ecr.Repository(stack, "Repository")
    iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())
    logs.LogGroup(stack, "Logs")
    found = resources_in(stack, "AWS::IAM::Role", "AWS::ECR::Repository")
    assert [type(one) for one in found] == [ecr.CfnRepository, iam.CfnRole]


def test_the_partition_of_each_region_is_the_one_that_the_cdk_knows() -> None:
    """Without its table; a Region that is not known has the stack's own, a token."""
    app = App()
    for one in RegionInfo.regions:
        stack = Stack(app, f"Of-{one.name}", env={"account": ACCOUNT, "region": one.name})
        assert registry_of(stack).partition == one.partition
    nowhere = Stack(app, "Nowhere", env={"account": ACCOUNT, "region": "eu-nowhere-1"})
    assert registry_of(nowhere).partition == nowhere.partition
