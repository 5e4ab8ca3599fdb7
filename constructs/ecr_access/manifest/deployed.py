"""What a manifest's stacks and constructs are called: from the names in the manifest alone, a contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ecr_access.manifest.model import Environment

STACK: Final = "EcrAccess"
"""What the names of the stacks of ``app.py`` start with."""

DECLARED: Final = "Declared"
"""The id of what a manifest declares, in each of these stacks."""


def stack_name(environment: Environment, number: int = 1, *, base: str = STACK) -> str:
    """Return the name of a stack: ``EcrAccess``, ``EcrAccess2``, and of an environment ``EcrAccess2-prod``.

    The first has no number, so that it keeps its name when there are more. The number stands before the environment's
    name, which may end with one.

    Args:
        environment: that is deployed.
        number: which of its stacks, counted from 1.
        base: what the names of an app's stacks start with. Default: ``EcrAccess``.
    """
    return f"{base}{number if number > 1 else ''}{f'-{environment.name}' if environment.name else ''}"


def id_part(name: str) -> str:
    """Write the name of a repository as a part of a construct's id, which holds no ``/``."""
    return name.replace("/", ":")


def repository_id(name: str) -> str:
    """Return the id of a declared repository's construct, the same for the same name for ever."""
    return f"Repository:{id_part(name)}"


def role_output(key: str) -> str:
    """Return the name of the stack's output with the ARN of a role: ``WebDeployRoleArn`` of ``web-deploy``."""
    # Not title(): it has one name for a1b and a1-b.
    return "".join(word.capitalize() for word in key.split("-")) + "RoleArn"


def role_outputs(number: int) -> str:
    """Return the name of an output with the ARNs of many roles, counted from 1; no role's own has it."""
    return f"RoleArns{number}"
