"""Recognises a rollback by the status of the stack, which the event does not tell.

Where the status cannot be read, what was proved last is what a rollback goes back to: see ``proof``.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from access_check.failures import UndeterminedError
from access_check.together import each

if TYPE_CHECKING:
    from collections.abc import Mapping

    from access_check.clients import Clients
    from access_check.retry import Patience

_ACTION: Final = "cloudformation:DescribeStacks"
_SECONDS: Final = 20.0


def is_under_way(event: Mapping[str, object], clients: Clients, patience: Patience) -> bool:
    """Whether CloudFormation is taking the stack back, so that nothing may stand in its way."""
    stack = event.get("StackId")
    if event.get("RequestType") != "Update" or not isinstance(stack, str):
        return False
    brief = patience.within(_SECONDS)
    found = each(partial(_status, clients, brief), [stack], left=brief.left, workers=1)[stack]
    return not isinstance(found, UndeterminedError) and "ROLLBACK" in found


def _status(clients: Clients, patience: Patience, stack: str) -> str:
    answer = patience.call(lambda: clients.cloudformation().describe_stacks(StackName=stack), action=_ACTION, on=stack)
    return next((str(one.get("StackStatus", "")) for one in answer.get("Stacks") or ()), "")
