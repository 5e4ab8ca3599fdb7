"""``execution-role-cannot-pull``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam

from cdk_ecr_access import AccessibleRepository
from ecr_access.documents.templates.template import Template, listed
from ecr_access.rules.access.application import Application
from ecr_access.rules.checks.execution_role_cannot_pull import RULE
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import (
    ACCOUNT,
    NOTHING,
    OTHER,
    OTHER_ROOT,
    PARAMETER,
    PULL,
    REGION,
    WEB,
    WEB_URI,
    allow,
    repository,
    role,
    synthesized,
)

if TYPE_CHECKING:
    from aws_cdk import App, Stack

TOKEN = "ecr:GetAuthorizationToken"  # noqa: S105 -- an action
ROLE = {"Fn::GetAtt": ["Role", "Arn"]}
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/ci"
MAY_TOKEN = allow(TOKEN, Resource="*")
MAY_PULL = allow(PULL, Resource=WEB)
EXECUTION = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
POLICIES = {
    "AWS::AppRunner::Service": "service-role/AWSAppRunnerServicePolicyForECRAccess",
    "AWS::BedrockAgentCore::Runtime": "AmazonEC2ContainerRegistryPullOnly",
    "AWS::CodeBuild::Project": "AmazonEC2ContainerRegistryPullOnly",
    "AWS::SageMaker::Model": "AmazonEC2ContainerRegistryPullOnly",
}
ECS = "ecs.ContainerImage.from_ecr_repository(repository) or "
CALLS = {
    "AWS::AppRunner::Service": "",
    "AWS::BedrockAgentCore::Runtime": "bedrockagentcore.AgentRuntimeArtifact.from_ecr_repository(repository) or ",
    "AWS::SageMaker::Model": "",
    "AWS::CodeBuild::Project": "codebuild.LinuxBuildImage.from_ecr_repository(repository) or ",
}


def ecs_task(execution: object = ROLE, image: object = WEB_URI, on: object = "FARGATE") -> dict[str, Any]:
    """A task of ECS."""
    properties = {
        "RequiresCompatibilities": [on],
        "ExecutionRoleArn": execution,
        "ContainerDefinitions": [{"Image": image}, {"Image": "public.ecr.aws/nginx/nginx"}, {"Image": image}],
    }
    return {"Type": "AWS::ECS::TaskDefinition", "Properties": properties}


def batch(execution: object = ROLE, on: str = "FARGATE") -> dict[str, Any]:
    """A job definition."""
    container = {"Image": WEB_URI, **({} if execution == NOTHING else {"ExecutionRoleArn": execution})}
    properties = {"PlatformCapabilities": [on], "ContainerProperties": container}
    return {"Type": "AWS::Batch::JobDefinition", "Properties": properties}


def apprunner(access: object = ROLE, authentication: object = None) -> dict[str, Any]:
    """A service of App Runner."""
    source: dict[str, Any] = {"ImageRepository": {"ImageIdentifier": WEB_URI, "ImageRepositoryType": "ECR"}}
    if access != NOTHING:
        source["AuthenticationConfiguration"] = authentication or {"AccessRoleArn": access}
    return {"Type": "AWS::AppRunner::Service", "Properties": {"SourceConfiguration": source}}


def codebuild(credentials: str = "SERVICE_ROLE") -> dict[str, Any]:
    """A project that builds in the image."""
    environment = {"Image": WEB_URI, "ImagePullCredentialsType": credentials}
    return {"Type": "AWS::CodeBuild::Project", "Properties": {"Environment": environment, "ServiceRole": ROLE}}


def agent() -> dict[str, Any]:
    """An agent of AgentCore."""
    artifact = {"ContainerConfiguration": {"ContainerUri": WEB_URI}}
    return {
        "Type": "AWS::BedrockAgentCore::Runtime",
        "Properties": {"AgentRuntimeArtifact": artifact, "RoleArn": ROLE},
    }


def model(image: object = WEB_URI) -> dict[str, Any]:
    """A model of SageMaker."""
    properties = {"PrimaryContainer": {"Image": image}, "ExecutionRoleArn": ROLE}
    return {"Type": "AWS::SageMaker::Model", "Properties": properties}


CONSUMERS = [
    *(ecs_task(), ecs_task(on="MANAGED_INSTANCES"), ecs_task(on="EXTERNAL")),
    *(batch(), apprunner(), codebuild(), agent(), model()),
]


def app_with(*statements: object, consumer: dict[str, Any] | None = None, **more: Any) -> Application:
    """An app of the repository, a role of some statements, and who runs the image."""
    resources = {"Web": repository(), "Role": role(*statements), "It": consumer or ecs_task()}
    return app_of({**resources, **more})


@pytest.mark.parametrize("consumer", CONSUMERS)
@pytest.mark.parametrize(
    ("statements", "lacking"),
    [
        ([], "ecr:BatchGetImage and ecr:GetDownloadUrlForLayer and ecr:GetAuthorizationToken on '*'"),
        ([MAY_TOKEN], "ecr:BatchGetImage and ecr:GetDownloadUrlForLayer"),
        ([MAY_PULL], "ecr:GetAuthorizationToken on '*'"),
        ([MAY_TOKEN, allow(PULL[0], Resource=WEB)], "ecr:GetDownloadUrlForLayer"),
        ([MAY_TOKEN, allow(PULL, Resource=f"{WEB}-other")], "ecr:BatchGetImage and ecr:GetDownloadUrlForLayer"),
    ],
)
def test_a_role_that_lacks_something_is_reported(consumer: Any, statements: list[Any], lacking: str) -> None:
    """Once for an image, whoever runs it, with what it lacks."""
    kind = consumer["Type"]
    assert findings(RULE, app_with(*statements, consumer=consumer)) == [
        f"role ci pulls '{WEB_URI}', but may not {lacking}: the pull ends in 403; fix: add "  # noqa: ISC004
        f"'arn:aws:iam::aws:policy/{POLICIES.get(kind, EXECUTION.partition('/')[2])}' to the ManagedPolicyArns of the "
        f"role; in the CDK, {CALLS.get(kind, ECS)}repository.grant_pull(role) grants the pull"
    ]


@pytest.mark.parametrize("name", ["ci", {"Ref": "Role"}])
def test_a_role_may_be_named_without_its_arn(name: object) -> None:
    """As Ref returns it."""
    assert len(findings(RULE, app_with(consumer=ecs_task(name)))) == 1
    assert findings(RULE, app_with(MAY_TOKEN, MAY_PULL, consumer=ecs_task(name))) == []


@pytest.mark.parametrize("consumer", CONSUMERS)
def test_one_that_may_is_not(consumer: dict[str, Any]) -> None:
    """By its own statements."""
    assert findings(RULE, app_with(MAY_TOKEN, MAY_PULL, consumer=consumer)) == []


@pytest.mark.parametrize(
    "made",
    [
        role(ManagedPolicyArns=[EXECUTION]),
        role(ManagedPolicyArns=["arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly"]),
        role(ManagedPolicyArns=[PARAMETER]),
        role(ManagedPolicyArns=[f"arn:aws:iam::{ACCOUNT}:policy/own"]),
        role(allow("ecr:*", Resource="*")),
        role(MAY_TOKEN, allow(PULL, Resource=PARAMETER)),
        role(MAY_TOKEN, allow(PULL, Resource=WEB, Condition={"Bool": {"aws:SecureTransport": "true"}})),
        role({"Fn::If": ["A", allow("*", Resource="*"), NOTHING]}),
    ],
)
def test_one_that_does_or_may_by_other_policies_is_not(made: dict[str, Any]) -> None:
    """Managed ones, and what only the deployment knows."""
    assert findings(RULE, app_with(Role=made)) == []


@pytest.mark.parametrize("consumer", [ecs_task(PARAMETER), ecs_task(f"{ROLE_ARN}-2"), codebuild("CODEBUILD")])
def test_a_role_that_is_not_of_the_app_is_not(consumer: dict[str, Any]) -> None:
    """Nor one that does not pull."""
    assert findings(RULE, app_with(consumer=consumer)) == []


def test_an_image_of_sagemaker_of_another_account_may_be_of_aws() -> None:
    """Which has an account in each Region for its algorithms; one that the app declares is its own."""
    foreign = model(WEB_URI.replace(ACCOUNT, OTHER))
    assert findings(RULE, app_with(consumer=foreign)) == []
    there = Template("web.json", {"Resources": {"Web": repository()}}, OTHER, REGION)
    here = Template("it.json", {"Resources": {"Role": role(), "It": foreign}}, ACCOUNT, REGION)
    assert len(findings(RULE, Application([there, here]))) == 1


@pytest.mark.parametrize("consumer", [ecs_task(on="EC2"), ecs_task(on=PARAMETER), batch(on="EC2")])
def test_on_an_instance_the_role_of_the_instance_pulls(consumer: dict[str, Any]) -> None:
    """Or may, so that nothing is said of the execution role."""
    assert findings(RULE, app_with(consumer=consumer)) == []


@pytest.mark.parametrize(
    ("launch", "definition", "count"),
    [
        ("FARGATE", {"Ref": "It"}, 1),
        ("EC2", {"Ref": "It"}, 0),
        (PARAMETER, {"Ref": "It"}, 0),
        ("FARGATE", {"Ref": "Another"}, 0),
        ("FARGATE", PARAMETER, 0),
    ],
)
def test_a_task_that_does_not_say_where_it_runs_is_run_by_its_service(
    launch: object, definition: object, count: int
) -> None:
    """On Fargate, if that says so."""
    properties = {"LaunchType": launch, "TaskDefinition": definition}
    service = {"Type": "AWS::ECS::Service", "Properties": properties}
    made = ecs_task()
    del made["Properties"]["RequiresCompatibilities"]
    assert len(findings(RULE, app_with(consumer=made, Service=service))) == count
    assert findings(RULE, app_with(consumer=ecs_task(on="EC2"), Service=service)) == []


@pytest.mark.parametrize(
    ("statement", "count"),
    [
        (allow(PULL, Principal={"AWS": ROLE_ARN}), 0),
        (allow(PULL, Principal={"AWS": ROLE}), 0),
        (allow(PULL, Principal="*"), 0),
        (allow(PULL, Principal={"AWS": PARAMETER}), 0),
        (allow("ecr:*", Principal={"AWS": ROLE_ARN}, Condition={"Bool": {"aws:SecureTransport": "true"}}), 0),
        ({"Effect": "Allow", "NotAction": "ecr:PutImage", "NotPrincipal": {"AWS": OTHER_ROOT}}, 0),
        ({"Fn::If": ["A", NOTHING, NOTHING]}, 0),
        (allow(PULL, Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"}), 1),
        (allow(PULL, Principal={"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}}), 1),
        (allow(PULL, Principal={"Service": "ecs-tasks.amazonaws.com"}), 1),
        (allow(PULL, "Deny", Principal={"AWS": ROLE_ARN}), 1),
        (allow("ecr:PutImage", Principal={"AWS": ROLE_ARN}), 1),
    ],
)
def test_the_policy_of_the_repository_may_allow_the_pull(statement: dict[str, Any], count: int) -> None:
    """To the role, not to its account alone, nor to the service."""
    assert len(findings(RULE, app_with(MAY_TOKEN, Web=repository(statement)))) == count


def test_it_never_allows_the_token() -> None:
    """That is the identity's."""
    (found,) = findings(RULE, app_with(Web=repository(allow([*PULL, TOKEN], Principal={"AWS": ROLE_ARN}))))
    assert f"but may not {TOKEN} on '*': the pull" in found


