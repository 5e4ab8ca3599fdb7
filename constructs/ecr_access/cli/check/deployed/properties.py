"""What the check of a stack was asked to prove at the deployment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ecr_access.cli.check.deployed.errors import StackError
from ecr_access.cli.check.deployed.stacks import CHECK
from ecr_access.codes import Code
from ecr_access.documents.templates.deployed import NESTED, DeployedResolver
from ecr_access.documents.templates.unknowns import shown
from ecr_access.iam.unknown_text import MARK, SCOPED
from ecr_access.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ecr_access.cli.check.deployed.stacks import Resource, Stack, Stacks
    from ecr_access.documents.templates.deployed import Unresolved

_FUNCTION: Final = "ServiceToken"
_SHOWN: Final = 5
_MARK: Final = re.compile(MARK)
_NAME_OF: Final = re.compile(r'\{"(?P<function>[^"]+)":')


class Asked(NamedTuple):
    """A check of a stack: its function's ARN, and its properties as CloudFormation resolved them."""

    stack: Stack
    function: str
    properties: dict[str, Any]


def asked_of(stack: Stack, stacks: Stacks, resources: Sequence[Resource]) -> list[Asked]:
    """Return the checks of a stack, which are one where the constructs made them.

    Raises:
        StackError: if the stack has no check, or what it has to prove is not known for certain.
    """
    checks = [one.logical_id for one in resources if one.type == CHECK]
    if not checks:
        raise StackError(Code.STACK_WITHOUT_CHECK, _without(stack, resources))
    resolver = DeployedResolver(stacks.deployment(stack, [*resources]))
    found = [resolver.properties(one) for one in checks if one in resolver.template.resources]
    if len(found) < len(checks):
        raise StackError(
            Code.STACK_UNREAD, f"stack {quoted(stack.name)} is {stack.status}: its template has no check any more"
        )
    if resolver.unresolved:
        raise StackError(Code.STACK_UNREAD, _unresolved(stack, resolver.unresolved))
    return [Asked(stack, str(one.get(_FUNCTION, "")), one) for one in found]


def _without(stack: Stack, resources: Sequence[Resource]) -> str:
    nested = [one.physical_id.split("/")[1] for one in resources if one.type == NESTED and "/" in one.physical_id]
    inner = f"; stacks are nested in it, which may have one: {', '.join(nested[:_SHOWN])}" if nested else ""
    return (
        f"stack {quoted(stack.name)} ({stack.status}) has no resource {CHECK}: "
        f"grant access in it with cdk_ecr_access and deploy it, or name another stack{inner}"
    )


def _unresolved(stack: Stack, unresolved: Sequence[Unresolved]) -> str:
    found = [f"{one.path} is {quoted(shown(one.text))}, of {_functions(one.text)}" for one in unresolved[:_SHOWN]]
    more = f" and {len(unresolved) - _SHOWN} more" if len(unresolved) > _SHOWN else ""
    return (
        f"stack {quoted(stack.name)}: what its check has to prove cannot be resolved from here: "
        f"{'; '.join(found)}{more}; use check.recheck(...), whose schedule holds the values, or grant by a name or an "
        "ARN that the template has"
    )


def _functions(text: str) -> str:
    """Name the functions that a text's unknown parts are of."""
    return " and ".join(dict.fromkeys(_function(mark[0][1:-1]) for mark in _MARK.finditer(text)))


def _function(mark: str) -> str:
    scope, _, name = mark.partition(SCOPED)
    if match := _NAME_OF.match(name):
        return match["function"]
    if name.startswith("resolve:"):
        return "a dynamic reference"
    if scope == "import" and not name.startswith("/"):  # of which no name of an export has one
        return "Fn::ImportValue"
    return "Fn::GetAtt" if "." in name or scope == "import" else "Ref"
