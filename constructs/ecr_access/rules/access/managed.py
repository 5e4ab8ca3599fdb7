"""What AWS's own managed policies say of Amazon ECR, and of deploying functions.

``managed_policies.json`` has its date, and is written by ``make managed-policies``. Nothing is known of a policy that
is newer, or that only a service can attach.
https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ecr_access.documents.templates.intrinsics import Resolver
from ecr_access.documents.templates.template import Template
from ecr_access.rules.access.statements import statements_of

if TYPE_CHECKING:
    from ecr_access.rules.access.statements import Statement

_FILE: Final = Path(__file__).with_name("managed_policies.json")
_OWNED: Final = ":iam::aws:policy/"
_PARTITION: Final = "arn:aws:"


def is_of_aws(arn: str) -> bool:
    """Whether it is the ARN of a managed policy of AWS whose statements are known."""
    return _OWNED in arn and _name(arn) in _policies()  # read where one is named


@cache
def statements_of_aws(arn: str, partition: str) -> tuple[Statement, ...]:
    """Read the statements of a managed policy of AWS, each with the policy's ARN as its path.

    Args:
        arn: of one whose statements are known.
        partition: where it is attached, as a text: its copies of the policies are taken for the same.
    """
    statements = _in_partition(_policies()[_name(arn)], f"arn:{partition}:")
    # It has no functions to resolve, so that no template of an app is needed.
    found = statements_of({"Statement": statements}, Resolver(()), Template(arn, {}), arn)
    return tuple(replace(one, path=arn) for one in found)


def arn_of(name: str) -> str:
    """Return the ARN of a managed policy of AWS by its bare name, as SAM takes it."""
    return f"arn:aws:iam::aws:policy/{_paths().get(name, name)}"


def _name(arn: str) -> str:
    return arn.partition(_OWNED)[2]


@cache
def _policies() -> dict[str, list[dict[str, Any]]]:
    """Return the statements of each, by its name with its path; none of those that say nothing."""
    table = json.loads(_FILE.read_bytes())
    return {**{name: [] for name in table["others"]}, **table["policies"]}


@cache
def _paths() -> dict[str, str]:
    return {name.rpartition("/")[2]: name for name in _policies()}


def _in_partition(value: Any, start: str) -> Any:
    """Write what begins an ARN of the partition aws as another one has it."""
    if isinstance(value, dict):
        return {key: _in_partition(one, start) for key, one in value.items()}
    if isinstance(value, list):
        return [_in_partition(one, start) for one in value]
    return f"{start}{value.removeprefix(_PARTITION)}" if value.startswith(_PARTITION) else value