def test_a_repository_that_is_not_declared_may_have_such_a_policy() -> None:
    """But the token is still the role's."""
    assert findings(RULE, app_of({"Role": role(MAY_TOKEN), "It": ecs_task()})) == []
    assert len(findings(RULE, app_of({"Role": role(), "It": ecs_task()}))) == 1


def across(*statements: object, allowed: object) -> list[str]:
    """What is found of a role of some statements that pulls from another account, whose policy allows something."""
    here = Template("web.json", {"Resources": {"Web": repository(*listed(allowed))}}, ACCOUNT, REGION)
    there = Template("it.json", {"Resources": {"Role": role(*statements), "It": ecs_task()}}, OTHER, REGION)
    return findings(RULE, Application([here, there]))


def test_from_another_account_both_sides_must_allow() -> None:
    """So the role lacks it whatever the repository says."""
    assert len(across(MAY_TOKEN, allowed=allow(PULL, Principal={"AWS": f"arn:aws:iam::{OTHER}:role/ci"}))) == 1


def test_that_a_repository_lets_the_account_in_is_not_demanded() -> None:
    """The policy of its registry may, which is often another app's."""
    assert across(MAY_TOKEN, MAY_PULL, allowed=[]) == []


@pytest.mark.parametrize(
    ("statement", "count"),
    [
        (allow(PULL, Principal={"AWS": ROLE_ARN}, Resource="*"), 0),
        ({"Fn::If": ["A", NOTHING, NOTHING]}, 0),
        (allow("ecr:ReplicateImage", Principal={"AWS": OTHER_ROOT}, Resource="*"), 1),
    ],
)
def test_the_policy_of_the_registry_may_allow_the_pull(statement: dict[str, Any], count: int) -> None:
    """As that of the repository."""
    registry = {"Type": "AWS::ECR::RegistryPolicy", "Properties": {"PolicyText": {"Statement": [statement]}}}
    assert len(findings(RULE, app_with(MAY_TOKEN, Registry=registry))) == count
    unknown = {**registry, "Properties": {"PolicyText": PARAMETER}}
    assert findings(RULE, app_with(MAY_TOKEN, Registry=unknown)) == []


