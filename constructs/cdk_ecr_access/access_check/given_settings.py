"""The settings of an access check that are given outside of Python: in the CDK's context, or in a manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cdk_ecr_access.cdk.per_construct import per_construct
from cdk_ecr_access.cdk.stacks import node_of, stack_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_cdk import Stack
    from constructs import Construct

PREFIX: Final = "cdk-ecr-access:"


class GivenSettings:
    """The settings of one check, read in one crossing into the CDK's process."""

    def __init__(self, scope: Construct) -> None:
        """Read the context and the manifest of the check's stack."""
        self.context: dict[str, Any] = dict(node_of(stack_of(scope)).get_all_context())
        """All keys of the context, also those of others."""
        self._manifest = _of_manifest(stack_of(scope))

    def get(self, key: str) -> Any:
        """Return a setting: the context's, which the command line can give, or else the manifest's; None if neither."""
        value = self.context.get(key)
        return self._manifest.get(key) if value is None else value

    def together(self, keys: Sequence[str]) -> list[Any]:
        """Return settings that belong together: all from the context if it has one of them, or else the manifest's."""
        given = [self.context.get(key) for key in keys]
        return [self.get(key) for key in keys] if given == [None] * len(given) else given


def give(stack: Stack, settings: Mapping[str, object]) -> None:
    """Give a stack's check the settings of a manifest, by their names there."""
    given = {f"{PREFIX}{name.replace('_', '-')}": value for name, value in settings.items()}
    _of_manifest(stack).update({key: value for key, value in given.items() if value not in (None, ())})


@per_construct
def _of_manifest(_: Stack) -> dict[str, object]:
    return {}
