"""Tasks of ECS that did not start, because an image could not be pulled.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ecr_access.diagnosis.heard import values
from ecr_access.diagnosis.heard.failure import Failure
from ecr_access.diagnosis.image import image_of

if TYPE_CHECKING:
    from collections.abc import Mapping

DETAIL_TYPE: Final = "ECS Task State Change"

_TASK: Final = re.compile(
    r"arn:[a-z-]+:ecs:[a-z0-9-]+:[0-9]{12}:task-definition/(?P<name>[\w-]{1,255}:[0-9]{1,9})", re.ASCII
)
_CLUSTER: Final = re.compile(r"arn:[a-z-]+:ecs:[a-z0-9-]+:[0-9]{12}:cluster/(?P<name>[\w-]{1,255})", re.ASCII)
_CODE: Final = re.compile(r"[A-Z][A-Za-z]{3,60}(?=:)")


def failed_task(event: Mapping[str, Any]) -> tuple[Failure, str | None] | None:
    """Read a task that did not start, and when; None if the event is no such task, or has no image of ECR."""
    detail = values.part(event, "detail")
    reason = values.text(detail, "stoppedReason")
    containers = values.items(detail, "containers")
    images = [image for image in (image_of(values.text(one, "image")) for one in containers) if image]
    if not reason or not images or values.text(detail, "stopCode") != "TaskFailedToStart":
        return None
    # The reason names the image, unless it was cut; where a task has one image of ECR, it is that.
    image = images[0] if len(images) == 1 else image_of(reason)
    task = _TASK.fullmatch(values.text(detail, "taskDefinitionArn"))
    cluster = _CLUSTER.fullmatch(values.text(detail, "clusterArn"))
    code = _CODE.match(reason)
    failure = Failure(
        who=f"the ECS task {task['name'] if task else ''}".rstrip()
        + (f" of cluster {cluster['name']}" if cluster else ""),
        did="could not pull its image",
        text="\n".join([reason, *filter(None, (values.text(one, "reason") for one in containers))]),
        code=code[0] if code else "TaskFailedToStart",
        repository=image.repository if image else None,
        account=image.account if image else None,
        region=image.region if image else None,
        tag=image.tag if image else None,
        preposition="from",
    )
    return failure, values.value(values.TIME, detail, "stoppedAt") or values.value(values.TIME, event, "time")
