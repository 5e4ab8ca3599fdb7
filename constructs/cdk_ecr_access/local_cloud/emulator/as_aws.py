"""MiniStack's application, corrected where it authorizes a call otherwise than AWS does.

MiniStack 1.5.33 asks whether these calls are allowed on ``*``, so a role with the least privilege is refused:

- ``iam:SimulatePrincipalPolicy``; AWS asks for the principal named;
- ``ecr:DescribeRepositories``; AWS asks for each of the repositories named, or for all of the registry's.

And its simulator takes values of condition keys for known that AWS takes from ``ContextEntries`` alone, names no key
in ``MissingContextValues``, and finds no policies of a role or user that has a path.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
"""

from __future__ import annotations

import json
from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING, Any, Final

from ministack.app import app
from ministack.core import iam_actions, iam_evaluator
from ministack.services import iam

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["app"]

_resource_of = iam_actions.extract_resource_arn
_enforce = iam_evaluator.enforce
_value_of = iam_evaluator._resolve_condition_key  # noqa: SLF001
_simulate = iam._IAM_HANDLERS["SimulatePrincipalPolicy"]  # noqa: SLF001
_results_of = iam._build_simulate_results_real  # noqa: SLF001
_NO_KEYS: Final = "<MissingContextValues></MissingContextValues>"
_simulated: ContextVar[dict[str, list[str]] | None] = ContextVar("simulated", default=None)


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
def _enforce_on_each(*args: Any, resource_arn: str = "*", **options: Any) -> Any:  # noqa: ANN401 -- MiniStack's
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


@wraps(_simulate)
def _simulate_as_aws(params: Mapping[str, Any]) -> Any:  # noqa: ANN401 -- MiniStack's
    token = _simulated.set(_entries(params))
    try:
        return _simulate(params)
    finally:
        _simulated.reset(token)


def _entries(params: Mapping[str, Any]) -> dict[str, list[str]]:
    """Read the values of condition keys, by key in lower case."""
    found: dict[str, list[str]] = {}
    number = 1
    while key := _first(params, f"ContextEntries.member.{number}.ContextKeyName"):
        values = found.setdefault(key.lower(), [])
        while value := _first(params, f"ContextEntries.member.{number}.ContextKeyValues.member.{len(values) + 1}"):
            values.append(value)
        number += 1
    return found


def _first(params: Mapping[str, Any], name: str) -> str:
    value = params.get(name, "")
    return str(value[0] if isinstance(value, list) else value)


@wraps(_value_of)
def _value_as_aws(key: str, context: Any) -> Any:  # noqa: ANN401 -- MiniStack's
    entries = _simulated.get()
    if entries is None:
        return _value_of(key, context)
    values = entries.get(key.lower())
    return values[0] if values and len(values) == 1 else values


@wraps(_results_of)
def _results_as_aws(
    actions: Any,  # noqa: ANN401 -- MiniStack's
    resource: str,
    principal: str,
    account: str,
    policies: Any,  # noqa: ANN401 -- MiniStack's
) -> str:
    entries = _simulated.get() or {}
    keys = [
        key
        for policy in policies
        for statement in policy
        for operator in statement.conditions.values()
        for key in operator
        if key.lower() not in entries
    ]
    members = "".join(f"<member>{key}</member>" for key in dict.fromkeys(keys))
    results: str = _results_of(actions, resource, principal, account, policies)
    return results.replace(_NO_KEYS, f"<MissingContextValues>{members}</MissingContextValues>")


def _without_path(gather: Callable[[str, str], Any]) -> Callable[[str, str], Any]:
    """Have policies gathered by the name alone, where MiniStack takes the path for a part of it."""
    return lambda name, account: gather(name.rpartition("/")[2], account)


iam_actions.extract_resource_arn = _resource_as_aws
iam_evaluator.enforce = _enforce_on_each
iam_evaluator._resolve_condition_key = _value_as_aws  # noqa: SLF001
iam._IAM_HANDLERS["SimulatePrincipalPolicy"] = _simulate_as_aws  # noqa: SLF001
iam._build_simulate_results_real = _results_as_aws  # noqa: SLF001
iam_evaluator._gather_role_policies = _without_path(iam_evaluator._gather_role_policies)  # noqa: SLF001
iam_evaluator._gather_user_policies = _without_path(iam_evaluator._gather_user_policies)  # noqa: SLF001
