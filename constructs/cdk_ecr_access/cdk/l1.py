"""Resources as CloudFormation knows them: found by their types, or made where no L2 is needed."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, cast

import jsii
from aws_cdk import CfnResource, ConstructSelector

from cdk_ecr_access.cdk.per_construct import per_construct

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk import IConstructSelector
    from aws_cdk import aws_ecr as ecr
    from constructs import Construct, IConstruct


def resource_of(construct: IConstruct) -> CfnResource | None:
    """Return the resource that a construct of an L2 stands for, in one crossing into the CDK's process."""
    found = _default().select(construct)
    return cast("CfnResource", found[0]) if found else None


@per_construct
def cfn_repository_of(repository: ecr.Repository) -> ecr.CfnRepository:
    """Return the ``AWS::ECR::Repository`` of a repository, for what ``aws_ecr`` cannot render: ask if need be."""
    return cast("ecr.CfnRepository", resource_of(repository))


def resources_in(scope: IConstruct, *types: str) -> list[CfnResource]:
    """Return the resources of some types in a tree, in one crossing.

    ``find_all`` would hand over every construct, and import the module of each.
    """
    return cast("list[CfnResource]", _of_types(types).select(scope))


def made(kind: str, scope: Construct, properties: Mapping[str, Any]) -> CfnResource:
    """Make a resource of a class of the CDK, such as ``aws_lambda.CfnFunction``, without the module in Python.

    ``aws_lambda`` imports ``aws_ec2``; both together are a twentieth of what a small app takes. Wherever the CDK hands
    the resource over, as to an aspect, it is of its own class, in Python too. Here it is any ``CfnResource``.

    Args:
        kind: the module and the class.
        scope: whose only resource it is.
        properties: as the class names them in JavaScript.
    """

    class Made(CfnResource):
        __jsii_type__ = f"aws-cdk-lib.{kind}"

    one = Made.__new__(Made)
    jsii.create(Made, one, [scope, "Resource", {**properties}])
    # Remembered as made here, it would be handed over as this class. jsii has no other way than its own memory; in a
    # release that keeps it elsewhere, an aspect in Python meets a `CfnResource`, and all else is as before.
    remembered = getattr(getattr(getattr(jsii, "_reference_map", None), "_refs", None), "_refs", {})
    remembered.pop(one.__jsii_ref__.ref, None)  # type: ignore[attr-defined]
    return one


def key_of(one: object) -> str:
    """Return what the CDK calls an object: in Python it is another one each time that it comes out of the CDK."""
    return cast("str", one.__jsii_ref__.ref)  # type: ignore[attr-defined]


def arn_of(resource: CfnResource) -> str:
    """Return the ``Arn`` of a resource that was made here, a token."""
    return cast("str", jsii.get(resource, "attrArn"))


# Selectors hold no construct: they outlive no tree, and each is a crossing into the CDK's process.
@cache
def _default() -> IConstructSelector:
    return ConstructSelector.cfn_resource()


@cache
def _of_types(types: tuple[str, ...]) -> IConstructSelector:
    return ConstructSelector.resources_of_type(*types)
