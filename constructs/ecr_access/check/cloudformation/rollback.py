"""Recognises a rollback by the status of the stack, which the event does not tell.

Where the status cannot be read, what was proved last is what a rollback goes back to: see ``proof``.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from ecr_access.check.aws.errors import UndeterminedError, UnreadableError
from ecr_access.check.aws.parallel import each

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecr_access.check.aws.clients import Clients, Response
    from ecr_access.check.aws.retry import RetryBudget

_ACTION: Final = "cloudformation:DescribeStacks"
_SECONDS: Final = 20.0


def is_under_way(event: Mapping[str, object], clients: Clients, budget: RetryBudget) -> bool:
    """Whether CloudFormation is taking the stack back, so that nothing may stand in its way."""
    stack = event.get("StackId")
    if event.get("RequestType") != "Update" or not isinstance(stack, str):
        return False
    brief = budget.within(_SECONDS)
    found = each(partial(_status, clients, brief), [stack], left=brief.left, workers=1)[stack]
    return not isinstance(found, UndeterminedError) and "ROLLBACK" in found


def _status(clients: Clients, budget: RetryBudget, stack: str) -> str:
    return budget.call(
        lambda: _read(clients.cloudformation().describe_stacks(StackName=stack)), action=_ACTION, on=stack
    )


def _read(answer: Response) -> str:
    stacks = answer.get("Stacks")
    first = stacks[0] if isinstance(stacks, list) and stacks else None
    status = first.get("StackStatus") if isinstance(first, dict) else None
    if not isinstance(status, str):
        raise UnreadableError("it holds no status of a stack")
    return status
