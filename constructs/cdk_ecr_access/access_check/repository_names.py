"""What the properties of a check call repositories: by their names, which are shorter and easier to read than ARNs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cdk_ecr_access.cdk.own_references import own_reference
from cdk_ecr_access.cdk.stacks import registry_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk import Stack

    from cdk_ecr_access.access_check.checked_repository import CheckedRepository


class RepositoryNames:
    """The names of the repositories of a stack, and of others in its registry."""

    def __init__(self, stack: Stack, repositories: Mapping[str, CheckedRepository]) -> None:
        """Resolve the repositories of the stack, by their ARNs, in one crossing."""
        self._prefix = registry_of(stack).repository_arn("")
        self._repositories = repositories
        own = [arn for arn, one in repositories.items() if one.declared and one.stack is stack]
        # A repository in bulk has a reference already, which the CDK refuses to resolve.
        resolved = stack.resolve([own_reference(arn) or arn for arn in own]) if own else []
        self.references = {arn: ref for arn, one in zip(own, resolved, strict=True) if (ref := _reference(one))}
        """What refers to each repository of the stack itself, so that it is made before the check runs: its name."""

    def __call__(self, arn: str) -> Any:
        """Return the name of a repository, or a reference to it if it has none yet; the ARN of any other."""
        if arn in self.references:
            return self._repositories[arn].name or self.references[arn]
        return arn.removeprefix(self._prefix)


def _reference(resolved: object) -> dict[str, str] | None:
    match resolved:
        case {"Fn::GetAtt": [str(logical_id), "Arn"]}:
            return {"Ref": logical_id}
    return None
