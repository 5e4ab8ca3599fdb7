"""The repositories, roles and grants that a manifest declares."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Final, cast

import jsii
from aws_cdk import Annotations, Tags
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_ecr_access.access_check.declared_policies import CHECK_ID
from cdk_ecr_access.access_check.given_settings import GivenSettings, give
from cdk_ecr_access.access_check.hosting import hosting
from cdk_ecr_access.access_check.settings import settings
from cdk_ecr_access.cdk.stacks import stack_of
from cdk_ecr_access.manifest.messages import in_words
from cdk_ecr_access.manifest.place import in_one_environment, in_one_stack, require_place
from cdk_ecr_access.manifest.properties import grantee, principal, properties
from cdk_ecr_access.manifest.source import CONTEXT
from cdk_ecr_access.repository.accessible import AccessibleRepository
from cdk_ecr_access.repository.existing import ExistingRepository
from ecr_access.codes import Code
from ecr_access.iam.principal_names import RoleKey
from ecr_access.manifest import CheckEntry, Manifest, ManifestError, Problem
from ecr_access.manifest.deployed import id_part, repository_id
from ecr_access.manifest.keys import keys_of_other_regions
from ecr_access.tokens import is_token
from ecr_access.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from cdk_ecr_access.grants.grant_methods import Granting
    from ecr_access.iam.principal_names import PrincipalName
    from ecr_access.manifest import Access, ExistingEntry, RepositoryEntry, RoleEntry
    from ecr_access.manifest.model import Tags as ManifestTags

UNUSED_ROLE: Final = "cdk-ecr-access:unused-role"
"""The id of the warning about a role that is granted nothing, for ``Annotations.acknowledge_warning``."""


class Declared(Construct, metaclass=jsii.JSIIAbstractClass):
    """Makes what a manifest declares: each repository, each role, and the grants between them.

    The ids of the children follow from the names in the manifest alone, never from their order, and are a
    contract: ``Role:KEY`` for a role, ``Repository:NAME`` for a repository, ``Existing:NAME`` for one that exists
    already, or by its ARN ``Existing:NAME@ACCOUNT:REGION``, with each ``/`` of the name written as ``:`` (a
    construct's id has no ``/``, and no repository's name has a ``:`` or ``@``, so two names stay two ids).

    How a repository is made, a subclass says.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 -- the CDK's name
        *,
        manifest: Manifest,
        roles: Mapping[str, iam.Role] | None = None,
    ) -> None:
        """Make the repositories, roles and grants of a manifest.

        Args:
            scope: where in the tree.
            id: unique in the scope.
            manifest: what to make, in one stack: ``manifest.of(environment)``, or each of
                ``manifest.parts(environment)`` where ``environment.stacks`` is more than 1; see ``read_manifest``.
            roles: that the first stack of the environment has made, by their keys: its ``roles``, for the other
                stacks. That stack is deployed after each one with a repository that is granted to one of its roles.
                Default: none.

        Raises:
            ManifestError: for entries that cannot be made where this is deployed, such as a grant to the
                repository's own account, each with its path; if the manifest is for another account or Region,
                or for several environments or stacks; and for a setting of the access check that is not valid.
        """
        manifest = in_one_stack(in_one_environment(manifest))
        _require_settings(scope, manifest)
        require_place(scope, manifest)
        super().__init__(scope, id)
        self.manifest: Final = manifest
        """What was declared."""
        self.roles: Final = {entry.key: self._role(entry) for entry in manifest.roles}
        """The roles made, by their key."""
        self._granted: Final = {**(roles or {}), **self.roles}
        self._made: Final[dict[str, Granting]] = {}
        problems = [*self._make_repositories(manifest)]
        self.existing: Final = {entry.called: self._existing(entry) for entry in manifest.existing}
        """The repositories that others made, by their name or their ARN, whichever is declared."""
        problems += self._grants(manifest)
        if problems:
            raise ManifestError(manifest.source, problems)
        self._finish()
        self._tag(manifest.tags)
        self._warn_of_unused_roles(manifest)

    def _make_repositories(self, manifest: Manifest) -> Iterator[Problem]:
        """Make the repositories; yield the problem of each one that its construct refuses."""
        for entry in manifest.repositories:
            if refused := _refusal(partial(self._make, entry)):
                yield entry.problem(refused)

    def _grants(self, manifest: Manifest) -> Iterator[Problem]:
        """Make the grants; yield the problem of each one that is refused."""
        for entry in manifest.repositories:
            if repository := self._made.get(entry.name):
                yield from self._refused(repository, entry)
        for there in manifest.existing:
            yield from self._refused(self.existing[there.called], there)

    def _tag(self, tags: ManifestTags) -> None:
        """Tag all that is made, and the check that the grants have made, where they need one."""
        check = stack_of(self).node.try_find_child(CHECK_ID)
        for key, value in tags:
            for tagged in filter(None, (self, check)):
                Tags.of(tagged).add(key, value)

    def _role(self, entry: RoleEntry) -> iam.Role:
        trusted = [principal(name) for name in entry.assumed_by] or [iam.AccountRootPrincipal()]
        role = iam.Role(
            self,
            f"Role:{entry.key}",
            description=f"Role '{entry.key}' of the ECR access manifest",
            assumed_by=trusted[0] if len(trusted) == 1 else iam.CompositePrincipal(*trusted),
        )
        for key, value in entry.tags:
            Tags.of(role).add(key, value)
        return role

    @abstractmethod
    def _make(self, entry: RepositoryEntry) -> None:
        """Make a repository, and keep it in ``_made`` by its name."""

    def _finish(self) -> None:
        """Do what is left when all grants have been made."""

    def _existing(self, entry: ExistingEntry) -> ExistingRepository:
        use = ExistingRepository.from_repository_arn if entry.arn else ExistingRepository.from_repository_name
        there = use(self, existing_id(entry.called), entry.called, policy_covers_grants=entry.policy_covers_grants)
        there.require()
        return there

    def _refused(self, repository: Granting, entry: Access) -> Iterator[Problem]:
        """Make the grants of one repository; yield the problem of each refused one."""
        grants = {
            "pull": repository.grant_pull,
            "push": repository.grant_push,
            "pull_push": repository.grant_pull_push,
            "read": repository.grant_read,
        }
        for level, names in entry.levels.items():
            for name in names:
                if refused := _refusal(partial(self._grant, grants[level], name)):
                    yield entry.problem(refused, level, name)
        grant = partial(repository.grant_lambda_pull, accounts=entry.lambda_accounts)
        if entry.lambda_accounts and (refused := _refusal(grant)):
            yield entry.problem(refused, "lambda_accounts")

    def _grant(self, grant: Callable[[iam.IGrantable | str], object], name: PrincipalName) -> None:
        """Make one grant.

        Raises:
            ValueError: if it is refused.
        """
        grant(self._role_of(name.key) if isinstance(name, RoleKey) else grantee(name))

    def _role_of(self, key: str) -> iam.Role:
        """Return a role of the manifest, which the first stack makes.

        Raises:
            ValueError: if this is another stack, and has not been given it, or cannot write its repositories' ARNs.
        """
        if key not in self._granted:
            raise Code.MANIFEST_STACKS.error(
                f"role {quoted(key)} is made in the first stack of the environment; make that first, and give its "
                "roles: roles=first.roles"
            )
        if key not in self.roles and is_token(f"{stack_of(self).account}{stack_of(self).region}"):
            raise Code.MANIFEST_STACKS.error(
                f"role {quoted(key)} is in another stack, whose policies need the repository's account and Region, and "
                "these are not known; write account and region in the manifest, or use credentials"
            )
        return self._granted[key]

    def _warn_of_unused_roles(self, manifest: Manifest) -> None:
        for entry in manifest.roles:
            if not entry.is_used:
                Annotations.of(self.roles[entry.key]).add_warning_v2(
                    UNUSED_ROLE,
                    f"role '{entry.key}' of the manifest may reach no repository; name it under pull or push, or take "
                    "it out",
                )