def test_what_a_role_is_denied_it_lacks() -> None:
    """Whatever else allows it, and the fix is there."""
    denied = allow(PULL[0], "Deny", Resource="*")
    (found,) = findings(RULE, app_with(allow("ecr:*", Resource="*"), denied))
    assert f"but may not {PULL[0]}: the pull ends in 403" in found
    assert found.endswith(
        f"leave {PULL[0]} out of what the statement Role.Properties.Policies[0].PolicyDocument.Statement[1] denies"
    )


@pytest.mark.parametrize("more", [{"Resource": PARAMETER}, {"Resource": "*", "Condition": {"Bool": {"a": "b"}}}])
def test_what_it_is_denied_perhaps_it_may_have(more: dict[str, Any]) -> None:
    """On another repository, or in another case."""
    assert findings(RULE, app_with(allow("ecr:*", Resource="*"), allow(PULL, "Deny", **more))) == []


@pytest.mark.parametrize(
    ("consumer", "name"),
    [
        (ecs_task(NOTHING), "ExecutionRoleArn"),
        (batch(NOTHING), "ExecutionRoleArn"),
        (apprunner(NOTHING), "AuthenticationConfiguration.AccessRoleArn"),
    ],
)
def test_without_a_role_nobody_can_pull_on_fargate(consumer: dict[str, Any], name: str) -> None:
    """There is no instance."""
    (found,) = findings(RULE, app_of({"Web": repository(), "It": consumer}))
    assert found.endswith(
        f" 'It' runs '{WEB_URI}' without {name}: no role pulls it, as there is no instance whose role would; fix: set "
        f"{name} to a role that may ecr:GetAuthorizationToken on '*' and pull from 'web'"
    )


