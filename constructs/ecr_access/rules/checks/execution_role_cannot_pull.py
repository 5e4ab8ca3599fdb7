"""The role that pulls an image must be allowed to.

The role lacks ``BatchGetImage``, ``GetDownloadUrlForLayer`` or the token, or a statement denies one of them. Or a
Fargate task, which has no instance role to fall back on, names no execution role. The task stops with
``CannotPullContainerError``.

Fix: ``ecs.ContainerImage.from_ecr_repository(repository)``, which grants the pull, or the AWS managed policy that the
finding names.

Not reported: a task that may run on an instance, because the instance's role pulls then; a model or job of SageMaker of
another account's image, which may be one of AWS's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.references import partition_of
from ecr_access.iam.actions import TOKEN_ACTION
from ecr_access.rules.access.pulling import lacking, needs_role, pull_of, pulls_by_role
from ecr_access.rules.finding import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.documents.templates.template import Resource
    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.images import Image
    from ecr_access.rules.access.pair import Pair

_PULL_ONLY: Final = "AmazonEC2ContainerRegistryPullOnly"
_MANAGED: Final = {
    "build.apprunner": "service-role/AWSAppRunnerServicePolicyForECRAccess",
    "ecs-tasks": "service-role/AmazonECSTaskExecutionRolePolicy",
}
_CONSTRUCTS: Final = {
    "AWS::Batch::JobDefinition": "ecs.ContainerImage.from_ecr_repository(repository)",
    "AWS::BedrockAgentCore::Runtime": "bedrockagentcore.AgentRuntimeArtifact.from_ecr_repository(repository)",
    "AWS::CodeBuild::Project": "codebuild.LinuxBuildImage.from_ecr_repository(repository)",
    "AWS::ECS::TaskDefinition": "ecs.ContainerImage.from_ecr_repository(repository)",
}
_NAME: Final = {"AWS::AppRunner::Service": "AuthenticationConfiguration.AccessRoleArn"}


def _check(app: Application) -> Iterator[RuleFinding]:
    seen: set[tuple[Resource, str, str]] = set()
    for image in app.images:
        key = image.resource, image.puller, image.repository
        problems = [] if key in seen else [*_problems(image, app)]
        if problems:
            seen.add(key)
        yield from (RuleFinding(image.resource, image.path, *one) for one in problems)


def _problems(image: Image, app: Application) -> Iterator[tuple[str, str]]:
    # A macro, and what is included from elsewhere, may set it.
    if needs_role(image, app) and not image.puller and image.resource.template.is_whole:
        name = _NAME.get(image.resource.type, "ExecutionRoleArn")
        yield (
            f"runs '{image.uri}' without {name}: no role pulls it, as there is none of an instance",
            f"set {name} to a role that may {TOKEN_ACTION} on '*' and pull from '{image.name}'",
        )
    identity = app.identities.of_role(image.puller) if pulls_by_role(image, app) else None
    if not identity or not identity.may_be_of(image.resource.template):  # a name may be another account's too
        return
    if actions := lacking(identity, image, app):
        verb = f"{identity.label} pulls '{image.uri}', but may not {' and '.join(map(_where, actions))}"
        yield f"{verb}: the pull ends in 403", _fix(pull_of(identity, image, app), image, actions)


def _fix(pair: Pair, image: Image, actions: list[str]) -> str:
    identity = pair.identity
    needed = [(one, "*" if one == TOKEN_ACTION else image.repository) for one in actions]
    denied = (identity.undenied(*one) if one[0] == TOKEN_ACTION else pair.undenied(one[0]) for one in needed)
    if fix := next(filter(None, denied), ""):
        return fix
    if any(identity.is_bounded(*one) for one in needed):
        return "allow it in the role's permissions boundary too"
    kind = image.resource.type
    calls = " or ".join(filter(None, (_CONSTRUCTS.get(kind), "repository.grant_pull(role)")))
    policy = f"arn:{partition_of(image.region)}:iam::aws:policy/{_MANAGED.get(image.place.service, _PULL_ONLY)}"
    return f"add '{policy}' to its ManagedPolicyArns; in the CDK, {calls} grants it"


def _where(action: str) -> str:
    return f"{action} on '*'" if action == TOKEN_ACTION else action


RULE: Final = Rule(
    "execution-role-cannot-pull",
    Severity.ERROR,
    "the role that pulls an image, such as an execution role, may pull it and get a token",
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/ECR_on_ECS.html",
    _check,
)
