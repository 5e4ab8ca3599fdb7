"""Constructs of the CDK that pull from a repository and do not ask it for a grant, so that no check knows of them.

``codebuild.LinuxGpuBuildImage`` imports the repository again, by its name, and grants on that.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from aws_cdk import Annotations

from cdk_ecr_access.access_check.check_inputs import inputs_of
from cdk_ecr_access.access_check.construct import AccessCheck
from cdk_ecr_access.access_check.declared_policies import CHECK_ID
from cdk_ecr_access.cdk.stacks import node_of, stack_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from aws_cdk import aws_ecr as ecr
    from constructs import IConstruct

UNSEEN: Final = "cdk-ecr-access:unseenPull"
"""The id of the warning, for ``Annotations.acknowledge_warning``."""

_CODEBUILD: Final = "aws_cdk.aws_codebuild"
_IMPORTED: Final = "AwsDlcRepositoryCodeBuild"


def is_codebuild_used() -> bool:
    """Whether the app can have a project: it has imported CodeBuild."""
    return _CODEBUILD in sys.modules


def warn_of_unseen(root: IConstruct, repositories: Collection[ecr.Repository]) -> None:
    """Warn at each project that pulls a repository unseen, unless its role's access is required already.

    An app that has not imported CodeBuild has no such project, and its tree is not read.
    """
    if not is_codebuild_used() or not repositories:
        return
    from aws_cdk import aws_codebuild as codebuild

    by_name = {one.repository_name: one for one in repositories}
    for project in root.node.find_all():
        if not isinstance(project, codebuild.Project):
            continue
        imported = project.node.try_find_child(_IMPORTED)
        repository = by_name.get(getattr(imported, "repository_name", ""))
        if repository is not None and not (project.role and _simulates(project, project.role.role_arn)):
            Annotations.of(project).add_warning_v2(
                UNSEEN,
                f"LinuxGpuBuildImage pulls from repository '{repository.node.path}' without its grants, so no check "
                "proves it; write AccessCheck.of(project).require_pull(project, repository), or acknowledge this",
            )


def _simulates(scope: IConstruct, principal: str) -> bool:
    """Whether the check of a construct's stack, if there is one, simulates a principal, named by its ARN."""
    check = node_of(stack_of(scope)).try_find_child(CHECK_ID)
    return isinstance(check, AccessCheck) and principal in inputs_of(check).principals
