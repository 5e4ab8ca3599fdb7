"""What a verdict rests on: the policies attached to the principals checked, and the repositories' own."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, cast

from aws_cdk import Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aws_cdk import CfnResource
    from constructs import IConstruct

_POLICIES = (iam.CfnPolicy, iam.CfnManagedPolicy, iam.CfnRolePolicy, iam.CfnUserPolicy, iam.CfnGroupPolicy)
_ATTACHED_TO = ("roles", "users", "groups", "role_name", "user_name", "group_name")
_PRINCIPALS = (iam.CfnRole, iam.CfnUser, iam.CfnGroup)
_HELD = ("policies", "managed_policy_arns", "permissions_boundary", "groups")


def attached_policies(stack: Stack, principals: Iterable[str]) -> list[CfnResource]:
    """Find the policy resources of a stack that are attached to one of the principals, which are ARNs."""
    names = _names(stack, principals)
    in_groups = {
        _text(group) for one in _holders(stack, names) for group in stack.resolve(getattr(one, "groups", None)) or ()
    }
    return [
        policy
        for policy in _nodes(stack, _POLICIES)
        # A nested stack has logical ids of its own, which may be the same.
        if (names | in_groups) & _attached_to(stack, policy) and Stack.of(policy).node.path == stack.node.path
    ]


def digest(
    stack: Stack,
    checked: object,
    principals: Mapping[str, iam.IPrincipal],
    repositories: Iterable[ecr.IRepository],
) -> str:
    """Sum up all that a verdict rests on, so that a change of any of it changes the custom resource.

    The policies of the stack, and of the principals' stacks, that are attached to others count too: better one
    check too many.
    """
    constructs = [cast("IConstruct", one) for one in principals.values() if hasattr(one, "node")]
    stacks = {one.node.path: one for one in (stack, *map(Stack.of, constructs))}
    held = [
        one.resolve(
            [
                [policy.policy_document for policy in _nodes(one, _POLICIES)],
                [[getattr(it, name, None) for name in _HELD] for it in _holders(one, _names(one, principals))],
            ]
        )
        for one in stacks.values()
    ]
    own = [Stack.of(one).resolve(_policy_text(one)) for one in repositories]
    return hashlib.sha256(_text([stack.resolve(checked), held, own]).encode()).hexdigest()


def _nodes(stack: Stack, types: tuple[type, ...]) -> list[Any]:
    return [node for node in stack.node.find_all() if isinstance(node, types)]


def _holders(stack: Stack, names: set[str]) -> list[Any]:
    """Find the resources of the roles, users and groups that go by one of the names."""
    return [node for node in _nodes(stack, _PRINCIPALS) if _text(stack.resolve(node.ref)) in names]


def _attached_to(stack: Stack, policy: object) -> set[str]:
    """Name those whom a policy resource is attached to, comparably."""
    resolved = stack.resolve([value for name in _ATTACHED_TO if (value := getattr(policy, name, None))])
    return {_text(one) for value in resolved for one in (value if isinstance(value, list) else [value])}


def _names(stack: Stack, arns: Iterable[str]) -> set[str]:
    """Name principals as policy resources do, comparably."""
    return {_text(_name(stack.resolve(arn))) for arn in arns}


def _name(arn: object) -> object:
    match arn:
        case {"Fn::GetAtt": [logical_id, "Arn"]}:
            return {"Ref": logical_id}
        case str(text) | {"Fn::Join": ["", [*_, str(text)]]}:
            return text.rpartition("/")[2]
    return arn


def _text(resolved: object) -> str:
    return json.dumps(resolved, sort_keys=True)


def _policy_text(repository: ecr.IRepository) -> object:
    """Read the repository policy that this app renders, if it declares the repository."""
    leaf = repository.node.default_child
    return leaf.repository_policy_text if isinstance(leaf, ecr.CfnRepository) else None
