"""The role that pulls an image may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cdk_ecr_access.actions import TOKEN_ACTION
from cdk_ecr_access.rules.finding import Finding, Rule, Severity
from cdk_ecr_access.rules.pulling import lacking, needs_role, pulls_by_role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cdk_ecr_access.rules.application import Application
    from cdk_ecr_access.rules.images import Image
    from cdk_ecr_access.rules.template import Resource

_GRANT: Final = (
    "let the CDK grant it: ecs.ContainerImage.from_ecr_repository(repository), or repository.grant_pull(role); or "
    "attach the managed policy of AWS, service-role/AmazonECSTaskExecutionRolePolicy for ECS and Batch, "
    "service-role/AWSAppRunnerServicePolicyForECRAccess for App Runner"
)
_NAME: Final = {"AWS::AppRunner::Service": "AuthenticationConfiguration.AccessRoleArn"}


def _check(app: Application) -> Iterator[Finding]:
    seen: set[tuple[Resource, str, str]] = set()
    for image in app.images:
        key = image.resource, image.puller, image.repository
        if key not in seen and (problem := _problem(image, app)):
            seen.add(key)
            yield Finding(image.resource, image.path, *problem)


def _problem(image: Image, app: Application) -> tuple[str, str] | None:
    # A macro, and what is included from elsewhere, may set it.
    if needs_role(image) and not image.puller and image.resource.template.is_whole:
        name = _NAME.get(image.resource.type, "ExecutionRoleArn")
        return (
            f"runs '{image.uri}' without {name}: nobody can pull it, as there is no role of an instance",
            f"set {name} to a role that may {TOKEN_ACTION} on '*' and pull from '{image.name}'",
        )
    identity = app.identities.of_role(image.puller) if pulls_by_role(image) else None
    if not identity or not identity.may_be_of(image.resource.template):  # a name may be another account's too
        return None
    actions = lacking(identity, image, app)
    if not actions:
        return None
    verb = f"{identity.label} pulls '{image.uri}', but may not {' and '.join(map(_where, actions))}"
    return f"{verb}: the pull ends in 403", _GRANT


def _where(action: str) -> str:
    return f"{action} on '*'" if action == TOKEN_ACTION else action


RULE: Final = Rule(
    "execution-role-cannot-pull",
    Severity.ERROR,
    "the execution role, or whatever role pulls an image, may pull it and get a token",
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/ECR_on_ECS.html",
    _check,
)