@pytest.mark.parametrize(
    "consumer",
    [
        ecs_task(NOTHING, on="EC2"),
        ecs_task(NOTHING, on=PARAMETER),
        batch(NOTHING, on="EC2"),
        ecs_task(NOTHING, "nginx"),
        ecs_task({"Fn::If": ["A", ROLE, NOTHING]}),
        apprunner(authentication={"Fn::If": ["A", {"AccessRoleArn": ROLE}, NOTHING]}),
    ],
)
def test_elsewhere_it_is_not_needed(consumer: dict[str, Any]) -> None:
    """On an instance, for a public image, or if the deployment may set it."""
    assert findings(RULE, app_of({"Web": repository(), "It": consumer})) == []


def test_what_may_run_on_an_instance_too_is_pulled_by_whatever_role_it_has_there() -> None:
    """The execution role may be for secrets alone; but for Fargate none at all is refused."""
    both, none = ecs_task(), ecs_task(NOTHING)
    both["Properties"]["RequiresCompatibilities"] = none["Properties"]["RequiresCompatibilities"] = ["EC2", "FARGATE"]
    assert findings(RULE, app_with(consumer=both)) == []
    assert len(findings(RULE, app_with(consumer=none))) == 1
    none["Properties"]["RequiresCompatibilities"] = ["EC2", "EXTERNAL"]
    assert findings(RULE, app_with(consumer=none)) == []


