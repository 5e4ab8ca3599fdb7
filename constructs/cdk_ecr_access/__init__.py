"""Amazon ECR repositories for the AWS CDK whose access is proved at deploy time."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cdk_ecr_access.access_check.construct import AccessCheck
    from cdk_ecr_access.monitoring.dashboard import AccessDashboard
    from cdk_ecr_access.monitoring.registry_watch import RegistryWatch
    from cdk_ecr_access.repository.accessible import AccessibleRepository
    from cdk_ecr_access.repository.existing import ExistingRepository
    from cdk_ecr_access.repository.lifecycle_rules import ArchiveRule, ExpireArchivedRule
    from cdk_ecr_access.rules import EcrAccessRules
    from ecr_access.iam.actions import AccessLevel

    __version__: str

__all__ = [
    "AccessCheck",
    "AccessDashboard",
    "AccessLevel",
    "AccessibleRepository",
    "ArchiveRule",
    "EcrAccessRules",
    "ExistingRepository",
    "ExpireArchivedRule",
    "RegistryWatch",
]

_HOME = {
    "AccessCheck": "cdk_ecr_access.access_check.construct",
    "AccessDashboard": "cdk_ecr_access.monitoring.dashboard",
    "AccessLevel": "ecr_access.iam.actions",
    "AccessibleRepository": "cdk_ecr_access.repository.accessible",
    "ArchiveRule": "cdk_ecr_access.repository.lifecycle_rules",
    "EcrAccessRules": "cdk_ecr_access.rules",
    "ExistingRepository": "cdk_ecr_access.repository.existing",
    "ExpireArchivedRule": "cdk_ecr_access.repository.lifecycle_rules",
    "RegistryWatch": "cdk_ecr_access.monitoring.registry_watch",
}


if not TYPE_CHECKING:  # to a type checker, any name would be one of the package

    def __getattr__(name: str) -> object:
        """Import a public name on first use: importing the CDK starts Node.js."""
        if name == "__version__":
            return import_module("importlib.metadata").version("cdk-ecr-access")
        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    """List the public names, so that ``help`` and ``pydoc`` show them."""
    return sorted({*globals(), *__all__})
