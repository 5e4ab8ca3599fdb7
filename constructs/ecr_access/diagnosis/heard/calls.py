"""Failed calls of ECR, as CloudTrail records them.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ecr_access.diagnosis import commands, patterns
from ecr_access.diagnosis.heard import values
from ecr_access.diagnosis.heard.failure import Failure
from ecr_access.diagnosis.reading import Reading
from ecr_access.iam.actions import TOKEN_ACTION
from ecr_access.iam.arns import repository_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecr_access.iam.arns import Repository

DETAIL_TYPE: Final = "AWS API Call via CloudTrail"

_NO_ROLE: Final = "a principal that the event does not name"


def failed_call(event: Mapping[str, Any]) -> tuple[Failure, str | None] | None:
    """Read a call that failed, and when; None if the event is no such call."""
    detail = values.part(event, "detail")
    code, name = (values.value(values.NAME, detail, key) for key in ("errorCode", "eventName"))
    if not code or not name or values.text(detail, "eventSource") != "ecr.amazonaws.com":
        return None
    request = values.part(detail, "requestParameters")
    resource = _resource(detail)
    principal = _principal(detail)
    caller = values.value(values.ACCOUNT, detail, "userIdentity", "accountId")
    failure = Failure(
        who=_who(detail, principal, caller),
        did=f"failed to call {name}",
        text="",  # which needs the rest
        code=code,
        repository=values.value(values.REPOSITORY, request, "repositoryName") or (resource.name if resource else None),
        account=values.value(values.ACCOUNT, request, "registryId")
        or (resource.account if resource else None)
        # A call that names no registry is about the caller's own.
        or caller
        or values.value(values.ACCOUNT, event, "account"),
        region=values.value(values.REGION, detail, "awsRegion"),
        tag=_tag(request),
        principal=principal,
    )
    said = f"An error occurred ({code}) when calling the {name} operation: {_message(detail, failure, name)}"
    return replace(failure, text=said), values.value(values.TIME, detail, "eventTime")


def _principal(detail: Mapping[str, Any]) -> str | None:
    """Return the role of a session, with its path, or the user."""
    issuer = values.principal(detail, "userIdentity", "sessionContext", "sessionIssuer", "arn")
    return issuer or values.principal(detail, "userIdentity", "arn")


def _resource(detail: Mapping[str, Any]) -> Repository | None:
    """Return the repository that the event, or else the error, has the ARN of: a denied call may have no parameters."""
    said = patterns.REPOSITORY_ARN.search(values.text(detail, "errorMessage"))
    arns = [*(one.get("ARN") for one in values.items(detail, "resources")), said[0] if said else None]
    return next(filter(None, map(repository_of, arns)), None)


def _who(detail: Mapping[str, Any], principal: str | None, account: str | None) -> str:
    service = values.value(values.SERVICE, detail, "userIdentity", "invokedBy")
    if principal:
        return f"{principal}, through {service}," if service else principal
    if service:
        return f"the service {service}"
    # A caller of another account is named by its account alone.
    return f"a principal of account {account}" if account else _NO_ROLE


def _tag(request: Mapping[str, Any]) -> str | None:
    images = values.items(request, "imageIds")
    return values.value(values.TAG, request, "imageTag") or (
        values.value(values.TAG, images[0], "imageTag") if images else None
    )


def _message(detail: Mapping[str, Any], failure: Failure, name: str) -> str:
    """Return the words of the error; where there are none, those that ECR has for it."""
    message = values.text(detail, "errorMessage")
    if failure.code.startswith("AccessDenied") and "not authorized to perform" not in message:
        arn = commands.arn(Reading(account=failure.account, region=failure.region, repository=failure.repository))
        on = "*" if TOKEN_ACTION.endswith(f":{name}") or not arn else arn
        return f"User: {failure.principal} is not authorized to perform: ecr:{name} on resource: {on}"
    if failure.code == "RepositoryNotFoundException" and not message and failure.repository:
        return f"The repository with name '{failure.repository}' does not exist"
    return message
