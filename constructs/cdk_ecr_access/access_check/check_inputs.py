"""What an access check is given to prove, and may look at for it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, cast

from aws_cdk import Annotations

from cdk_ecr_access.access_check.declared_policies import as_property
from cdk_ecr_access.access_check.expected_calls import expected_calls
from cdk_ecr_access.access_check.image_gate.gate import ImageGate
from cdk_ecr_access.access_check.policy_digest import PolicyDigest
from cdk_ecr_access.access_check.repository_names import RepositoryNames
from cdk_ecr_access.access_check.requirements import DeclaredRequirement, as_properties
from cdk_ecr_access.access_check.too_late import unchecked_access, unchecked_image, unchecked_policy
from cdk_ecr_access.cdk.l1 import resource_of
from cdk_ecr_access.cdk.own_references import with_references
from cdk_ecr_access.cdk.per_construct import per_construct
from cdk_ecr_access.cdk.stacks import registry_of, stack_of
from cdk_ecr_access.cdk.synthesis import Synthesis
from ecr_access.codes import Code
from ecr_access.tokens import are_different

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_cdk import CfnResource
    from aws_cdk import aws_ecr as ecr
    from aws_cdk import aws_iam as iam
    from constructs import Construct, IConstruct

    from cdk_ecr_access.access_check.checked_repository import CheckedRepository
    from cdk_ecr_access.access_check.function import CheckFunction
    from cdk_ecr_access.access_check.image_gate.required_image import RequiredImage
    from cdk_ecr_access.access_check.settings import Settings
    from ecr_access.iam.actions import AccessLevel


MANY_CALLS: Final = "cdk-ecr-access:manyCalls"
"""The id of the warning, for ``Annotations.acknowledge_warning``."""

MOST_OF_OTHER_STACKS: Final = 200
"""Repositories of other stacks that a check looks up itself: its role has room for 350 principals beside them."""


class CheckInputs:
    """What a check is given to prove; whatever it has to look at for that, its function's role is allowed to.

    What it renders is read once, at synthesis, when everything has been declared.
    """

    def __init__(self, check: Construct, function: CheckFunction, settings: Settings) -> None:
        self._check = check
        self._function = function
        self._settings = settings
        self._stack = stack_of(check)
        self._account = registry_of(self._stack).account
        self._requirements: dict[DeclaredRequirement, None] = {}
        self.principals: dict[str, iam.IPrincipal | str] = {}
        """Those that are simulated, by their ARNs."""
        self._repositories: dict[str, CheckedRepository] = {}
        self._of_other_stacks = 0
        self._left_out: dict[str, CheckedRepository] = {}
        self._not_denied: dict[AccessLevel, dict[str, None]] = {}
        self._compared: dict[str, list[Callable[[], dict[str, Any]]]] = {}
        self._rendered: dict[str, Any] | None = None
        self.too_long: list[tuple[ecr.CfnRepository, Any]] = []
        """The repositories whose policies ECR would refuse, known once rendered."""
        self._images = ImageGate(self._stack, finds=settings.images)
        function.when_written(self._find_images)
        _inputs(check).append(self)

    def add(
        self,
        requirement: DeclaredRequirement,
        *,
        principal: iam.IPrincipal | str | None = None,
        repository: CheckedRepository | None = None,
        reader: Callable[[], CheckInputs] | None = None,
    ) -> None:
        """Add a requirement, with the constructs behind it.

        Args:
            requirement: what must be true.
            principal: whose policies are simulated. Default: none, the repository policy alone decides.
            repository: which is looked up. Default: none.
            reader: returns what the check of the repository's own stack is given, if the principal's own policies take
                what it needs: that check can read the repository policy for this one. Default: none can.

        Raises:
            RuntimeError: if the app has been synthesized already, so that the requirement would go unchecked.
            ValueError: if the check's role cannot hold the permission to look at it.
        """
        if self._rendered is not None and requirement not in self._requirements:
            unchecked = unchecked_access(self._check, requirement, principal, repository)
            raise RuntimeError(Code.GRANT_TOO_LATE.ends(unchecked))
        if principal is not None and requirement.principal not in self.principals:
            self._function.may_simulate(requirement.principal)
            self.principals[requirement.principal] = principal
        if repository is not None and reader and requirement.level and self._leaves_out(repository):
            self._left_out[str(requirement.repository)] = repository
            reader().deny_nothing(repository, requirement.level)
        elif repository is not None:
            self.look_up(repository)
        self._requirements[requirement] = None

    def _leaves_out(self, repository: CheckedRepository) -> bool:
        """Whether the policy of a repository of another stack is for the check of that one to read.

        A role cannot name thousands of repositories, and two checks that read each would take twice the time.
        """
        is_new = repository.arn not in self._repositories and not are_different(repository.account, self._account)
        return is_new and self._of_other_stacks >= MOST_OF_OTHER_STACKS

    def deny_nothing(self, repository: CheckedRepository, level: AccessLevel) -> None:
        """Have the check prove that the policy of a repository denies a level to no principal of the account.

        Raises:
            RuntimeError: if the app has been synthesized already, so that it would go unchecked.
            ValueError: if the check's role cannot hold the permission to look at it.
        """
        if self._rendered is not None and repository.arn not in self._not_denied.get(level, {}):
            raise RuntimeError(Code.GRANT_TOO_LATE.ends(unchecked_policy(self._check, repository)))
        self.look_up(repository)
        self._not_denied.setdefault(level, {})[repository.arn] = None

    def require_image(self, image: RequiredImage) -> None:
        """Require that an image is there.

        Raises:
            RuntimeError: if the app has been synthesized already, so that the image would go unchecked.
            ValueError: if the check's role cannot hold the permission to look at it.
        """
        repository = image.repository
        if self._rendered is not None and image not in self._images:
            raise RuntimeError(Code.GRANT_TOO_LATE.ends(unchecked_image(self._check, image)))
        self.look_up(repository)
        foreign = are_different(repository.account, self._account)
        self._function.may_look_at_images(self._in_policy(repository), foreign=foreign, manifests=image.needs_manifest)
        self._images.add(image)

    def look_up(self, repository: CheckedRepository) -> None:
        """Have a repository looked up, unless it is another account's, whose policy would have to let the check in.

        Raises:
            ValueError: if the check's role cannot hold the permission to look at it.
        """
        if repository.arn in self._repositories:
            return
        if are_different(repository.account, self._account):
            # Named all the same where no stack here declares it, so that the log says what was not looked at.
            if not repository.declared:
                self._repositories[repository.arn] = repository
            return
        self._function.may_look_up(self._in_policy(repository))
        if not repository.declared:
            self._function.may_list(cast("ecr.IRepository", repository.repository).env.region)
        self._of_other_stacks += repository.declared and repository.stack is not self._stack
        self._repositories[repository.arn] = repository

    def _in_policy(self, repository: CheckedRepository) -> str:
        """Write a repository's ARN for the policy of the check's role."""
        is_own = repository.declared and repository.stack is self._stack and repository.name
        # Of a stack whose account is not known, an attribute would count as the longest ARN there is.
        return registry_of(self._stack).repository_arn(repository.name) if is_own else repository.written_arn

    def compare(self, repository: CheckedRepository, arn: str, statement: Callable[[], dict[str, Any]]) -> None:
        """Have a declared statement found in a live repository policy.

        Args:
            repository: whose policy.
            arn: what this check's stack calls it.
            statement: returns it at synthesis.

        Raises:
            ValueError: if the check's role cannot hold the permission to look at it.
        """
        self.look_up(repository)
        self._compared.setdefault(arn, []).append(statement)

    def properties(self) -> dict[str, Any]:
        """Render what is checked as the custom resource's properties, once."""
        if self._rendered is None:
            self._find_images()
            self._rendered = self._given()
        return self._rendered

    def digest(self, preparing: bool) -> str:  # noqa: FBT001 -- a callback of the CDK's
        """Sum up what the verdicts rest on, read once a synthesis: policies may change until the next one."""
        synthesis = Synthesis.of(self._stack)
        synthesis.reached(self, preparing=preparing)
        return synthesis.once(CheckInputs._read, self)

    def _warn(self) -> None:
        looked_up = [arn for arn, one in self._repositories.items() if not are_different(one.account, self._account)]
        calls = expected_calls(
            self._requirements, simulated=self.principals, looked_up=looked_up, home=registry_of(self._stack)
        )
        if calls.problem:
            Annotations.of(self._check).add_warning_v2(MANY_CALLS, Code.MANY_CALLS.ends(calls.problem))

    def _read(self) -> str:
        self._warn()
        stacks = [one.stack for one in self._repositories.values() if one.declared]
        read = PolicyDigest(self._stack, self.principals, stacks)
        self.too_long = read.too_long()
        attached = read.attached_policies()
        for policy in [*attached, *self._function.policies]:
            self._resource.add_resource_dependency(policy)
        self._images.put_first(self._resource, [*attached, *self.principals.values()])
        return read.digest(self.properties(), self._settings.properties)

    def _find_images(self) -> None:
        for image in self._images.found():
            self.require_image(image)

    @cached_property
    def _resource(self) -> CfnResource:
        return cast("CfnResource", resource_of(self._check.node.find_child("Resource")))

    def _given(self) -> dict[str, Any]:
        """Write what is checked; repositories of the check's own stack may be left behind when it fails."""
        names = RepositoryNames(self._stack, self._repositories)
        retained = [one for arn, one in names.references.items() if self._repositories[arn].is_retained()]
        left_out = [names(arn) for arn, one in self._left_out.items() if one.arn not in self._repositories]
        not_denied = {level.value: [*map(names, arns)] for level, arns in self._not_denied.items()}
        given = {
            **as_properties(self._requirements, names, self._not_denied),
            "NotDenied": not_denied or None,
            "ReadElsewhere": left_out or None,
            "Repositories": [*names.references.values()] or None,
            "Existing": [arn for arn, one in self._repositories.items() if not one.declared] or None,
            "Declared": as_property(self._compared) or None,
            "Retained": retained or None,
            "Images": self._images.as_property() or None,
        }
        return {key: with_references(value) for key, value in given.items()}


def inputs_of(check: Construct) -> CheckInputs:
    """Return what a check is given: grants add to it, and users of the check do not see it."""
    (inputs,) = _inputs(check)
    return inputs


@per_construct
def _inputs(_: IConstruct) -> list[CheckInputs]:
    return []
