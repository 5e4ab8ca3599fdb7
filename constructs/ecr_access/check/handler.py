"""The Lambda function's entry point."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecr_access.check.cloudformation import protocol
from ecr_access.check.recheck import terms

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def handle(event: object, context: object) -> object:
    """Answer one event of CloudFormation, whatever it is, or return what a recheck found."""
    if isinstance(event, dict) and terms.RECHECK in event:
        from ecr_access.check.recheck.run import run

        left = protocol.remaining(context)
        return run(event, context, lambda: left() - protocol.MARGIN)
    protocol.serve(event, context, _check, unproved_id="ecr-access-check-unproved")
    return None


def _check(event: Mapping[str, object], context: object, left: Callable[[], float]) -> protocol.Answer:
    # Imported here, so that an import which fails is answered like any other failure.
    from ecr_access.check.cloudformation import physical_id

    if physical_id.is_rollback(event):
        return physical_id.rolled_back(event, context)
    from ecr_access.check import invocation

    return invocation.run(event, context, left)