class DeclaredRepositories(Declared):
    """What a manifest declares, each repository a construct, an ``AccessibleRepository``: a few hundred of them."""

    @property
    def repositories(self) -> Mapping[str, AccessibleRepository]:
        """The repositories made, by their name."""
        return cast("Mapping[str, AccessibleRepository]", self._made)

    def _make(self, entry: RepositoryEntry) -> None:
        repository = AccessibleRepository(self, repository_id(entry.name), **properties(self, entry))
        for key, value in entry.tags:
            Tags.of(repository).add(key, value)
        self._made[entry.name] = repository


def _require_settings(scope: Construct, manifest: Manifest) -> None:
    """Give the stack's check its settings, and say once, and first, what every grant would be refused for."""
    stack = stack_of(scope)
    if manifest.check != CheckEntry() and stack.node.try_find_child(CHECK_ID):
        late = "the stack's access check was made before, without these settings; declare the manifest first"
        raise ManifestError(manifest.source, [manifest.problem("check", late)])
    if wrong := [place.problem(message) for place, message in keys_of_other_regions(manifest, stack.region)]:
        raise ManifestError(manifest.source, wrong)
    give(stack, asdict(manifest.check))
    outside = GivenSettings(scope)
    readers = (partial(settings, outside), partial(hosting, outside, stack.region))
    if refused := [Problem("", one) for reader in readers if (one := _refusal(reader))]:
        raise ManifestError(CONTEXT, refused)


def existing_id(called: str) -> str:
    """Give the id of the construct of an existing repository, by its name or its ARN: the latter has an ``@``."""
    if not called.startswith("arn:"):
        return f"Existing:{id_part(called)}"
    _, _, _, region, account, resource = called.split(":")
    return f"Existing:{id_part(resource.removeprefix('repository/'))}@{account}:{region}"


def _refusal(make: Callable[[], object]) -> str | None:
    """Make a repository or a grant; say why it was refused, if it was."""
    try:
        make()
    except (ValueError, RuntimeError) as error:  # the CDK's own are RuntimeErrors
        return in_words(error)
    return None
