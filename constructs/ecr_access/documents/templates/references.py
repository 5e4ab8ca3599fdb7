"""What ``Ref`` and ``Fn::GetAtt`` return of the resources that matter here, and of pseudo parameters.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repository.html#aws-resource-ecr-repository-return-values
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ecr_access.iam.arns import Registry
from ecr_access.iam.unknown_text import MARK, is_known, unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from ecr_access.documents.templates.template import Resource, Template

    Text = Callable[[object], str]

REPOSITORY: Final = "AWS::ECR::Repository"
# What the Regions of each partition but the first begin with, and the suffix of its endpoints.
_PARTITIONS: Final = {
    "cn-": ("aws-cn", "amazonaws.com.cn"),
    "us-gov-": ("aws-us-gov", "amazonaws.com"),
    "eusc-": ("aws-eusc", "amazonaws.eu"),
    "us-iso-": ("aws-iso", "c2s.ic.gov"),
    "us-isob-": ("aws-iso-b", "sc2s.sgov.gov"),
    "eu-isoe-": ("aws-iso-e", "cloud.adc-e.uk"),
    "us-isof-": ("aws-iso-f", "csp.hci.ic.gov"),
}
_END: Final = re.compile(r"[0-9A-Za-z]{8,}")
_BEGIN: Final = re.compile(rf"^arn:(?:{MARK}|[^:\ue000]*):")
_IAM: Final = {
    "AWS::IAM::Role": ("role", "RoleName"),
    "AWS::IAM::User": ("user", "UserName"),
    "AWS::IAM::Group": ("group", "GroupName"),
    "AWS::IAM::ManagedPolicy": ("policy", "ManagedPolicyName"),
}
NAMED: Final = {REPOSITORY: "RepositoryName", **{kind: key for kind, (_, key) in _IAM.items()}}
"""The property that names a resource, by its type."""


def pseudo(name: str, template: Template) -> str | None:
    """Return a pseudo parameter's value; None if it is none."""
    if name == "AWS::AccountId":
        return template.account or unknown("AWS::AccountId")
    if name == "AWS::Region":
        return template.region or unknown("AWS::Region")
    if name == "AWS::Partition":
        return partition_of(template.region)
    if name == "AWS::URLSuffix":
        return _of_region(template.region)[1] or unknown(name)
    if name == "AWS::NoValue":
        return ""
    return unknown(name, template.path) if name.startswith("AWS::") else None


def partition_of(region: str) -> str:
    """Return the partition that a Region is in; a mark where the Region is not known."""
    return _of_region(region)[0] or unknown("AWS::Partition")


def without_partition(arn: str) -> str:
    """Return an ARN but for its partition; any other text as it is."""
    return _BEGIN.sub("arn:", arn)


def ref(resource: Resource, text: Text) -> str:
    """Return what ``Ref`` returns: a name, or for a managed policy its ARN."""
    if resource.type == "AWS::IAM::ManagedPolicy":
        return _iam_arn(resource, text)
    return _name(resource, text)


def attribute(resource: Resource, name: str, text: Text) -> str:
    """Return what ``Fn::GetAtt`` returns."""
    template = resource.template
    if resource.type == REPOSITORY and name == "Arn":
        registry = Registry(_partition(template), _region(template), _account(template))
        return registry.repository_arn(_name(resource, text))
    if resource.type == REPOSITORY and name == "RepositoryUri":
        suffix = pseudo("AWS::URLSuffix", template)
        return f"{_account(template)}.dkr.ecr.{_region(template)}.{suffix}/{_name(resource, text)}"
    if resource.type in _IAM and name in ("Arn", "PolicyArn"):
        return _iam_arn(resource, text)
    return unknown(f"{resource.logical_id}.{name}", template.path)


def may_be_named(resource: Resource, name: str) -> bool:
    """Whether a resource may have a name that is known: one that CloudFormation makes up is of a pattern.

    It is of the stack, the logical id and a random end; IAM's have room for 64 characters, and the first two are cut.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
    """
    if NAMED.get(resource.type, "") in resource.properties:
        return True
    begin, _, end = name.rpartition("-")
    is_cut = resource.type != REPOSITORY and "-" in begin
    return _END.fullmatch(end) is not None and (is_cut or begin.lower().endswith(f"-{resource.logical_id.lower()}"))


def _iam_arn(resource: Resource, text: Text) -> str:
    kind = _IAM[resource.type][0]
    path = text(resource.properties.get("Path", "/")).strip("/")
    rest = "/".join(filter(None, (kind, path, _name(resource, text))))
    return f"arn:{_partition(resource.template)}:iam::{_account(resource.template)}:{rest}"


def _name(resource: Resource, text: Text) -> str:
    """Return a resource's name; one that CloudFormation makes up is marked by where the resource is."""
    key = NAMED.get(resource.type, "")
    given = resource.properties.get(key) if key else None
    return text(given) if given is not None else unknown(resource.logical_id, resource.template.path)


def _partition(template: Template) -> str:
    return pseudo("AWS::Partition", template) or ""


def _region(template: Template) -> str:
    return pseudo("AWS::Region", template) or ""


def _account(template: Template) -> str:
    return pseudo("AWS::AccountId", template) or ""


def _of_region(region: str) -> tuple[str, str]:
    """Return the partition that a Region is in and its suffix; empty if the Region is not known."""
    if not region or not is_known(region):
        return "", ""
    return next((found for start, found in _PARTITIONS.items() if region.startswith(start)), ("aws", "amazonaws.com"))
