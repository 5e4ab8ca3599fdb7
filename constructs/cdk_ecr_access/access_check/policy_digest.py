"""What a verdict rests on: the policies attached to the principals checked, and the repositories' own."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, cast

from cdk_ecr_access.access_check.stack_contents import StackContents, is_plain, text_of
from cdk_ecr_access.cdk.stacks import stack_of
from cdk_ecr_access.cdk.synthesis import Synthesis
from cdk_ecr_access.principals.by_class import MADE_HERE
from cdk_ecr_access.principals.grantees import is_construct

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aws_cdk import CfnResource, Stack
    from aws_cdk import aws_ecr as ecr
    from aws_cdk import aws_iam as iam
    from constructs import IConstruct


class PolicyDigest:
    """What the stacks behind a check hold, read when everything has been declared."""

    def __init__(
        self, stack: Stack, principals: Mapping[str, iam.IPrincipal | str], stacks: Iterable[Stack] = ()
    ) -> None:
        """Read the stack of the check, those of the principals, by their ARNs, and others."""
        self._stack = stack
        homes = {arn: stack_of(cast("IConstruct", one)) for arn, one in principals.items() if is_construct(one)}
        # Resolved in another stack than its own, a role that takes a name only where one is needed would take one.
        made = {arn for arn, one in principals.items() if isinstance(one, MADE_HERE)}
        once = Synthesis.of(stack).once
        self._trees = {one: once(StackContents, one) for one in dict.fromkeys([stack, *stacks, *homes.values()])}
        self._names = {
            one: tree.names(arn for arn in principals if one is stack or arn not in made or homes[arn] is one)
            for one, tree in self._trees.items()
        }

    def attached_policies(self) -> list[CfnResource]:
        """Find the policy resources of the check's stack that are attached to one of the principals."""
        tree, names = self._trees[self._stack], self._names[self._stack]
        in_groups = {text_of(group) for one in tree.held(names) for group in one.get("groups", ())}
        return tree.attached_to(names | in_groups)

    def too_long(self) -> list[tuple[ecr.CfnRepository, Any]]:
        """Find the repositories of the stacks whose policies are longer than ECR takes."""
        return [one for tree in self._trees.values() for one in tree.too_long]

    def digest(self, *others: Mapping[str, Any]) -> str:
        """Sum up all that a verdict rests on, so that a change of any of it changes the custom resource.

        The policies of the stacks that are attached to others count too: better one check too many.
        """
        # As the CDK resolves, what is None vanishes.
        present = [{key: value for key, value in one.items() if value is not None} for one in others]
        given = map(text_of, present if is_plain(present) else self._stack.resolve(present))
        repositories = _array(text for tree in self._trees.values() for text in tree.repository_policies)
        return hashlib.sha256(_array([_array([*given, repositories]), self._identities()]).encode()).hexdigest()

    def _identities(self) -> str:
        """Write the policies of the stacks, and what the principals have of their own."""
        return _array(
            _array([tree.documents, text_of([[*one.values()] for one in tree.held(self._names[stack])])])
            for stack, tree in self._trees.items()
        )


def _array(texts: Iterable[str]) -> str:
    """Join texts of JSON into the text of an array: what was written once is not written again."""
    return f"[{', '.join(texts)}]"
