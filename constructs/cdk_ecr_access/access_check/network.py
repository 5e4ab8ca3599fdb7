"""Where the check's function runs, as CloudFormation takes it: subnets and security groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecr_access.codes import Code
from ecr_access.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_ec2 as ec2
    from constructs import Construct

    from cdk_ecr_access.access_check.hosting import Hosting

_SELECTED_BY: Final = (
    *("availability_zones", "one_per_az", "subnet_filters"),
    *("subnet_group_name", "subnets", "subnet_type"),
)


def vpc_config(scope: Construct, function: Construct, hosted: Hosting) -> dict[str, Any] | None:
    """Return the ``VpcConfig`` of a function; None outside of VPCs.

    Args:
        scope: of the security group, where none is given.
        function: which waits for the way out of the subnets.
        hosted: where the function runs.

    Raises:
        ValueError: if a subnet is public: a function there has no way out.
    """
    if hosted.vpc is None:
        named = {"subnetIds": [*hosted.subnet_ids], "securityGroupIds": [*hosted.security_group_ids]}
        return named if hosted.subnet_ids else None
    chosen = hosted.vpc_subnets
    by = {} if chosen is None else {name: getattr(chosen, name) for name in _SELECTED_BY}
    subnets = hosted.vpc.select_subnets(**by)
    public = {one.subnet_id for one in hosted.vpc.public_subnets}
    if wrong := [quoted(one) for one in subnets.subnet_ids if one in public]:
        raise Code.CHECK_SETTING.error(
            f"vpc_subnets has the public subnet {', '.join(wrong)}; allowed: subnets with a way out that is a NAT "
            "gateway or VPC endpoints, because a function in a public subnet cannot reach AWS"
        )
    function.node.add_dependency(subnets.internet_connectivity_established)
    groups = _default_group(scope, hosted.vpc) if hosted.security_groups is None else hosted.security_groups
    return {"subnetIds": subnets.subnet_ids, "securityGroupIds": [one.security_group_id for one in groups]}


def _default_group(scope: Construct, vpc: ec2.IVpc) -> Sequence[ec2.ISecurityGroup]:
    """Make a security group that lets the function out to AWS, and nothing in."""
    from aws_cdk import aws_ec2 as ec2  # the CDK's largest module, for checks in a VPC alone

    group = ec2.SecurityGroup(
        scope, "SecurityGroup", vpc=vpc, allow_all_outbound=False, description="The ECR access check"
    )
    group.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(443), "the endpoints of AWS")
    return [group]
