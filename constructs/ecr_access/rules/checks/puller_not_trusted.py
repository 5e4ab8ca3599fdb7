"""The role that pulls an image must trust the service that pulls with it.

The execution role of a task or job, the access role of App Runner or the service role of CodeBuild has a trust policy
that does not let the service assume it. ECS says that it was unable to assume the role, and other services refuse the
role when the stack is deployed. No image is pulled, whatever the role may.

Fix: the service as principal of the trust policy, with ``sts:AssumeRole``.

Not reported: a trust policy of which a part is known only at deploy time; a statement under a condition; a role that is
declared elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ecr_access.iam.ternary import Ternary
from ecr_access.rules.access.trust_policies import TRUST, trusted, trusts
from ecr_access.rules.finding import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.identity import Identity
    from ecr_access.rules.access.images import Image

_ROLE: Final = "AWS::IAM::Role"


class _Puller(NamedTuple):
    """The service that pulls, and the property that names its role."""

    service: str
    name: str


# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
_TASK: Final = _Puller("ecs-tasks", "ExecutionRoleArn")
_PULLERS: Final = {
    "AWS::ECS::TaskDefinition": _TASK,
    "AWS::ECS::ExpressGatewayService": _TASK,
    # https://docs.aws.amazon.com/batch/latest/userguide/execution-IAM-role.html
    "AWS::Batch::JobDefinition": _TASK,
    # https://docs.aws.amazon.com/apprunner/latest/dg/security_iam_service-with-iam.html
    "AWS::AppRunner::Service": _Puller("build.apprunner", "AccessRoleArn"),
    # https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html
    "AWS::CodeBuild::Project": _Puller("codebuild", "ServiceRole"),
    # https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
    "AWS::SageMaker::Model": _Puller("sagemaker", "ExecutionRoleArn"),
    # https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/runtime-permissions.html
    "AWS::BedrockAgentCore::Runtime": _Puller("bedrock-agentcore", "RoleArn"),
}


def _check(app: Application) -> Iterator[RuleFinding]:
    seen: set[tuple[str, _Puller]] = set()
    for image in app.images:
        puller = _PULLERS.get(image.resource.type)
        identity = app.identities.of_role(image.puller) if puller and image.puller else None
        if not puller or not identity or (identity.arn, puller) in seen or not _is_role_of(identity, image):
            continue
        if trusts(identity, puller.service, app) is Ternary.NO:
            seen.add((identity.arn, puller))
            yield _finding(identity, puller, image, app)


def _is_role_of(identity: Identity, image: Image) -> bool:
    """Whether a role is certainly the one that is meant, and is as its template says: a macro may change it."""
    is_written = identity.resource.type == _ROLE and identity.resource.template.is_whole
    return is_written and identity.may_be_of(image.resource.template)


def _finding(identity: Identity, puller: _Puller, image: Image, app: Application) -> RuleFinding:
    names = ", ".join(f"'{one}'" for one in trusted(identity, app)) or "no principal"
    service = f"{puller.service}.amazonaws.com"
    return RuleFinding(
        identity.resource,
        f"Properties.{TRUST}",
        f"{identity.label} is the {puller.name} of {image.resource.logical_id}, but its trust policy names {names} and "
        f"not {service}, which pulls '{image.uri}' with it: the role cannot be assumed",
        f"allow sts:AssumeRole to the service {service} in {TRUST}; in the CDK, "
        f"assumed_by=iam.ServicePrincipal({service!r})",
    )


RULE: Final = Rule(
    "puller-not-trusted",
    Severity.ERROR,
    "the role that pulls an image trusts the service that pulls with it",
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html",
    _check,
)
