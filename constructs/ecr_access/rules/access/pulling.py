"""Whether the role that pulls an image may."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from ecr_access.documents.templates.template import listed, mapping
from ecr_access.iam.actions import TOKEN_ACTION, AccessLevel
from ecr_access.iam.ternary import Ternary
from ecr_access.rules.access.external_repositories import may_be_of_aws
from ecr_access.rules.access.pair import NOT_READ, Pair

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecr_access.documents.templates.template import Resource
    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.identity import Identity
    from ecr_access.rules.access.images import Image

# https://docs.aws.amazon.com/AmazonECR/latest/userguide/ECR_on_ECS.html
PULLS: Final = AccessLevel.PULL.required_actions
_ALWAYS: Final = ("AWS::AppRunner::Service", "AWS::ECS::ExpressGatewayService")
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
    needs = "FARGATE" in _platforms(image) or _runs_on_no_instance(image, app)
    return needs and not _is_said_to_be_public(image)


def _is_said_to_be_public(image: Image) -> bool:
    """Whether App Runner is told that it needs no role, which ``app-runner-source`` is about."""
    source = mapping(mapping(image.resource.properties.get("SourceConfiguration")).get("ImageRepository"))
    return bool(source.get("ImageRepositoryType") == "ECR_PUBLIC")


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
    by_role = image.place.by_role or _runs_on_no_instance(image, app)
    return bool(image.puller) and by_role and not may_be_of_aws(image, app)


def _platforms(image: Image) -> list[Any]:
    """Return where a task or a job may run."""
    return listed(image.resource.properties.get(_PLATFORMS.get(image.resource.type, "")))


def _runs_on_no_instance(image: Image, app: Application) -> bool:
    """Whether it certainly runs where there is no role of an instance."""
    if platforms := _platforms(image):
        return all(one in _SERVERLESS for one in platforms)
    return image.resource.type in _ALWAYS or _is_of_a_service(image.resource, app)


def lacking(identity: Identity, image: Image, app: Application, actions: tuple[str, ...] = PULLS) -> list[str]:
    """Return the actions on its repository that a role certainly lacks for an image, and the token."""
    pair = pull_of(identity, image, app)
    found = [one for one in actions if pair.may(one) is Ternary.NO]
    if image.place.needs_token and identity.may(TOKEN_ACTION, "*") is Ternary.NO:
        found.append(TOKEN_ACTION)
    return found


def pull_of(identity: Identity, image: Image, app: Application) -> Pair:
    """Return a role and the repository of its image, as the policy kernel is asked about them."""
    return _Pull(app, identity, image.repository, app.repositories.of_arn(image.repository))


class _Pull(Pair):
    """One role and the repository of its image."""

    @cached_property
    def trusting(self) -> list[Mapping[str, Any]]:
        """The statements of the policies of the repository and its registry.

        The registry's is often another app's, and is the way to let other accounts in.
        """
        return [*super().trusting, *(() if self.is_same_account is Ternary.YES else (NOT_READ,))]
