"""The entry of the function of ``RegistryWatch``: a batch of events in, one message out at most."""

from __future__ import annotations

import os
import time
from functools import cache
from typing import Any, Final

from ecr_access.check import log
from ecr_access.diagnosis.heard import batch, values
from ecr_access.diagnosis.heard.memory import Memory
from ecr_access.diagnosis.heard.message import message

TOPIC: Final = "TOPIC_ARN"
"""The variable that names the topic."""

_MEMORY: Final = Memory()


def handle(event: object, _context: object, memory: Memory = _MEMORY) -> dict[str, list[dict[str, str]]]:
    """Tell what a batch holds, in one message.

    Args:
        event: a batch of an SQS queue.
        _context: not used.
        memory: what was told before.

    Returns:
        Which records go back to the queue, as Lambda wants it for ``ReportBatchItemFailures``: those that are not of
        the shape. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html

    Raises:
        Exception: of botocore, if the message cannot be sent: the whole batch comes again, and at the third time it
            goes to the dead-letter queue.
    """
    read = batch.read(values.items(event, "Records"))
    # Not the monotonic clock, which may stand still between two calls of a function.
    now = time.time()
    due = memory.due(read.failures, now)
    total = sum(one.number for one in read.failures.values())
    repeated = total - sum(one.number for one in due.values())
    told = message(due, counted=memory.withheld + repeated, unread=read.new_unread)
    if told.text:
        _sns().publish(TopicArn=os.environ[TOPIC], Subject=told.subject, Message=told.text)
    else:
        memory.withheld += repeated
    memory.told(told.named, now, sent=bool(told.text))
    log.line(heard={"failures": total, "kinds": len(read.failures), "told": bool(told.text), "unread": read.new_unread})
    return {"batchItemFailures": [{"itemIdentifier": one} for one in read.unread]}


# For all batches of a warm function: it is about no batch, and a client takes long to make.
@cache
def _sns() -> Any:
    from botocore.session import get_session  # 100 ms that a batch without news need not wait for

    return get_session().create_client("sns")
