"""Where the resources of CloudFormation name an image, and which role and service pull it.

Left out are resources whose image is in a document of another service (AWS HealthOmics, AWS Step Functions, AWS
Proton), is pulled by a role that is chosen when it runs (Amazon EMR on EKS, AWS Glue), or whose page says nothing of
Amazon ECR (AWS IoT SiteWise tasks); AWS IoT Analytics has ended.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ecr_access.documents.templates.template import is_function, listed, mapping

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ANY: Final = "*"
_LIST: Final = "[]"


@dataclass(frozen=True)
class Place:
    """One place of an image in the properties of a resource.

    In a path, ``[]`` stands for each of a list, and ``*`` for each value of an object.

    Attributes:
        image: the path of the image's URI.
        role: the path of the role by which it is pulled, in the same elements of lists; empty if no role is named.
        service: what assumes that role, without the suffix, such as ``ecs-tasks``.
        by_role: whether that role certainly pulls; on an instance the role of the instance may.
        needs_token: whether what pulls signs in, as ECS does; Lambda does not.
        unless: a property, and the value without which the role does not pull. Default: it always may.
        is_copied: whether a tag is resolved only when the resource is made, so that a tag that moves changes nothing.
    """

    image: str
    role: str = ""
    service: str = ""
    by_role: bool = False
    needs_token: bool = True
    unless: tuple[str, str] | None = None
    is_copied: bool = False

    @property
    def role_name(self) -> str:
        """The name of the property that names the role."""
        return self.role.rpartition(".")[2]


def _task(image: str, role: str = "ExecutionRoleArn", *, by_role: bool = False) -> Place:
    """Return a place of a task or job, on an instance or not."""
    return Place(image, role, "ecs-tasks", by_role=by_role)


def _sagemaker(image: str, role: str = "RoleArn") -> Place:
    return Place(image, role, "sagemaker", by_role=True)


# https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/runtime-permissions.html
def _agent(image: str, role: str) -> Place:
    return Place(image, role, "bedrock-agentcore", by_role=True)


# https://docs.aws.amazon.com/batch/latest/userguide/execution-IAM-role.html
_CONTAINERS: Final = (
    ("EcsProperties.TaskProperties[].Containers[].Image", "EcsProperties.TaskProperties[].ExecutionRoleArn"),
    ("EksProperties.PodProperties.InitContainers[].Image", ""),
    ("EksProperties.PodProperties.Containers[].Image", ""),
)
_RANGE: Final = "NodeProperties.NodeRangeProperties[]"
_JOB: Final = (
    _task("ContainerProperties.Image", "ContainerProperties.ExecutionRoleArn"),
    *(_task(image, role) for image, role in _CONTAINERS),
    _task(f"{_RANGE}.Container.Image", f"{_RANGE}.Container.ExecutionRoleArn"),
    *(_task(f"{_RANGE}.{image}", role and f"{_RANGE}.{role}") for image, role in _CONTAINERS),
)
_SOURCE: Final = "SourceConfiguration"
_MONITORING: Final = "MonitoringScheduleConfig.MonitoringJobDefinition"

PLACES: Final[Mapping[str, tuple[Place, ...]]] = {
    # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
    "AWS::ECS::TaskDefinition": (_task("ContainerDefinitions[].Image"),),
    "AWS::ECS::DaemonTaskDefinition": (_task("ContainerDefinitions[].Image"),),
    "AWS::ECS::ExpressGatewayService": (
        Place("PrimaryContainer.Image", "ExecutionRoleArn", "ecs-tasks", by_role=True),
    ),
    "AWS::Batch::JobDefinition": _JOB,
    "AWS::Lambda::Function": (Place("Code.ImageUri", needs_token=False),),
    "AWS::Serverless::Function": (Place("ImageUri", needs_token=False),),
    # https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html
    "AWS::CodeBuild::Project": (
        Place(
            "Environment.Image",
            "ServiceRole",
            "codebuild",
            by_role=True,
            unless=("Environment.ImagePullCredentialsType", "SERVICE_ROLE"),
        ),
    ),
    # https://docs.aws.amazon.com/apprunner/latest/dg/security_iam_service-with-iam.html
    "AWS::AppRunner::Service": (
        Place(
            f"{_SOURCE}.ImageRepository.ImageIdentifier",
            f"{_SOURCE}.AuthenticationConfiguration.AccessRoleArn",
            "build.apprunner",
            by_role=True,
        ),
    ),
    "AWS::BedrockAgentCore::Runtime": (_agent("AgentRuntimeArtifact.ContainerConfiguration.ContainerUri", "RoleArn"),),
    "AWS::BedrockAgentCore::Harness": (
        _agent("EnvironmentArtifact.ContainerConfiguration.ContainerUri", "ExecutionRoleArn"),
    ),
    # https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
    "AWS::SageMaker::Model": (
        _sagemaker("PrimaryContainer.Image", "ExecutionRoleArn"),
        _sagemaker("Containers[].Image", "ExecutionRoleArn"),
    ),
    "AWS::SageMaker::ProcessingJob": (_sagemaker("AppSpecification.ImageUri"),),
    "AWS::SageMaker::MonitoringSchedule": (
        _sagemaker(f"{_MONITORING}.MonitoringAppSpecification.ImageUri", f"{_MONITORING}.RoleArn"),
    ),
    **{
        f"AWS::SageMaker::{kind}JobDefinition": (_sagemaker(f"{kind}AppSpecification.ImageUri"),)
        for kind in ("DataQuality", "ModelBias", "ModelExplainability", "ModelQuality")
    },
    # The role of an endpoint, of a training or of a validation is another resource's, or the request's.
    "AWS::SageMaker::InferenceComponent": (
        Place("Specification.Container.Image"),
        Place("Specifications[].Container.Image"),
    ),
    "AWS::SageMaker::Algorithm": (
        Place("TrainingSpecification.TrainingImage"),
        Place("InferenceSpecification.Containers[].Image"),
    ),
    "AWS::SageMaker::ModelPackage": (
        Place("InferenceSpecification.Containers[].Image"),
        Place("AdditionalInferenceSpecifications[].Containers[].Image"),
        Place("AdditionalInferenceSpecificationsToAdd[].Containers[].Image"),
    ),
    "AWS::SageMaker::ImageVersion": (Place("BaseImage", is_copied=True),),
    # https://docs.aws.amazon.com/clean-rooms/latest/userguide/ml-roles.html
    "AWS::CleanRoomsML::ConfiguredModelAlgorithm": (
        Place("TrainingContainerConfig.ImageUri"),
        Place("InferenceContainerConfig.ImageUri"),
    ),
    # The service itself pulls, and the policy of the repository has to allow it.
    # https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/application-custom-image.html
    "AWS::EMRServerless::Application": (
        Place("ImageConfiguration.ImageUri", needs_token=False),
        Place("WorkerTypeSpecifications.*.ImageConfiguration.ImageUri", needs_token=False),
    ),
    # A role that Lightsail makes pulls; the policy of the repository names it.
    # https://docs.aws.amazon.com/lightsail/latest/userguide/amazon-lightsail-container-service-ecr-private-repo-access.html
    "AWS::Lightsail::Container": (Place("ContainerServiceDeployment.Containers[].Image"),),
    # The principal that deploys pulls, and GameLift keeps a copy.
    # https://docs.aws.amazon.com/gameliftservers/latest/developerguide/containers-create-groups.html
    "AWS::GameLift::ContainerGroupDefinition": (
        Place("GameServerContainerDefinition.ImageUri", is_copied=True),
        Place("SupportContainerDefinitions[].ImageUri", is_copied=True),
    ),
    # The instance that builds pulls; a new build is to have the newest base.
    "AWS::ImageBuilder::ContainerRecipe": (Place("ParentImage", is_copied=True),),
}
"""By the type of resource."""


def images_at(properties: Any, path: str) -> Iterator[tuple[str, Any, tuple[str | int, ...]]]:
    """Yield the values at a path, each with the path as it is written, and with the elements that it went through."""
    name, _, rest = path.partition(".")
    for written, value, passed in _elements(properties, name):
        if not rest:
            yield written, value, passed
        for deeper, found, more in images_at(value, rest) if rest else ():
            yield f"{written}.{deeper}", found, (*passed, *more)


def role_at(properties: Any, path: str, passed: tuple[str | int, ...]) -> Any:
    """Return the value at a path, in the elements that an image is in; a function stands for all that it holds."""
    if is_function(properties):
        return properties
    name, _, rest = path.partition(".")
    for _, found, more in _elements(properties, name):
        if more == passed[: len(more)]:
            return role_at(found, rest, passed[len(more) :]) if rest else found
    return None


def _elements(value: Any, name: str) -> Iterator[tuple[str, Any, tuple[str | int, ...]]]:
    held = mapping(value)
    if name == _ANY:
        yield from ((key, one, (key,)) for key, one in held.items())
    elif name.endswith(_LIST):
        bare = name.removesuffix(_LIST)
        yield from ((f"{bare}[{index}]", one, (index,)) for index, one in enumerate(listed(held.get(bare))))
    else:
        yield name, held.get(name), ()
