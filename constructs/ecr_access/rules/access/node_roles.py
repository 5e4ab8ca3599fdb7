"""The roles by which the nodes and pods of Amazon EKS pull.

Which images they run is in Kubernetes, and in no template.

https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html
https://docs.aws.amazon.com/eks/latest/userguide/pod-execution-role.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ecr_access.documents.templates.template import listed, mapping
from ecr_access.rules.access.image_places import role_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.documents.templates.template import Resource
    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.identity import Identity

_OF_PODS: Final = "PodExecutionRoleArn"
_ROLES: Final = {
    "AWS::EKS::Nodegroup": "NodeRole",
    "AWS::EKS::FargateProfile": _OF_PODS,
    # https://docs.aws.amazon.com/eks/latest/userguide/auto-create-node-role.html
    "AWS::EKS::Cluster": "ComputeConfig.NodeRoleArn",
    # What Karpenter launches nodes with has no other resource.
    "AWS::EKS::AccessEntry": "PrincipalArn",
}
_ENTRY: Final = "AWS::EKS::AccessEntry"
_NODES: Final = ("EC2", "EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX")
_GROUP: Final = "AWS::AutoScaling::AutoScalingGroup"
# Nodes that are not managed find their cluster by it.
_CLUSTER_TAG: Final = "kubernetes.io/cluster/"
_LAUNCHES: Final = (
    ("AWS::AutoScaling::LaunchConfiguration", ("LaunchConfigurationName",), ("IamInstanceProfile",)),
    (
        "AWS::EC2::LaunchTemplate",
        (
            "LaunchTemplate.LaunchTemplateId",
            "MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification.LaunchTemplateId",
        ),
        ("LaunchTemplateData.IamInstanceProfile.Arn", "LaunchTemplateData.IamInstanceProfile.Name"),
    ),
)
_PROFILE: Final = "AWS::IAM::InstanceProfile"


class NodeRole(NamedTuple):
    """A role of the app, and what names it as that of nodes or pods.

    Attributes:
        identity: the role.
        resource: what names it.
        name: the property that does.
    """

    identity: Identity
    resource: Resource
    name: str

    @property
    def service(self) -> str:
        """What assumes the role, without the suffix."""
        return "eks-fargate-pods" if self.is_of_pods else "ec2"

    @property
    def is_of_pods(self) -> bool:
        """Whether it is the role of pods on Fargate."""
        return self.name == _OF_PODS or self.resource.properties.get("Type") == "FARGATE_LINUX"


def node_roles(app: Application) -> Iterator[NodeRole]:
    """Yield the roles of nodes and pods that the app declares."""
    for resource in app.of_type(*_ROLES):
        path = _ROLES[resource.type]
        if resource.type != _ENTRY or resource.properties.get("Type") in _NODES:
            yield from _named(app, resource, path, role_at(resource.properties, path, ()))
    for group in app.of_type(_GROUP):
        if any(_tag_of(one, group, app).startswith(_CLUSTER_TAG) for one in listed(group.properties.get("Tags"))):
            for profile in _profiles(group, app):
                for role in listed(profile.properties.get("Roles")):
                    yield from _named(app, profile, "Roles", role)


def _named(app: Application, resource: Resource, name: str, role: Any) -> Iterator[NodeRole]:
    identity = app.identities.of_role(app.resolver.text(role, resource.template)) if role is not None else None
    if identity and identity.may_be_of(resource.template):
        yield NodeRole(identity, resource, name.rpartition(".")[2])


def _tag_of(tag: Any, group: Resource, app: Application) -> str:
    return app.resolver.text(mapping(tag).get("Key", ""), group.template)


def _profiles(group: Resource, app: Application) -> Iterator[Resource]:
    """Yield the instance profiles with which a group certainly launches its instances."""
    for kind, paths, profile_paths in _LAUNCHES:
        named = [role_at(group.properties, path, ()) for path in paths]
        for launch in _referred(named, group, app, kind):
            written = [role_at(launch.properties, path, ()) for path in profile_paths]
            yield from _referred(written, launch, app, _PROFILE)


def _referred(values: list[Any], resource: Resource, app: Application, kind: str) -> Iterator[Resource]:
    """Yield the resources of a type that values of a resource refer to, by ``Ref`` or by their ARN."""
    texts = {app.resolver.text(one, resource.template) for one in values if one is not None}
    for one in resource.template.of_type(kind):
        own = ({"Ref": one.logical_id}, {"Fn::GetAtt": [one.logical_id, "Arn"]})
        if any(app.resolver.text(it, one.template) in texts for it in own):
            yield one
