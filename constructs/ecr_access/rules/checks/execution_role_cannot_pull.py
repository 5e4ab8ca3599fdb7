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
from ecr_access.rules.access.lacks import cause_of_lack
from ecr_access.rules.access.pulling import lacking, needs_role, pull_of, pulls_by_role
from ecr_access.rules.finding import Rule, RuleFinding, Severity, subject

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    for image in app.images:
        yield from _findings(image, app)


def _findings(image: Image, app: Application) -> Iterator[RuleFinding]:
    # A macro, and what is included from elsewhere, may set it.
    if needs_role(image, app) and not image.puller and image.resource.template.is_whole:
        name = _NAME.get(image.resource.type, "ExecutionRoleArn")
        yield RuleFinding(
            image.resource,
            image.path,
            f"{subject(image.resource)} runs '{image.uri}' without {name}: no role pulls it, as there is no instance "
            "whose role would",
            f"set {name} to a role that may {TOKEN_ACTION} on '*' and pull from '{image.name}'",
            (image.resource, name),
        )
    identity = app.identities.of_role(image.puller) if pulls_by_role(image, app) else None
    if not identity or not identity.may_be_of(image.resource.template):  # a name may be another account's too
        return
    if actions := lacking(identity, image, app):
        needed = [(one, "*" if one == TOKEN_ACTION else image.repository) for one in actions]
        yield RuleFinding(
            image.resource,
            image.path,
            f"{identity.label} pulls '{image.uri}', but may not {' and '.join(map(_where, actions))}: the pull ends in "
            "403",
            _fix(pull_of(identity, image, app), image, needed),
            cause_of_lack(identity, needed, app),
        )


def _fix(pair: Pair, image: Image, needed: list[tuple[str, str]]) -> str:
    identity = pair.identity
    denied = (identity.undenied(*one) if one[0] == TOKEN_ACTION else pair.undenied(one[0]) for one in needed)
    if fix := next(filter(None, denied), ""):
        return fix
    if any(identity.is_bounded(*one) for one in needed):
        return "allow the actions in the role's permissions boundary too"
    kind = image.resource.type
    calls = " or ".join(filter(None, (_CONSTRUCTS.get(kind), "repository.grant_pull(role)")))
    policy = f"arn:{partition_of(image.region)}:iam::aws:policy/{_MANAGED.get(image.place.service, _PULL_ONLY)}"
    return f"add '{policy}' to the ManagedPolicyArns of the role; in the CDK, {calls} grants the pull"


def _where(action: str) -> str:
    return f"{action} on '*'" if action == TOKEN_ACTION else action


RULE: Final = Rule(
    "execution-role-cannot-pull",
    Severity.ERROR,
    "the role that pulls an image, such as an execution role, may pull it and get a token",
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/ECR_on_ECS.html",
    _check,
)
