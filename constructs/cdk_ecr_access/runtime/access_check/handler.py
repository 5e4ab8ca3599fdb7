"""The Lambda function's entry point."""

from __future__ import annotations

from typing import TYPE_CHECKING

from access_check import protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def handle(event: object, context: object) -> None:
    """Answer one event of CloudFormation, whatever it is."""
    protocol.serve(event, context, _check, unproved_id="ecr-access-check-unproved")


def _check(event: Mapping[str, object], context: object, left: Callable[[], float]) -> protocol.Answer:
    # Imported here, so that an import which fails is answered like any other failure.
    from access_check import proof  # noqa: PLC0415

    if proof.is_rollback(event):
        return proof.rolled_back(event, context)
    from access_check import check  # noqa: PLC0415

    return check.run(event, context, left)
