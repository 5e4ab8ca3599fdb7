"""What comes too late for an access check: the app has been synthesized, and it would go unchecked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecr_access.wording import quoted

if TYPE_CHECKING:
    from constructs import Construct

    from cdk_ecr_access.access_check.checked_repository import CheckedRepository
    from cdk_ecr_access.access_check.image_gate.required_image import RequiredImage
    from cdk_ecr_access.access_check.requirements import DeclaredRequirement


def unchecked_access(
    check: Construct, requirement: DeclaredRequirement, principal: object, repository: CheckedRepository | None
) -> str:
    """Say that a rendered check would not prove a requirement: constructs by their paths, for a token has no name."""
    path = getattr(getattr(principal, "node", None), "path", None)
    who = quoted(path or requirement.principal)
    if repository is None:
        return _unchecked(check, f"a token of {who}")
    return _unchecked(check, f"the access of {who} to {_named(repository)}")


def unchecked_policy(check: Construct, repository: CheckedRepository) -> str:
    """Say that a rendered check would not read the policy of a repository for another one."""
    return _unchecked(check, f"the policy of {_named(repository)} for a check that leaves it to this one")


def unchecked_image(check: Construct, image: RequiredImage) -> str:
    """Say that a rendered check would not look at an image."""
    return _unchecked(check, f"image {quoted(image.image)} of {_named(image.repository)}")


def _unchecked(check: Construct, what: str) -> str:
    path = check.node.path
    return f"'{path}' is rendered and would not check {what}; grant before synthesis, in an aspect at the latest"


def _named(repository: CheckedRepository) -> str:
    name = f"{quoted(repository.name)}, which is " if repository.name else ""
    return f"repository {name}{quoted(repository.repository.node.path)}"
