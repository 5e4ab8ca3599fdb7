"""What the tree of a stack holds that a verdict can rest on, read in as few crossings into the CDK's process as can be.

Read once a synthesis, whatever the number of checks: most of it is the same for each.
"""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

from cdk_ecr_access.cdk.l1 import resources_in
from cdk_ecr_access.cdk.stacks import is_in
from ecr_access.ecr.policy_size import is_too_long
from ecr_access.tokens import is_token

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aws_cdk import CfnResource, Stack

_POLICIES: Final = (iam.CfnPolicy, iam.CfnManagedPolicy, iam.CfnRolePolicy, iam.CfnUserPolicy, iam.CfnGroupPolicy)
_ATTACHED_TO: Final = ("roles", "users", "groups", "roleName", "userName", "groupName")
_PRINCIPALS: Final = (iam.CfnRole, iam.CfnUser, iam.CfnGroup)
_TYPES: Final = (
    "AWS::ECR::Repository",
    *(f"AWS::IAM::{name}" for name in ("Policy", "ManagedPolicy", "RolePolicy", "UserPolicy", "GroupPolicy")),
    *(f"AWS::IAM::{name}" for name in ("Role", "User", "Group")),
)
_HELD: Final = ("policies", "managedPolicyArns", "permissionsBoundary", "groups")


class StackContents:
    """The policies, principals and repositories of a stack and of those nested in it.

    Everything is resolved in the stack itself, and only when a check asks for it: a value that waits for the last grant
    may be asked for once.
    """

    def __init__(self, stack: Stack) -> None:
        """Read the tree, in one crossing."""
        self._stack = stack
        nodes = resources_in(stack, *_TYPES)
        self._policies: list[CfnResource] = [node for node in nodes if isinstance(node, _POLICIES)]
        self._principals = [node for node in nodes if isinstance(node, _PRINCIPALS)]
        self._leaves = [node for node in nodes if isinstance(node, ecr.CfnRepository)]
        self._names: dict[str, str] = {}
        self._held: dict[CfnResource, dict[str, Any]] = {}

    def names(self, arns: Iterable[str]) -> set[str]:
        """Name principals as policy resources of the stack do, comparably."""
        wanted = [*arns]
        new = [arn for arn in wanted if arn not in self._names]
        unknown = [arn for arn in new if is_token(arn)]
        resolved = dict(zip(unknown, self._resolved(unknown), strict=True))
        self._names.update({arn: text_of(_name(resolved.get(arn, arn))) for arn in new})
        return {self._names[arn] for arn in wanted}

    def held(self, names: set[str]) -> list[dict[str, Any]]:
        """Read what the principals of these names have of their own, without the policies that name them."""
        if not names:
            return []
        named = [one for one, ref in zip(self._principals, self._refs, strict=True) if ref in names]
        new = [one for one in named if one not in self._held]
        properties = [{key: value for key, value in _properties(one).items() if key in _HELD} for one in new]
        self._held.update(zip(new, self._resolved(properties), strict=True))
        # In the order of the names, whatever that of the properties.
        return [{key: self._held[one][key] for key in _HELD if key in self._held[one]} for one in named]

    def attached_to(self, names: set[str]) -> list[CfnResource]:
        """Find the policy resources that are attached to a principal of these names, but none of a nested stack.

        A nested stack has logical ids of its own, which may be the same.
        """
        found = [one for one, attached in zip(self._policies, self._attached, strict=True) if names & attached]
        return [one for one in found if is_in(one, self._stack)]

    @cached_property
    def documents(self) -> str:
        """The documents of all policy resources, comparably: better one check too many than one too few."""
        documents = [one.get("policyDocument") for one in self._policy_properties]
        return text_of(self._resolved(documents))

    @cached_property
    def repository_policies(self) -> list[str]:
        """The policies of the repositories, comparably; nothing for one without."""
        return [text_of(policy) for _, policy in self._repositories if policy is not None]

    @cached_property
    def too_long(self) -> list[tuple[ecr.CfnRepository, Any]]:
        """The repositories whose policies are longer than ECR takes, each with its policy."""
        return [(leaf, policy) for leaf, policy in self._repositories if is_too_long(policy)]

    @cached_property
    def repository_names(self) -> set[str]:
        """The names of the repositories, tokens among them."""
        return {one["repositoryName"] for one in self._repository_properties if one.get("repositoryName")}

    @cached_property
    def _repository_properties(self) -> list[dict[str, Any]]:
        return [_properties(leaf) for leaf in self._leaves]

    @cached_property
    def _repositories(self) -> list[tuple[ecr.CfnRepository, Any]]:
        policies: list[Any] = [one.get("repositoryPolicyText") for one in self._repository_properties]
        late = [index for index, policy in enumerate(policies) if not is_plain(policy)]
        # In lists of one, because nothing vanishes from a list.
        for index, one in zip(late, self._resolved([[policies[index]] for index in late]), strict=True):
            policies[index] = one[0] if one else None
        return [*zip(self._leaves, policies, strict=True)]

    @cached_property
    def _policy_properties(self) -> list[dict[str, Any]]:
        return [_properties(one) for one in self._policies]

    @cached_property
    def _attached(self) -> list[set[str]]:
        """What each policy resource is attached to, comparably."""
        given = [{key: one[key] for key in _ATTACHED_TO if one.get(key)} for one in self._policy_properties]
        return [
            {text_of(one) for value in found.values() for one in (value if isinstance(value, list) else [value])}
            for found in self._resolved(given)
        ]

    @cached_property
    def _refs(self) -> list[str]:
        return [text_of(ref) for ref in self._resolved([one.ref for one in self._principals])]

    def _resolved(self, values: Sequence[Any]) -> list[Any]:
        found: list[Any] = self._stack.resolve([*values]) if values else []
        return found


def text_of(resolved: object) -> str:
    """Write what is resolved, comparably."""
    return json.dumps(resolved, sort_keys=True)


def is_plain(value: object) -> bool:
    """Whether a value has nothing to resolve, as the policies that are made in bulk: it is written as it is then."""
    try:
        return "{Token[" not in json.dumps(value)
    except TypeError:  # a resolvable is an object of the CDK
        return False


def _properties(resource: CfnResource) -> dict[str, Any]:
    """Read all properties of a resource in one crossing, instead of one each."""
    return dict(resource._cfn_properties)  # noqa: SLF001 -- the CDK's own, for subclasses; what it renders is made of it


def _name(arn: object) -> object:
    match arn:
        case {"Fn::GetAtt": [logical_id, "Arn"]}:
            return {"Ref": logical_id}
        case str(text) | {"Fn::Join": ["", [*_, str(text)]]}:
            return text.rpartition("/")[2]
    return arn
