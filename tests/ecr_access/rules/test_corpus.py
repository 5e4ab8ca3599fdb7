"""Apps that work get no error: templates after public samples."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from ecr_access.documents.templates.template import Template
from ecr_access.documents.templates.text import parse_template
from ecr_access.rules.access.application import Application
from ecr_access.rules.catalogue import findings_of
from ecr_access.rules.finding import Severity
from tests.ecr_access.rules.pieces import ACCOUNT, REGION

ROOT: Final = Path(__file__).parents[3]
CORPUS: Final = Path(__file__).parent / "corpus"
SCAN, LIFECYCLE, DELETION = "no-scan", "no-lifecycle", "no-deletion-policy"
ROLE, TOKEN = "execution-role-cannot-pull", "ecr:GetAuthorizationToken"
NO_WAY: Final = "no-way-to-ecr"
WARNINGS: Final[dict[str, Counter[str]]] = {
    "agent_and_jobs_of_own_images.yaml": Counter(),
    "app_runner_from_ecr.yaml": Counter(),
    "batch_on_fargate.yaml": Counter([DELETION, "mutable-tag-pulled"]),
    "build_in_own_image.yaml": Counter(
        [*[SCAN, LIFECYCLE, DELETION, "mutable-tag-pulled"] * 2, "service-without-source"]
    ),
    "cross_account_pull.yaml": Counter([SCAN, LIFECYCLE]),
    "ecs_on_instances.yaml": Counter([SCAN, LIFECYCLE, DELETION, "mutable-tag-pulled"]),
    "eks_node_group.yaml": Counter([SCAN, LIFECYCLE, DELETION]),
    "eks_on_fargate.yaml": Counter([SCAN, LIFECYCLE, DELETION]),
    "eks_nodes_of_every_kind.yaml": Counter(),
    "elastic_beanstalk_docker.yaml": Counter([SCAN, LIFECYCLE, DELETION]),
    "fargate_behind_endpoints.yaml": Counter([SCAN, LIFECYCLE, DELETION]),
    "fargate_behind_load_balancer.yaml": Counter([SCAN, LIFECYCLE, DELETION]),
    "fargate_behind_nat_gateway.yaml": Counter(),
    "function_reads_image_labels.yaml": Counter(),
    "github_actions_pushes.yaml": Counter([SCAN, LIFECYCLE, "push-without-batch-get-image"]),
    "jenkins_on_an_instance.yaml": Counter([SCAN, LIFECYCLE]),
    "lambda_container_of_sam.yaml": Counter([LIFECYCLE, DELETION]),
    "one_off_task_with_optional_roles.yaml": Counter([SCAN, DELETION]),
    "pipeline_builds_and_deploys.yaml": Counter([SCAN, LIFECYCLE]),
    "pull_through_cache.yaml": Counter(),
    "registry_that_replicates.yaml": Counter(),
    "repository_denies_all_but_ci.yaml": Counter(),
    "sagemaker_model.yaml": Counter([LIFECYCLE, DELETION, "mutable-tag-pulled"]),
    "scan_findings_to_topic.yaml": Counter([LIFECYCLE, DELETION]),
    "serverless_framework_output.json": Counter(),
    "services_of_nested_stacks.yaml": Counter([LIFECYCLE, DELETION]),
    "state_machine_runs_task.json": Counter([SCAN, LIFECYCLE, "mutable-tag-pulled"]),
    "task_on_instances_or_fargate.yaml": Counter([SCAN, LIFECYCLE, DELETION]),
}


def found_in(application: Application) -> dict[Severity, Counter[str]]:
    """How often each rule is broken."""
    found: dict[Severity, Counter[str]] = {one: Counter() for one in Severity}
    for rule, _ in findings_of(application):
        found[rule.severity][rule.id] += 1
    return found


@pytest.mark.parametrize(("account", "region"), [("", ""), (ACCOUNT, REGION), (ACCOUNT, ""), ("", "cn-north-1")])
@pytest.mark.parametrize("name", sorted(WARNINGS))
def test_a_sample_has_no_error_and_these_warnings(name: str, account: str, region: str) -> None:
    """Wherever it is deployed, known or not; a Region that it names is the one."""
    text = CORPUS.joinpath(name).read_text(encoding="utf-8")
    document = parse_template(text.replace(REGION, region or REGION)).value
    found = found_in(Application([Template(name, document, account, region)]))
    assert found[Severity.ERROR] == Counter()
    assert found[Severity.WARNING] == WARNINGS[name]


def test_all_samples_are_tried() -> None:
    """And are more than ten."""
    assert {one.name for one in CORPUS.iterdir()} == WARNINGS.keys()
    assert len(WARNINGS) > 10


@pytest.mark.parametrize(
    ("name", "piece", "other", "rules"),
    [
        ("agent_and_jobs_of_own_images.yaml", "repository/agents/*", "repository/agent/*", [ROLE]),
        ("agent_and_jobs_of_own_images.yaml", "bedrock-agentcore.amaz", "bedrock.amaz", ["puller-not-trusted"]),
        ("agent_and_jobs_of_own_images.yaml", "AmazonSageMakerFullAccess", "AmazonSageMakerReadOnly", [ROLE]),
        (
            "agent_and_jobs_of_own_images.yaml",
            "emr-serverless.amazonaws.com",
            "elasticmapreduce.amazonaws.com",
            ["emr-serverless-not-allowed"],
        ),
        ("batch_on_fargate.yaml", "ExecutionRoleArn:", "JobRoleArn:", [ROLE]),
        ("batch_on_fargate.yaml", "ecs-tasks.amazonaws.com", "batch.amazonaws.com", ["puller-not-trusted"]),
        (
            "build_in_own_image.yaml",
            "Principal: {Service: codebuild.amazonaws.com}\n            Action",
            "Principal: {Service: codepipeline.amazonaws.com}\n            Action",
            ["codebuild-not-allowed"],
        ),
        ("build_in_own_image.yaml", TOKEN, "ecr:DescribeImages", ["token-missing", ROLE]),
        ("cross_account_pull.yaml", "aws:PrincipalOrgID", "aws:UserAgent", ["open-to-everybody"]),
        (
            "eks_on_fargate.yaml",
            "AmazonEKSFargatePodExecutionRolePolicy",
            "AmazonEKSWorkerNodeMinimalPolicy",
            ["token-missing"],
        ),
        ("fargate_behind_endpoints.yaml", "starport-layer-bucket", "own-bucket", ["endpoint-policy"]),
        ("fargate_behind_endpoints.yaml", 'ecr:PutImage", Resource: "*"', 'ecr:*", Resource: "*"', ["endpoint-policy"]),
        ("fargate_behind_endpoints.yaml", "PrivateDnsEnabled: true", "PrivateDnsEnabled: false", [NO_WAY]),
        ("fargate_behind_endpoints.yaml", "RouteTableIds: [!Ref Table]", "RouteTableIds: []", [NO_WAY]),
        ("fargate_behind_endpoints.yaml", ", EnableDnsHostnames: true", "", [NO_WAY]),
        ("fargate_behind_nat_gateway.yaml", "NatGatewayId: !Ref Nat", "GatewayId: !Ref Internet", [NO_WAY]),
        ("fargate_behind_nat_gateway.yaml", "AssignPublicIp: ENABLED", "AssignPublicIp: DISABLED", [NO_WAY]),
        (
            "fargate_behind_load_balancer.yaml",
            "AmazonECSTaskExecutionRolePolicy",
            "AWSLambdaBasicExecutionRole",
            [ROLE],
        ),
        ("function_reads_image_labels.yaml", "lambda.amazonaws.com", "ecs-tasks.amazonaws.com", ["token-missing"]),
        ("github_actions_pushes.yaml", f'Action: "{TOKEN}"', 'Action: "ecr:ListImages"', ["token-missing"]),
        ("jenkins_on_an_instance.yaml", 'Resource: ["*"]', "Resource: []", ["token-missing", "token-on-resource"]),
        ("lambda_container_of_sam.yaml", "Uri}:resize-1", "Uri}", ["lambda-image"]),
        ("pipeline_builds_and_deploys.yaml", TOKEN, "ecr:DescribeImages", ["token-missing"]),
        ("pull_through_cache.yaml", "ecr-public/nginx", "nginx", ["image-repository-unknown"]),
        ("pull_through_cache.yaml", "Name: ecr-pullthroughcache/hub", "Name: hub", ["pull-through-cache"]),
        ("pull_through_cache.yaml", "CredentialArn: !Ref Credential", "", ["pull-through-cache"]),
        ("pull_through_cache.yaml", "CustomRoleArn: !GetAtt UpstreamRole.Arn", "", ["pull-through-cache"]),
        ("repository_denies_all_but_ci.yaml", "Type: ECR}", "Type: ECR_PUBLIC}", ["app-runner-source"]),
        (
            "registry_that_replicates.yaml",
            '!Sub "arn:${AWS::Partition}:iam::${Source}:root"',
            '"*"',
            ["open-to-everybody"],
        ),
        ("serverless_framework_output.json", "dkr.ecr.eu-west-1", "dkr.ecr.us-east-1", ["lambda-image"]),
        ("services_of_nested_stacks.yaml", ", !Ref WorkerRole", "", ["token-missing"]),
        ("state_machine_runs_task.json", TOKEN, "ecr:DescribeImages", ["token-missing", ROLE]),
        ("task_on_instances_or_fargate.yaml", "[EC2, FARGATE]", "[FARGATE]", [ROLE]),
    ],
)
def test_a_sample_that_is_broken_has_one(name: str, piece: str, other: str, rules: list[str]) -> None:
    """They are no templates of which nothing can be said."""
    text = CORPUS.joinpath(name).read_text(encoding="utf-8")
    assert piece in text
    application = Application([Template(name, parse_template(text.replace(piece, other)).value, ACCOUNT, REGION)])
    assert sorted(found_in(application)[Severity.ERROR]) == sorted(rules)
