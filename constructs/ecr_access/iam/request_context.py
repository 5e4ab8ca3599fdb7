"""The request context: which condition keys the calls of a principal carry, and with which values.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from ecr_access.iam.principals import LAMBDA, Kind
from ecr_access.iam.unknown_text import split
from ecr_access.iam.wildcards import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecr_access.iam.arns import Registry
    from ecr_access.iam.principals import Principal, Source

Values = tuple[str, ...]
"""What one call carries for a key: patterns, "some role of this account" being one; nothing if the key is absent."""

MULTIVALUED: Final = frozenset(
    {
        "aws:calledvia",
        "aws:principalorgpaths",
        "aws:principalservicenameslist",
        "aws:resourceorgpaths",
        "aws:sourceorgpaths",
        "aws:tagkeys",
        "aws:vpceorgpaths",
    }
)
"""Keys of several values, in lower case, of which a condition is known to decide with a set operator alone.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
"""

_ABSENT: Final[Values] = ()
_SOME_VALUE: Final[Values] = ("*",)
_SOME_ORGANIZATION: Final = {
    "aws:PrincipalOrgID": (_ABSENT, ("o-*",)),
    "aws:PrincipalOrgPaths": (_ABSENT, ("o-*/r-*/",)),
}
_NO_POLICY_NAMES: Final[Values] = ("(AWS service)",)
_PRINCIPAL_TYPES: Final = (("AssumedRole",), ("User",), ("FederatedUser",), ("Account",))

_RESOURCE_ARNS: Final = {
    # It sends the function's ARN, and is not said to send its account.
    # https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#configuration-images-xaccount-permissions
    LAMBDA: "lambda:{region}:{account}:function:{function}",
    # https://docs.aws.amazon.com/codebuild/latest/userguide/sample-ecr.html
    "codebuild.amazonaws.com": "codebuild:{region}:{account}:*",
}
"""What a service acts for. Of any other, neither its name in an ARN nor the Region of its resources is known."""


@dataclass(frozen=True)
class RequestContext:
    """What is known of the calls of a principal.

    Attributes:
        possible: the values that a call may carry, by keys. Any other key may be there or not.
    """

    possible: Mapping[str, tuple[Values, ...]]

    def of(self, key: str) -> tuple[Values, ...]:
        """Return what a call may carry for a key, whatever its case."""
        return self._by_lower_case.get(key.lower(), (_ABSENT, _SOME_VALUE))

    @property
    def certain(self) -> dict[str, str]:
        """The keys that every call carries, each with the one value that it has."""
        alone = {key: values[0] for key, values in self.possible.items() if len(values) == 1}
        return {key: one[0] for key, one in alone.items() if len(one) == 1 and not has_wildcard(one[0])}

    @cached_property
    def _by_lower_case(self) -> dict[str, tuple[Values, ...]]:
        return {key.lower(): values for key, values in self.possible.items()}


def context_of(principal: Principal, registry: Registry, source: Source | None = None) -> RequestContext:
    """Return what is known of a principal's calls to a registry.

    Args:
        principal: the caller, or all the callers of an account, an organization or an organizational unit.
        registry: what is called; its account is empty for a token, of which AWS names no resource.
        source: for whose resources a service acts. Default: unknown.
    """
    partition = split(principal.name, ":")[1] if principal.kind is Kind.IAM_IDENTITY else registry.partition
    possible: dict[str, tuple[Values, ...]] = {
        "aws:SecureTransport": (("true",),),  # ECR has HTTPS endpoints alone
        "aws:RequestedRegion": ((registry.region,),),
        "aws:CurrentTime": (_SOME_VALUE,),
        "aws:EpochTime": (_SOME_VALUE,),
    }
    if registry.account:
        possible["aws:ResourceAccount"] = ((registry.account,),)
    if principal.kind is Kind.SERVICE:
        return RequestContext(possible | _of_service(principal, partition, source))
    # A service alone carries these, when it calls by itself.
    possible |= dict.fromkeys(
        (
            "aws:SourceAccount",
            "aws:SourceArn",
            "aws:SourceOrgID",
            "aws:SourceOrgPaths",
            "aws:PrincipalServiceName",
            "aws:PrincipalServiceNamesList",
        ),
        (_ABSENT,),
    )
    possible |= {
        "aws:PrincipalIsAWSService": (("false",),),
        "aws:userid": (_SOME_VALUE,),
        # Clients of a registry call ECR directly.
        "aws:ViaAWSService": (("false",),),
        **dict.fromkeys(("aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast"), (_ABSENT,)),
        **_SOME_ORGANIZATION,
    }
    if principal.kind is Kind.IAM_IDENTITY:
        return RequestContext(possible | _of_identity(principal, partition))
    if principal.kind is Kind.ACCOUNT:
        possible["aws:PrincipalType"] = _PRINCIPAL_TYPES
        possible["aws:PrincipalArn"] = ((f"arn:{partition}:iam::{principal.account}:*",),)
        possible["aws:PrincipalAccount"] = ((principal.account,),)
        return RequestContext(possible)
    return RequestContext(possible | _of_organization(principal, partition))


def _of_identity(principal: Principal, partition: str) -> dict[str, tuple[Values, ...]]:
    """Of a role, which calls by a session, or of a user."""
    direct: dict[str, tuple[Values, ...]] = {"aws:PrincipalAccount": ((principal.account,),)}
    if principal.noun == "role":
        return direct | {
            "aws:PrincipalArn": ((principal.name,),),
            "aws:PrincipalType": (("AssumedRole",),),
            "aws:username": (_ABSENT,),
            "aws:TokenIssueTime": (_SOME_VALUE,),
        }
    # A group calls as one of its users.
    is_user = principal.noun == "user"
    arn = principal.name if is_user else f"arn:{partition}:iam::{principal.account}:user/*"
    return direct | {
        "aws:PrincipalArn": ((arn,),),
        "aws:PrincipalType": (("User",),),
        "aws:username": ((split(arn, "/")[-1],),),
    }


def _of_organization(principal: Principal, partition: str) -> dict[str, tuple[Values, ...]]:
    """Of every account in an organization, or in a unit of it: every path ends with a slash."""
    organization, _, path = principal.name.partition("/")
    paths: tuple[Values, ...] = ((principal.name,),)
    if not path:
        paths = ((f"{organization}/*/",),)
    elif path.endswith("/*"):
        # The unit itself, and each below it.
        paths = ((principal.name[:-1],), (f"{principal.name}/",))
    elif path.endswith("*"):
        paths = ((f"{principal.name}/",),)
    return {
        "aws:PrincipalType": _PRINCIPAL_TYPES,
        "aws:PrincipalArn": ((f"arn:{partition}:iam::*:*",),),
        "aws:PrincipalAccount": (("?" * 12,),),
        "aws:PrincipalOrgID": ((organization,),),
        "aws:PrincipalOrgPaths": paths,
    }


def _of_service(principal: Principal, partition: str, source: Source | None) -> dict[str, tuple[Values, ...]]:
    """Of a service that calls by itself, for a resource of some account."""
    name = principal.name
    possible: dict[str, tuple[Values, ...]] = {
        "aws:PrincipalIsAWSService": (("true",),),
        "aws:PrincipalServiceName": ((name,),),
        # Its Regional names are there too.
        "aws:PrincipalServiceNamesList": ((name,), (name, "*")),
        # No page says what a service calls as: it is no role or user that a policy can name.
        "aws:PrincipalArn": (_ABSENT, (f"arn:{partition}:{':'.join(_NO_POLICY_NAMES * 4)}",)),
        "aws:PrincipalAccount": (_ABSENT, _NO_POLICY_NAMES),
        "aws:PrincipalType": (("Service",), _NO_POLICY_NAMES),
        # It belongs to no organization: a policy that demands one has to exempt services.
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid
        "aws:PrincipalOrgID": (_ABSENT,),
        "aws:PrincipalOrgPaths": (_ABSENT,),
        "aws:username": (_ABSENT,),
    }
    if source is not None:
        account = ((source.account,),)
        pattern = _RESOURCE_ARNS.get(name, "*:*:{account}:*")
        resource = pattern.format(region=source.region, account=source.account, function=source.function)
        possible["aws:SourceAccount"] = (*account, _ABSENT) if name == LAMBDA else account
        possible["aws:SourceArn"] = ((f"arn:{partition}:{resource}",),)
    return possible
