"""What AWS's own managed policies grant of Amazon ECR.

https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
"""

from __future__ import annotations

from typing import Final

from cdk_ecr_access.actions import TOKEN_ACTION, AccessLevel

_PULL: Final = (TOKEN_ACTION, *AccessLevel.PULL.actions)
_ALL: Final = (TOKEN_ACTION, *AccessLevel.PULL_PUSH.actions, *AccessLevel.READ.actions)

_GRANTED: Final[dict[str, tuple[str, ...]]] = {
    "AdministratorAccess": _ALL,
    "AmazonEC2ContainerRegistryFullAccess": _ALL,
    "AmazonEC2ContainerRegistryPowerUser": _ALL,
    "AmazonEC2ContainerRegistryPullOnly": _PULL,
    "AmazonEC2ContainerRegistryReadOnly": (*_PULL, *AccessLevel.READ.actions),
    "AmazonSageMakerFullAccess": (*_PULL, *AccessLevel.READ.actions),
    "PowerUserAccess": _ALL,
    "service-role/AWSAppRunnerServicePolicyForECRAccess": (*_PULL, "ecr:DescribeImages"),
    "service-role/AmazonEC2ContainerServiceforEC2Role": _PULL,
    "service-role/AmazonECSTaskExecutionRolePolicy": _PULL,
}

_NONE: Final = frozenset(
    {
        "AWSLambdaExecute",
        "AmazonEKSClusterPolicy",
        "AmazonEKSWorkerNodePolicy",
        "AmazonEKS_CNI_Policy",
        "AmazonS3FullAccess",
        "AmazonS3ReadOnlyAccess",
        "AmazonSQSFullAccess",
        "AmazonSSMManagedInstanceCore",
        "AWSXRayDaemonWriteAccess",
        "CloudWatchAgentServerPolicy",
        "service-role/AWSLambdaBasicExecutionRole",
        "service-role/AWSLambdaVPCAccessExecutionRole",
        "service-role/AWSLambdaSQSQueueExecutionRole",
        "service-role/AmazonEC2RoleforSSM",
    }
)
"""Those that people attach beside, and that are known to grant nothing of Amazon ECR."""

# Pushes to the repositories that have "sagemaker" in their names, and to no other.
_MORE: Final = frozenset({"AmazonSageMakerFullAccess"})


def granted_by(arn: str) -> tuple[str, ...] | None:
    """Return the actions on every resource that a managed policy of AWS grants; None if it is not known."""
    name = _name(arn)
    return () if name in _NONE else _GRANTED.get(name)


def grants_more(arn: str) -> bool:
    """Whether a managed policy of AWS also grants actions on some resources, of which not more is known here."""
    return _name(arn) in _MORE


def _name(arn: str) -> str:
    return arn.partition(":iam::aws:policy/")[2]
