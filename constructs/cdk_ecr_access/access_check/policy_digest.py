"""What a verdict rests on: the policies attached to the principals checked, and the repositories' own."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, cast

from aws_cdk import Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

from cdk_ecr_access.cdk.stacks import stack_of
from cdk_ecr_access.principals.grantees import MADE_HERE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aws_cdk import CfnResource
    from constructs import IConstruct

_POLICIES = (iam.CfnPolicy, iam.CfnManagedPolicy, iam.CfnRolePolicy, iam.CfnUserPolicy, iam.CfnGroupPolicy)
_ATTACHED_TO = ("roles", "users", "groups", "role_name", "user_name", "group_name")
_PRINCIPALS = (iam.CfnRole, iam.CfnUser, iam.CfnGroup)
_HELD = ("policies", "managed_policy_arns", "permissions_boundary", "groups")


class PolicyDigest:
    """What the stacks behind a check hold, read once, when everything has been declared."""

    def __init__(self, stack: Stack, principals: Mapping[str, iam.IPrincipal], stacks: Iterable[Stack] = ()) -> None:
        """Read the stack of the check, those of the principals, by their ARNs, and others."""
        self._stack = stack
        constructs = [cast("IConstruct", one) for one in principals.values() if hasattr(one, "node")]
        self._trees = {one: one.node.find_all() for one in dict.fromkeys([stack, *stacks, *map(stack_of, constructs)])}
        self._names = {one: _names(one, self._known_in(one, principals)) for one in self._trees}

    def _known_in(self, stack: Stack, principals: Mapping[str, iam.IPrincipal]) -> list[str]:
        """List the ARNs of the principals that may be a stack's.

        Resolved in another stack than its own, a role that takes a name only where one is needed would take one.
        """
        return [
            arn
            for arn, one in principals.items()
            if stack is self._stack or not isinstance(one, MADE_HERE) or stack_of(one) is stack
        ]

    def attached_policies(self) -> list[CfnResource]:
        """Find the policy resources of the check's stack that are attached to one of the principals."""
        stack = self._stack
        names = self._names[stack]
        in_groups = {
            _text(group) for one in self._holders(stack) for group in stack.resolve(getattr(one, "groups", None)) or ()
        }
        return [
            policy
            for policy in self._nodes(stack, _POLICIES)
            # A nested stack has logical ids of its own, which may be the same.
            if (names | in_groups) & _attached_to(stack, policy) and Stack.of(policy).node.path == stack.node.path
        ]

    def repository_policies(self) -> list[tuple[ecr.CfnRepository, Any]]:
        """Resolve the policy of each repository of the stacks; nothing for one without."""
        found = []
        for stack in self._trees:
            leaves = self._nodes(stack, (ecr.CfnRepository,))
            # In lists of one, because nothing vanishes from a list.
            texts = stack.resolve([[leaf.repository_policy_text] for leaf in leaves])
            found += [(leaf, text[0] if text else None) for leaf, text in zip(leaves, texts, strict=True)]
        return found

    def digest(self, *others: object) -> str:
        """Sum up all that a verdict rests on, so that a change of any of it changes the custom resource.

        The policies of the stacks that are attached to others count too: better one check too many.
        """
        held = [
            one.resolve(
                [
                    [policy.policy_document for policy in self._nodes(one, _POLICIES)],
                    [[getattr(it, name, None) for name in _HELD] for it in self._holders(one)],
                ]
            )
            for one in self._trees
        ]
        return hashlib.sha256(_text([self._stack.resolve([*others]), held]).encode()).hexdigest()

    def _nodes(self, stack: Stack, types: tuple[type, ...]) -> list[Any]:
        return [node for node in self._trees[stack] if isinstance(node, types)]

    def _holders(self, stack: Stack) -> list[Any]:
        """Find the resources of the roles, users and groups that are checked."""
        return [
            node for node in self._nodes(stack, _PRINCIPALS) if _text(stack.resolve(node.ref)) in self._names[stack]
        ]


def _attached_to(stack: Stack, policy: object) -> set[str]:
    """Name those whom a policy resource is attached to, comparably."""
    resolved = stack.resolve([value for name in _ATTACHED_TO if (value := getattr(policy, name, None))])
    return {_text(one) for value in resolved for one in (value if isinstance(value, list) else [value])}


def _names(stack: Stack, arns: Iterable[str]) -> set[str]:
    """Name principals as policy resources of a stack do, comparably."""
    return {_text(_name(arn)) for arn in stack.resolve([*arns])}


def _name(arn: object) -> object:
    match arn:
        case {"Fn::GetAtt": [logical_id, "Arn"]}:
            return {"Ref": logical_id}
        case str(text) | {"Fn::Join": ["", [*_, str(text)]]}:
            return text.rpartition("/")[2]
    return arn


def _text(resolved: object) -> str:
    return json.dumps(resolved, sort_keys=True)
