"""Whether the role that pulls an image may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecr_access.documents.templates.template import listed
from ecr_access.documents.templates.unknowns import equal
from ecr_access.iam.actions import TOKEN_ACTION, AccessLevel
from ecr_access.rules.access.policy_principals import account_of
from ecr_access.rules.access.statements import is_whole

if TYPE_CHECKING:
    from ecr_access.documents.templates.template import Resource
    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.identity import Identity
    from ecr_access.rules.access.images import Image
    from ecr_access.rules.access.statements import Statement

# https://docs.aws.amazon.com/AmazonECR/latest/userguide/ECR_on_ECS.html
PULLS: Final = AccessLevel.PULL.required_actions
_ALWAYS: Final = ("AWS::AppRunner::Service", "AWS::ECS::ExpressGatewayService")
_REGISTRY_POLICY: Final = "AWS::ECR::RegistryPolicy"
_SERVERLESS: Final = ("FARGATE", "MANAGED_INSTANCES", "EXTERNAL")
_PLATFORMS: Final = {
    "AWS::ECS::TaskDefinition": "RequiresCompatibilities",
    "AWS::Batch::JobDefinition": "PlatformCapabilities",
}


def needs_role(image: Image, app: Application) -> bool:
    """Whether it is pulled by a role that its resource must name: on an instance, that of the instance pulls.

    ECS registers no task for Fargate without one, wherever else it may run:
    https://github.com/hashicorp/terraform-provider-aws/issues/3051
    """
    return "FARGATE" in _platforms(image) or _runs_on_no_instance(image, app)


def _is_of_a_service(task: Resource, app: Application) -> bool:
    """Whether a service runs it on Fargate, which a task needs not say itself."""
    name = app.resolver.text({"Ref": task.logical_id}, task.template)
    return any(
        one.properties.get("LaunchType") == "FARGATE"
        and app.resolver.text(one.properties.get("TaskDefinition"), one.template) == name
        for one in app.of_type("AWS::ECS::Service")
    )


def pulls_by_role(image: Image, app: Application) -> bool:
    """Whether the role that its resource names certainly pulls it."""
    by_role = _runs_on_no_instance(image, app) or image.resource.type == "AWS::CodeBuild::Project"
    return bool(image.puller) and by_role


def _platforms(image: Image) -> list[Any]:
    """Return where a task or a job may run."""
    return listed(image.resource.properties.get(_PLATFORMS.get(image.resource.type, "")))


def _runs_on_no_instance(image: Image, app: Application) -> bool:
    """Whether it certainly runs where there is no role of an instance."""
    if platforms := _platforms(image):
        return all(one in _SERVERLESS for one in platforms)
    return image.resource.type in _ALWAYS or _is_of_a_service(image.resource, app)


def lacking(identity: Identity, image: Image, app: Application) -> list[str]:
    """Tell which actions a role certainly lacks for an image."""
    found = [
        one
        for one in PULLS
        if identity.denial(one, image.repository)
        or (identity.may(one, image.repository) is False and not _given(one, identity, image, app))
    ]
    if image.needs_token and identity.may(TOKEN_ACTION, "*") is False:
        found.append(TOKEN_ACTION)
    return found


def _given(action: str, identity: Identity, image: Image, app: Application) -> bool:
    """Whether the repository's policy may allow what the role's own policies do not."""
    if equal(account_of(identity.arn), image.account) is False:  # both sides must allow then
        return False
    repository = app.repositories.of_arn(image.repository)
    if not repository or not repository.has_whole_policy:
        return True
    # A policy of the registry is enforced beside, and may be for any action.
    read = {one.resource: one for one in app.resource_policies}
    registries = [read.get(one) for one in app.of_type(_REGISTRY_POLICY) if _is_of(one, image, app)]
    statements = [*repository.statements, *(it for one in registries if one for it in one.statements)]
    return not all(one and is_whole(one.document) for one in registries) or any(
        one.allows and one.names(action) is not False and _may_name(one, identity) for one in statements
    )


def _is_of(policy: Resource, image: Image, app: Application) -> bool:
    """Whether it may be the policy of the registry that an image is in."""
    account, region = (app.resolver.text({"Ref": f"AWS::{one}"}, policy.template) for one in ("AccountId", "Region"))
    return equal(account, image.account) is not False and equal(region, image.region) is not False


def _may_name(statement: Statement, identity: Identity) -> bool:
    """Whether it may be for a role; the account that it is of only leaves that to the role's own policies."""
    names = statement.principals.get("AWS", ())
    return "NotPrincipal" in statement.raw or any(one == "*" or equal(one, identity.arn) is not False for one in names)
