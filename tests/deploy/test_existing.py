"""Repositories that an app does not declare, and policies that are not what an app declares.

The embedded cloud keeps repositories and their policies as ECR does. It stands for a policy that an import dropped, or
that another team overwrote: AWS has been seen to drop it, the embedded cloud does not, so that the test takes it away.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ecr_access.local_cloud import LocalCloud
    from tests.deploy.conftest import Deployment

pytestmark = pytest.mark.local_cloud

_OTHER = "444455556666"
_PULL = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
# https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEC2ContainerRegistryPullOnly.html
_PULL_ONLY = ["ecr:GetAuthorizationToken", *_PULL, "ecr:BatchImportUpstreamImage"]


@pytest.fixture(scope="module")
def existing(local_cloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Deployment]:
    """Make deployments of the app, each a stack of its own name."""
    from tests.deploy.conftest import Deployment

    def made(name: str) -> Deployment:
        folder: Path = tmp_path_factory.mktemp(name)
        return Deployment(local_cloud, "existing.py", folder, name)

    return made


def test_a_repository_of_another_team_is_used(existing: Callable[[str], Deployment]) -> None:
    """It is looked up, and a role of this stack may pull from it."""
    deployment = existing("Used")
    deployment.cloud.client("ecr").create_repository(repositoryName="used/base")
    outcome = deployment.deploy(base="used/base")
    assert outcome.code == 0, outcome.text
    puller = deployment.output("PullerArn")
    found = {(one["principal"], one["access"], one["verdict"]) for one in deployment.findings()}
    assert {(puller, "TOKEN", "allowed"), (puller, "PULL", "allowed")} <= found


def test_a_missing_repository_of_another_team_fails_the_deployment(existing: Callable[[str], Deployment]) -> None:
    """With its registry, its Region and the nearest name."""
    deployment = existing("Lost")
    deployment.cloud.client("ecr").create_repository(repositoryName="lost/base")
    outcome = deployment.deploy(base="lost/bsae")
    assert outcome.code == 1
    assert "no repository of that name in the registry of account 000000000000 in us-east-1" in outcome.words
    assert 'closest: "lost/base"' in outcome.words


def test_a_policy_that_is_said_to_cover_a_grant_is_proved_to(existing: Callable[[str], Deployment]) -> None:
    """Without the statement the deployment fails, with it it succeeds."""
    deployment = existing("Covered")
    ecr = deployment.cloud.client("ecr")
    ecr.create_repository(repositoryName="covered/base")
    outcome = deployment.deploy(base="covered/base", trusted=_OTHER)
    assert outcome.code == 1
    assert f"{_OTHER} may not" in outcome.words
    statement = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{_OTHER}:root"}, "Action": _PULL}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    ecr.set_repository_policy(repositoryName="covered/base", policyText=policy)
    assert deployment.destroy().code == 0
    outcome = deployment.deploy(base="covered/base", trusted=_OTHER)
    assert outcome.code == 0, outcome.text


def test_a_node_role_pulls_by_the_policy_that_aws_has_for_nodes(existing: Callable[[str], Deployment]) -> None:
    """The embedded cloud has no AmazonEC2ContainerRegistryPullOnly: a policy with its document stands for it."""
    deployment = existing("Node")
    deployment.cloud.client("ecr").create_repository(repositoryName="node/base")
    statement = {"Effect": "Allow", "Action": _PULL_ONLY, "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    made = deployment.cloud.client("iam").create_policy(PolicyName="pull-only", PolicyDocument=document)
    outcome = deployment.deploy(base="node/base", node=made["Policy"]["Arn"])
    assert outcome.code == 0, outcome.text
    node = deployment.output("NodeArn")
    found = {(one["access"], one["verdict"]) for one in deployment.findings() if one["principal"] == node}
    assert found == {("TOKEN", "allowed"), ("PULL", "allowed")}


def test_the_statement_that_lambda_writes_by_itself_is_enough(existing: Callable[[str], Deployment]) -> None:
    """It is broader than what a grant would render, and differently written."""
    deployment = existing("Function")
    ecr = deployment.cloud.client("ecr")
    ecr.create_repository(repositoryName="function/base")
    statement = {
        "Sid": "LambdaECRImageRetrievalPolicy",
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": [*_PULL, *(f"ecr:{verb}RepositoryPolicy" for verb in ("Set", "Delete", "Get"))],
        "Condition": {"StringLike": {"aws:sourceArn": "arn:aws:lambda:us-east-1:000000000000:function:*"}},
    }
    policy = json.dumps({"Version": "2008-10-17", "Statement": [statement]})
    ecr.set_repository_policy(repositoryName="function/base", policyText=policy)
    outcome = deployment.deploy(base="function/base", function="1")
    assert outcome.code == 0, outcome.text
    found = {(one["principal"], one["access"], one["verdict"]) for one in deployment.findings()}
    assert ("lambda.amazonaws.com", "LAMBDA_PULL", "allowed") in found


def test_a_declared_policy_that_is_gone_fails_the_next_deployment(existing: Callable[[str], Deployment]) -> None:
    """The template says that it is there, so that CloudFormation would never put it back."""
    deployment = existing("Dropped")
    outcome = deployment.deploy(declared="1")
    assert outcome.code == 0, outcome.text
    deployment.cloud.client("ecr").delete_repository_policy(repositoryName="dropped/app")
    deployment.cloud.client("ecr").create_repository(repositoryName="dropped/base")
    outcome = deployment.deploy(declared="1", base="dropped/base")
    assert outcome.code == 1
    assert "dropped/app is not the declared one: it lacks" in outcome.words
    assert "aws ecr set-repository-policy" in outcome.words
    outcome = deployment.deploy(declared="1", base="dropped/base", sid="Again")
    assert outcome.code == 0, outcome.text
