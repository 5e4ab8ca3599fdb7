"""Apps that work get no error: templates after public samples, and every app of this repository."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from aws_cdk import App
from aws_cdk import aws_iam as iam

from app import build as build_declared
from cdk_ecr_access.rules.access.application import Application
from cdk_ecr_access.rules.catalogue import findings_of
from cdk_ecr_access.rules.finding import Severity
from cdk_ecr_access.rules.templates.template import Template
from cdk_ecr_access.rules.terminal.read import parse, read
from examples import principals
from examples.cdk_pipelines import pipeline
from examples.github_actions import registry
from examples.services import services
from tests.rules.pieces import ACCOUNT, REGION

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT: Final = Path(__file__).parents[2]
CORPUS: Final = Path(__file__).parent / "corpus"
SCAN, LIFECYCLE, DELETION = "no-scan", "no-lifecycle", "no-deletion-policy"
ROLE, TOKEN = "execution-role-cannot-pull", "ecr:GetAuthorizationToken"
WARNINGS: Final[dict[str, Counter[str]]] = {
    "app_runner_from_ecr.yaml": Counter(),
    "batch_on_fargate.yaml": Counter([DELETION, "mutable-tag-pulled"]),
    "build_in_own_image.yaml": Counter(
        [*[SCAN, LIFECYCLE, DELETION, "mutable-tag-pulled"] * 2, "service-without-source"]
    ),
    "cross_account_pull.yaml": Counter([SCAN, LIFECYCLE]),
    "ecs_on_instances.yaml": Counter([SCAN, LIFECYCLE, DELETION, "mutable-tag-pulled"]),
    "eks_node_group.yaml": Counter([SCAN, LIFECYCLE, DELETION]),
    "eks_on_fargate.yaml": Counter([SCAN, LIFECYCLE, DELETION]),
    "elastic_beanstalk_docker.yaml": Counter([SCAN, LIFECYCLE, DELETION]),
    "fargate_behind_load_balancer.yaml": Counter([SCAN, LIFECYCLE, DELETION]),
    "function_reads_image_labels.yaml": Counter(),
    "github_actions_pushes.yaml": Counter([SCAN, LIFECYCLE, "push-without-batch-get-image"]),
    "jenkins_on_an_instance.yaml": Counter([SCAN, LIFECYCLE]),
    "lambda_container_of_sam.yaml": Counter([LIFECYCLE, DELETION]),
    "one_off_task_with_optional_roles.yaml": Counter([SCAN, DELETION]),
    "pipeline_builds_and_deploys.yaml": Counter([SCAN, LIFECYCLE]),
    "pull_through_cache.yaml": Counter(),
    "registry_that_replicates.yaml": Counter(),
    "sagemaker_model.yaml": Counter([LIFECYCLE, DELETION]),
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
    """Wherever it is deployed, known or not."""
    document = parse(CORPUS.joinpath(name).read_text(encoding="utf-8"))
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
        ("batch_on_fargate.yaml", "ExecutionRoleArn:", "JobRoleArn:", [ROLE]),
        ("build_in_own_image.yaml", TOKEN, "ecr:DescribeImages", ["token-missing", ROLE]),
        ("cross_account_pull.yaml", "aws:PrincipalOrgID", "aws:UserAgent", ["open-to-everybody"]),
        (
            "eks_on_fargate.yaml",
            "AmazonEKSFargatePodExecutionRolePolicy",
            "AmazonEKSWorkerNodeMinimalPolicy",
            ["token-missing"],
        ),
        (
            "fargate_behind_load_balancer.yaml",
            "AmazonECSTaskExecutionRolePolicy",
            "AWSLambdaBasicExecutionRole",
            [ROLE],
        ),
        ("function_reads_image_labels.yaml", "lambda.amazonaws.com", "ecs-tasks.amazonaws.com", ["token-missing"]),
        ("github_actions_pushes.yaml", f'Action: "{TOKEN}"', 'Action: "ecr:ListImages"', ["token-missing"]),
        ("jenkins_on_an_instance.yaml", 'Resource: ["*"]', "Resource: []", ["token-missing", "token-on-resource"]),
        ("pipeline_builds_and_deploys.yaml", TOKEN, "ecr:DescribeImages", ["token-missing"]),
        ("pull_through_cache.yaml", "ecr-public/nginx", "nginx", ["image-repository-unknown"]),
        (
            "registry_that_replicates.yaml",
            '!Sub "arn:${AWS::Partition}:iam::${Source}:root"',
            '"*"',
            ["open-to-everybody"],
        ),
        ("services_of_nested_stacks.yaml", ", !Ref WorkerRole", "", ["token-missing"]),
        ("state_machine_runs_task.json", TOKEN, "ecr:DescribeImages", ["token-missing", ROLE]),
        ("task_on_instances_or_fargate.yaml", "[EC2, FARGATE]", "[FARGATE]", [ROLE]),
    ],
)
def test_a_sample_that_is_broken_has_one(name: str, piece: str, other: str, rules: list[str]) -> None:
    """They are no templates of which nothing can be said."""
    text = CORPUS.joinpath(name).read_text(encoding="utf-8")
    assert piece in text
    application = Application([Template(name, parse(text.replace(piece, other)), ACCOUNT, REGION)])
    assert sorted(found_in(application)[Severity.ERROR]) == sorted(rules)


@pytest.fixture
def _in_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run where the CDK CLI runs: the manifest is named relative to cdk.json."""
    monkeypatch.chdir(ROOT)


def declared(app: App) -> None:
    """app.py."""
    build_declared(app)


def denied(app: App) -> None:
    """The app of the walkthrough that takes a token away."""
    role = next(iter(build_declared(app).declared.roles.values()))
    role.add_to_policy(iam.PolicyStatement(effect=iam.Effect.DENY, actions=[TOKEN], resources=["*"]))


@pytest.mark.parametrize("build", [declared, principals.images, pipeline.build, registry.build, services.build])
@pytest.mark.usefixtures("_in_the_checkout")
def test_the_apps_of_this_repository_have_no_error(build: Callable[[App], object], tmp_path: Path) -> None:
    """Their whole assemblies, stages and nested stacks among them."""
    assert errors_of(build, tmp_path) == Counter()


@pytest.mark.usefixtures("_in_the_checkout")
def test_the_one_that_takes_a_token_away_has_that_error(tmp_path: Path) -> None:
    """It is there to be refused."""
    assert errors_of(denied, tmp_path) == Counter({"token-missing": 1})


def errors_of(build: Callable[[App], object], tmp_path: Path) -> Counter[str]:
    """What is found in an app of this repository."""
    settings = json.loads(ROOT.joinpath("cdk.json").read_text(encoding="utf-8"))
    app = App(outdir=str(tmp_path), context=settings["context"])
    build(app)
    app.synth()
    sources, wrong = read([str(tmp_path)])
    assert not wrong
    assert sources
    return found_in(Application([one.template for one in sources]))[Severity.ERROR]
