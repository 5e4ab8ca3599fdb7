"""Pulls through cache that failed, as ECR itself tells them.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecr_access.diagnosis.heard import values
from ecr_access.diagnosis.heard.failure import Failure

if TYPE_CHECKING:
    from collections.abc import Mapping

DETAIL_TYPE: Final = "ECR Pull Through Cache Action"

_SUCCESS: Final = "SUCCESS"


def failed_cache(event: Mapping[str, Any]) -> tuple[Failure, str | None] | None:
    """Read a pull through cache that failed, and when; None if the event is no such pull."""
    detail = values.part(event, "detail")
    repository = values.value(values.REPOSITORY, detail, "repository-name")
    if not repository or values.text(detail, "sync-status") in ("", _SUCCESS):
        return None
    tag = values.value(values.TAG, detail, "image-tag")
    host = values.value(values.HOST, detail, "upstream-registry-url")
    code = values.value(values.NAME, detail, "failure-code") or "UnableToGetUpstreamImageException"
    failure = Failure(
        who="the pull through cache",
        did=f"could not take {f'the tag {tag}' if tag else 'an image'} from {host or 'the upstream registry'}",
        text="An error occurred (UnableToGetUpstreamImageException) when calling the BatchGetImage operation: "
        f"{code}: {values.text(detail, 'failure-reason')}",
        code=code,
        repository=repository,
        account=values.value(values.ACCOUNT, event, "account"),
        region=values.value(values.REGION, event, "region"),
        tag=tag,
        preposition="for",
    )
    return failure, values.value(values.TIME, event, "time")
