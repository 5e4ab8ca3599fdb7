"""Notes where a stack would have more resources than CloudFormation takes, and how many stacks are needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.manifest.split import LIMIT, MOST_STACKS, Load, sizes, stacks_needed
from ecr_access.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ecr_access.manifest.entry import Entry
    from ecr_access.manifest.model import Environment, Manifest

_ROOM: Final = 46
"""Of 500 resources: for what roles need besides, and for more repositories."""

_CHECK: Final = 4
"""The resources of an access check: its function, role, log group and custom resource."""


def note_full_stacks(manifest: Manifest, files: Sequence[Entry]) -> None:
    """Note each environment of which a stack would have more repositories and roles than a stack has resources.

    What the CDK adds is counted at synth, by ``cdk_ecr_access.manifest.synthesize``.
    """
    for environment in manifest.environments:
        if wrong := full_stack(manifest, environment):
            place = manifest.places.get(manifest.stacks_key(environment))
            (place.wrong if place else files[0].wrong)(wrong)


def full_stack(manifest: Manifest, environment: Environment) -> str:
    """Write that a stack of an environment would have too many repositories and roles; empty if none would."""
    names = [one.name for one in manifest.repositories if one.environment.name == environment.name]
    roles = sum(environment.name in {there.name for there in one.environments} for one in manifest.roles)
    if len(names) + roles <= LIMIT.resources:
        return ""
    held = sizes(names, environment.stacks)
    held[1] += roles
    if (most := max(held.values())) <= LIMIT.resources:
        return ""
    besides = Load(roles + _CHECK + _ROOM)
    needed = stacks_needed(dict.fromkeys(names, Load(1)), besides=besides, at_least=environment.stacks)
    return (
        f"{_a_stack(environment)} would have {most:,} repositories and roles, and CloudFormation takes "
        f"{LIMIT.resources} resources; {number_of_stacks(needed)}"
    )


def number_of_stacks(needed: int | None) -> str:
    """Write what to do about a full stack."""
    if needed is None:
        return f"no number of stacks up to {MOST_STACKS} helps; declare fewer roles or repositories in one environment"
    return (
        f"write stacks: {needed}; if it is deployed already, ecr-access manifest moves --stacks {needed} prints how to "
        "move repositories"
    )


def _a_stack(environment: Environment) -> str:
    where = f" of environment {quoted(environment.name)}" if environment.name else ""
    return f"a stack{where}" if environment.stacks > 1 else f"the stack{where}"
