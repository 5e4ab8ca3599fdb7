"""What AWS's own managed policies grant of Amazon ECR.

https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
"""

from __future__ import annotations

from typing import Final

from ecr_access.iam.actions import TOKEN_ACTION, AccessLevel

_PULL: Final = (TOKEN_ACTION, *AccessLevel.PULL.actions)
_PULL_ONLY: Final = (TOKEN_ACTION, *AccessLevel.PULL.required_actions, "ecr:BatchImportUpstreamImage")
_ALL: Final = (TOKEN_ACTION, *AccessLevel.PULL_PUSH.actions, *AccessLevel.READ.actions)

_GRANTED: Final[dict[str, tuple[str, ...]]] = {
    "AdministratorAccess": _ALL,
    "AmazonEC2ContainerRegistryFullAccess": _ALL,
    "AmazonEC2ContainerRegistryPowerUser": _ALL,
    "AmazonEC2ContainerRegistryPullOnly": _PULL_ONLY,
    "AmazonEC2ContainerRegistryReadOnly": (*_PULL, *AccessLevel.READ.actions),
    "AmazonEKSFargatePodExecutionRolePolicy": _PULL,
    "AmazonSageMakerFullAccess": (*_PULL, *AccessLevel.READ.actions),
    "PowerUserAccess": _ALL,
    "service-role/AWSAppRunnerServicePolicyForECRAccess": (*_PULL, "ecr:DescribeImages"),
    "service-role/AmazonEC2ContainerServiceforEC2Role": _PULL,
    "service-role/AmazonECSTaskExecutionRolePolicy": _PULL,
}

_NONE: Final = frozenset(
    {
        "AmazonAPIGatewayInvokeFullAccess",
        "AmazonAthenaFullAccess",
        "AmazonBedrockFullAccess",
        "AmazonDynamoDBFullAccess",
        "AmazonDynamoDBReadOnlyAccess",
        "AmazonEC2FullAccess",
        "AmazonEC2ReadOnlyAccess",
        "AmazonECS_FullAccess",
        "AmazonEKS_CNI_Policy",
        "AmazonEKSClusterPolicy",
        "AmazonEKSVPCResourceController",
        "AmazonEKSWorkerNodeMinimalPolicy",
        "AmazonEKSWorkerNodePolicy",
        "AmazonElasticContainerRegistryPublicFullAccess",
        "AmazonElasticFileSystemClientReadWriteAccess",
        "AmazonEventBridgeFullAccess",
        "AmazonKinesisFirehoseFullAccess",
        "AmazonKinesisFullAccess",
        "AmazonPrometheusRemoteWriteAccess",
        "AmazonRDSFullAccess",
        "AmazonS3FullAccess",
        "AmazonS3ReadOnlyAccess",
        "AmazonSESFullAccess",
        "AmazonSNSFullAccess",
        "AmazonSQSFullAccess",
        "AmazonSSMFullAccess",
        "AmazonSSMManagedInstanceCore",
        "AmazonSSMReadOnlyAccess",
        "AmazonVPCFullAccess",
        "AWSAppRunnerFullAccess",
        "AWSCloudFormationFullAccess",
        "AWSCloudFormationReadOnlyAccess",
        "AWSCodeBuildDeveloperAccess",
        "AWSCodeCommitPowerUser",
        "AWSCodeCommitReadOnly",
        "AWSCodeDeployRoleForECS",
        "AWSLambdaExecute",
        "AWSStepFunctionsFullAccess",
        "AWSXRayDaemonWriteAccess",
        "AWSXrayWriteOnlyAccess",
        "CloudWatchAgentServerPolicy",
        "CloudWatchFullAccess",
        "CloudWatchLambdaInsightsExecutionRolePolicy",
        "CloudWatchLogsFullAccess",
        "CloudWatchReadOnlyAccess",
        "service-role/AmazonEC2ContainerServiceAutoscaleRole",
        "service-role/AmazonEC2ContainerServiceRole",
        "service-role/AmazonEC2RoleforSSM",
        "service-role/AWSBatchServiceRole",
        "service-role/AWSElasticBeanstalkRoleECS",
        "service-role/AWSGlueServiceRole",
        "service-role/AWSLambdaBasicExecutionRole",
        "service-role/AWSLambdaDynamoDBExecutionRole",
        "service-role/AWSLambdaENIManagementAccess",
        "service-role/AWSLambdaKinesisExecutionRole",
        "service-role/AWSLambdaRole",
        "service-role/AWSLambdaSQSQueueExecutionRole",
        "service-role/AWSLambdaVPCAccessExecutionRole",
    }
)
"""Those that people attach beside, and that are known to grant nothing of Amazon ECR.

``AWSLambda_FullAccess`` and ``SecretsManagerReadWrite`` are none of them: who may deploy functions may read images
without a token, and rules look for that in statements.
"""

# Pushes to the repositories that have "sagemaker" in their names, and to no other.
_MORE: Final = frozenset({"AmazonSageMakerFullAccess"})


def granted_by(arn: str) -> tuple[str, ...] | None:
    """Return the actions on every resource that a managed policy of AWS grants; None if it is not known."""
    name = _name(arn)
    return () if name in _NONE else _GRANTED.get(name)


def arn_of(name: str) -> str:
    """Return the ARN of a managed policy of AWS by its bare name, as SAM takes it."""
    paths = (name, f"service-role/{name}")
    return f"arn:aws:iam::aws:policy/{next((one for one in paths if one in _NONE or one in _GRANTED), name)}"


def grants_more(arn: str) -> bool:
    """Whether a managed policy of AWS also grants actions on some resources, of which not more is known here."""
    return _name(arn) in _MORE


def _name(arn: str) -> str:
    return arn.partition(":iam::aws:policy/")[2]
