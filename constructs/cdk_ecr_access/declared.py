"""The repositories, roles and grants that a manifest declares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_cdk import Annotations
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_ecr_access.manifest import Manifest, ManifestError, Problem
from cdk_ecr_access.principal_names import Account, IamArn, Organization, OutsideName, RoleKey
from cdk_ecr_access.repository import AccessibleRepository

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cdk_ecr_access.manifest import RepositoryEntry, RoleEntry

UNUSED_ROLE: Final = "cdk-ecr-access:unused-role"
"""The id of the warning about a role that is granted nothing, for ``Annotations.acknowledge_warning``."""


class DeclaredRepositories(Construct):
    """Makes what a manifest declares: each repository, each role, and the grants between them.

    The ids of the children follow from the names in the manifest alone, never from their order, and are a
    contract: ``Role:KEY`` for a role, ``Repository:NAME`` for a repository, with each ``/`` of the name written
    as ``:`` (a construct's id has no ``/``, and no repository's name has a ``:``, so two names stay two ids).
    """

    def __init__(self, scope: Construct, id: str, *, manifest: Manifest) -> None:  # noqa: A002 -- the CDK's name
        """Make the repositories, roles and grants of a manifest.

        Args:
            scope: where in the tree.
            id: unique in the scope.
            manifest: what to make; see ``read_manifest``.

        Raises:
            ManifestError: for grants that would allow nobody anything where this is deployed, such as one to
                the repository's own account, each with the path of the entry.
        """
        super().__init__(scope, id)
        self.roles: Final = {entry.key: self._role(entry) for entry in manifest.roles}
        """The roles made, by their key."""
        self.repositories: Final = {entry.name: self._repository(entry) for entry in manifest.repositories}
        """The repositories made, by their name."""
        problems = [
            problem
            for index, entry in enumerate(manifest.repositories)
            for problem in self._grant(entry, path=f"repositories[{index}]")
        ]
        if problems:
            raise ManifestError(manifest.source, problems)
        self._warn_of_unused_roles(manifest)

    def _role(self, entry: RoleEntry) -> iam.Role:
        trusted = [_principal(name) for name in entry.assumed_by] or [iam.AccountRootPrincipal()]
        return iam.Role(
            self,
            f"Role:{entry.key}",
            description=f"Role '{entry.key}' of the ECR access manifest",
            assumed_by=trusted[0] if len(trusted) == 1 else iam.CompositePrincipal(*trusted),
        )

    def _repository(self, entry: RepositoryEntry) -> AccessibleRepository:
        return AccessibleRepository(self, repository_id(entry.name), repository_name=entry.name)

    def _grant(self, entry: RepositoryEntry, *, path: str) -> Iterator[Problem]:
        """Make the grants of one repository; yield those that are refused."""
        repository = self.repositories[entry.name]
        for level, names, grant in (
            ("pull", entry.pull, repository.grant_pull),
            ("push", entry.push, repository.grant_push),
        ):
            for index, name in enumerate(names):
                grantee = self.roles[name.key] if isinstance(name, RoleKey) else _principal(name)
                if refusal := _refusal(grant, grantee):
                    yield Problem(f"{path}.{level}[{index}]", refusal)

    def _warn_of_unused_roles(self, manifest: Manifest) -> None:
        used = {name for entry in manifest.repositories for name in (*entry.pull, *entry.push)}
        for key, role in self.roles.items():
            if RoleKey(key) not in used:
                Annotations.of(role).add_warning_v2(
                    UNUSED_ROLE, f"role '{key}' of the manifest may reach no repository; name it under pull or push"
                )


def repository_id(name: str) -> str:
    """Give the id of a declared repository's construct, the same for the same name for ever."""
    return f"Repository:{name.replace('/', ':')}"


def _refusal(grant: Callable[[iam.IGrantable], iam.Grant], grantee: iam.IGrantable) -> str | None:
    """Make a grant; say why it was refused, if it was."""
    try:
        grant(grantee)
    except ValueError as error:
        return str(error)
    return None


def _principal(name: OutsideName) -> iam.PrincipalBase:
    """Make the principal that a manifest names and does not make itself.

    A role or user is named by its ARN alone: a manifest never edits the policies of what it does not own, so
    access is granted on the repository side, and the check proves that the principal can get a token.
    """
    match name:
        case IamArn():
            return iam.ArnPrincipal(name.arn)
        case Account():
            return iam.AccountPrincipal(name.account_id)
        case Organization():
            return iam.OrganizationPrincipal(name.organization_id)
    return iam.ServicePrincipal(name.name)
