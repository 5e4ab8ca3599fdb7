"""Amazon ECR repositories for the AWS CDK whose access is proved at deploy time."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cdk_ecr_access.access_check import AccessCheck
    from cdk_ecr_access.actions import AccessLevel
    from cdk_ecr_access.existing import ExistingRepository
    from cdk_ecr_access.lifecycle_rules import ArchiveRule, ExpireArchivedRule
    from cdk_ecr_access.repository import AccessibleRepository
    from cdk_ecr_access.rules.plugin import EcrAccessRules

__all__ = [
    "AccessCheck",
    "AccessLevel",
    "AccessibleRepository",
    "ArchiveRule",
    "EcrAccessRules",
    "ExistingRepository",
    "ExpireArchivedRule",
]

_HOME = {
    "AccessCheck": "access_check",
    "AccessLevel": "actions",
    "AccessibleRepository": "repository",
    "ArchiveRule": "lifecycle_rules",
    "EcrAccessRules": "rules.plugin",
    "ExistingRepository": "existing",
    "ExpireArchivedRule": "lifecycle_rules",
}


if not TYPE_CHECKING:  # to a type checker, any name would be one of the package

    def __getattr__(name: str) -> object:
        """Import a public name on first use: importing the CDK starts Node.js, which the local cloud does without."""
        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    """List the public names, so that ``help`` and ``pydoc`` show them."""
    return sorted({*globals(), *__all__})
