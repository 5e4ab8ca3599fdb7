"""Asks whether a call is allowed on the resource that AWS asks about.

MiniStack 1.5.33 asks whether these calls are allowed on ``*``, so a role with the least privilege is refused:

- ``iam:SimulatePrincipalPolicy``; AWS asks for the principal named;
- ``ecr:DescribeRepositories``; AWS asks for each of the repositories named, or for all of the registry's.

And it finds no policies of a role or user that has a path.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
"""

from __future__ import annotations

import json
from functools import wraps
from typing import TYPE_CHECKING, Any

from ministack.core import iam_actions, iam_evaluator

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_resource_of = iam_actions.extract_resource_arn
_enforce = iam_evaluator.enforce


class _Each(str):
    """An ARN, and the others that the same call needs."""

    arns: tuple[str, ...]
    __slots__ = ("arns",)


@wraps(_resource_of)
def _resource_as_aws(  # noqa: PLR0917 -- MiniStack's signature
    service: str,
    method: str,
    path: str,
    headers: Mapping[str, str],
    body: bytes,
    query_params: Mapping[str, Any],
    region: str,
    account_id: str,
) -> str:
    resource: str = _resource_of(service, method, path, headers, body, query_params, region, account_id)
    if resource != "*":
        return resource
    if service == "iam":
        named = query_params.get("PolicySourceArn") or resource
        return named[0] if isinstance(named, list) else str(named)
    if service == "ecr" and headers.get("x-amz-target", "").endswith(".DescribeRepositories"):
        arns = tuple(f"arn:aws:ecr:{region}:{account_id}:repository/{name}" for name in _names(body))
        each = _Each(arns[0])
        each.arns = arns
        return each
    return resource


@wraps(_enforce)
def _enforce_on_each(*args: Any, resource_arn: str = "*", **options: Any) -> Any:
    denied = None
    for arn in getattr(resource_arn, "arns", (resource_arn,)):
        denied = denied or _enforce(*args, resource_arn=arn, **options)
    return denied


def _names(body: bytes) -> list[str]:
    try:
        names = json.loads(body).get("repositoryNames")
    except (ValueError, AttributeError):
        return ["*"]
    return [str(name) for name in names] if isinstance(names, list) and names else ["*"]


def _without_path(gather: Callable[[str, str], Any]) -> Callable[[str, str], Any]:
    """Have policies gathered by the name alone, where MiniStack takes the path for a part of it."""
    return lambda name, account: gather(name.rpartition("/")[2], account)


def amend() -> None:
    """Amend MiniStack."""
    iam_actions.extract_resource_arn = _resource_as_aws
    iam_evaluator.enforce = _enforce_on_each
    iam_evaluator._gather_role_policies = _without_path(iam_evaluator._gather_role_policies)  # noqa: SLF001
    iam_evaluator._gather_user_policies = _without_path(iam_evaluator._gather_user_policies)  # noqa: SLF001