def test_a_macro_may_set_the_role() -> None:
    """Of the template, or of the task."""
    include = {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://bucket/task.yaml"}}}
    without = ecs_task(NOTHING)
    assert findings(RULE, app_of({"Resources": {"It": without}, "Transform": ["Defaults"]})) == []
    without["Properties"] |= include
    assert findings(RULE, app_of({"It": without})) == []


def test_the_cdk_makes_no_role_for_a_uri_written_by_hand(app: App, stack: Stack) -> None:
    """And one that may pull for a repository."""
    web = ecr.Repository(stack, "Web", repository_name="web")
    api = AccessibleRepository(stack, "Api", repository_name="api")
    by_hand = ecs.FargateTaskDefinition(stack, "ByHand")
    by_hand.add_container("Web", image=ecs.ContainerImage.from_registry(web.repository_uri_for_tag("1.0")))
    for repo in (web, api):
        definition = ecs.FargateTaskDefinition(stack, f"{repo.node.id}Task")
        definition.add_container("Web", image=ecs.ContainerImage.from_ecr_repository(repo, "1.0"))
    (found,) = RULE.check(synthesized(app))
    assert found.resource.logical_id.startswith("ByHand")
    assert "without ExecutionRoleArn" in found.text


@pytest.mark.parametrize(("account", "count"), [(ACCOUNT, 1), (OTHER, 0)])
def test_a_role_that_is_named_is_one_of_its_own_account(account: str, count: int) -> None:
    """Another account may have one of that name."""
    here = Template("role.json", {"Resources": {"Web": repository(), "Role": role()}}, ACCOUNT, REGION)
    there = Template("task.json", {"Resources": {"It": ecs_task("ci")}}, account, REGION)
    assert len(findings(RULE, Application([here, there]))) == count


def test_what_its_permissions_boundary_leaves_out_it_lacks() -> None:
    """Whatever else allows it, but for the repository's own policy."""
    boundary = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": {"Statement": MAY_TOKEN}}}
    bounded = role(allow("ecr:*", Resource="*"), PermissionsBoundary={"Ref": "Boundary"})
    (found,) = findings(RULE, app_with(Role=bounded, Boundary=boundary))
    assert found.endswith(
        "ecr:GetDownloadUrlForLayer: the pull ends in 403; fix: allow the actions in the role's permissions "
        "boundary too"
    )
    # A role that is named by its ARN is limited by its boundary; a session that is named is not.
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/ci/one"
    for principal, count in ((ROLE_ARN, 1), ("*", 0), (session, 0)):
        web = repository(allow(PULL, Principal={"AWS": principal}))
        assert len(findings(RULE, app_with(Role=bounded, Boundary=boundary, Web=web))) == count


def test_an_agent_of_the_cdk_may_pull_but_by_a_uri_written_by_hand(app: App, stack: Stack) -> None:
    """The CDK grants the pull to the role, also to one that is given to it."""
    web = ecr.Repository(stack, "Web", repository_name="web")
    artifacts = {
        "Made": agentcore.AgentRuntimeArtifact.from_ecr_repository(web, "1"),
        "ByHand": agentcore.AgentRuntimeArtifact.from_image_uri(web.repository_uri_for_tag("1")),
    }
    for name, artifact in artifacts.items():
        given = iam.Role(stack, f"{name}Role", assumed_by=iam.ServicePrincipal("bedrock-agentcore.amazonaws.com"))
        agentcore.Runtime(stack, name, runtime_name=name.lower(), agent_runtime_artifact=artifact, execution_role=given)
    (found,) = RULE.check(synthesized(app))
    assert found.resource.logical_id.startswith("ByHand")
