"""The nodes and pods of Amazon EKS must be able to pull from Amazon ECR.

The role of a node group, of the nodes of EKS Auto Mode or Karpenter, or of the pods on Fargate has no statement that
allows the pull of any image of ECR. Pods of private images end in ``ImagePullBackOff``, and so do the add-ons of EKS
for networking, whose images are of ECR too.

Fix: the AWS managed policy ``AmazonEC2ContainerRegistryPullOnly``, or for pods on Fargate
``AmazonEKSFargatePodExecutionRolePolicy``.

Not reported: which repositories a role may pull from, since the images are in no template; a role that a repository of
the app may let in; a role that may pull and get no token, which ``token-missing`` is about; hybrid nodes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.references import partition_of
from ecr_access.iam.actions import TOKEN_ACTION, AccessLevel
from ecr_access.iam.ternary import Ternary
from ecr_access.rules.access.node_roles import node_roles
from ecr_access.rules.access.pair import is_trusted, repositories_of
from ecr_access.rules.finding import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.identity import Identity
    from ecr_access.rules.access.node_roles import NodeRole

_PULLS: Final = AccessLevel.PULL.required_actions
_ANY: Final = repositories_of("*")


def _check(app: Application) -> Iterator[RuleFinding]:
    seen: set[str] = set()
    for one in node_roles(app):
        if one.identity.arn in seen or one.identity.resource.type != "AWS::IAM::Role":
            continue
        if lacking := _lacking(one.identity, app):
            seen.add(one.identity.arn)
            yield _finding(one, lacking)


def _lacking(identity: Identity, app: Application) -> list[str]:
    """Return what a role certainly lacks to pull anything; empty if it may pull something."""
    lacking = [one for one in _PULLS if not _may_somewhere(identity, one, app)]
    names_pull = all(_is_allowed(identity, one) for one in _PULLS)
    if not names_pull and identity.may(TOKEN_ACTION, "*") is Ternary.NO:
        lacking.append(f"{TOKEN_ACTION} on '*'")
    return lacking


def _may_somewhere(identity: Identity, action: str, app: Application) -> bool:
    """Whether an action on a repository, whichever, may be allowed."""
    sides = (identity, identity.boundary or identity)
    return is_trusted(identity, action, _ANY, app) or all(_is_allowed(one, action) for one in sides)


def _is_allowed(identity: Identity, action: str) -> bool:
    statements = [*(one for _, one in identity.granted), *identity.by_aws]
    return not identity.is_whole or any(one.allows and one.names(action) is not Ternary.NO for one in statements)


def _finding(one: NodeRole, lacking: list[str]) -> RuleFinding:
    name = "AmazonEKSFargatePodExecutionRolePolicy" if one.is_of_pods else "AmazonEC2ContainerRegistryPullOnly"
    policy = f"arn:{partition_of(one.identity.resource.template.region)}:iam::aws:policy/{name}"
    who = "pods" if one.is_of_pods else "nodes"
    return RuleFinding(
        one.identity.resource,
        "Properties.ManagedPolicyArns",
        f"{one.identity.label} is the {one.name} of {one.resource.logical_id}, whose {who} pull by it, but may not "
        f"{' and '.join(lacking)}: pods of images of ECR end in ImagePullBackOff",
        f"add '{policy}' to its ManagedPolicyArns; in the CDK, "
        f"iam.ManagedPolicy.from_aws_managed_policy_name('{name}')",
    )


RULE: Final = Rule(
    "node-role-cannot-pull",
    Severity.WARNING,
    "the role of the nodes or pods of Amazon EKS may pull from Amazon ECR",
    "https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html",
    _check,
)
