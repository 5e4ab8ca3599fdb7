"""Which events are heard: of all failed calls those that are one of the three errors, and of those that pull or push.

The rest is no news. A call that looks whether something exists fails where it does not: ``DescribeRepositories`` of the
CDK, Terraform and the access check, ``DescribeImages`` of a pipeline, ``GetLifecyclePolicy``, ``GetRepositoryPolicy``;
``CreateRepository`` fails where it exists; a push asks for layers that are not there yet.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecr_access.iam.actions import TOKEN_ACTION, AccessLevel

if TYPE_CHECKING:
    from ecr_access.iam.arns import Registry

Pattern = dict[str, Any]

OPERATIONS: Final = tuple(
    one.partition(":")[2] for one in sorted({TOKEN_ACTION, *AccessLevel.PULL_PUSH.actions}, key=str.lower)
)
"""The API calls of a push and a pull: those that have usage metrics and a quota of their own, too."""

# Both forms are recorded: with and without the "Exception" of the SDKs.
DENIED: Final[tuple[Any, ...]] = ({"prefix": "AccessDenied"},)
NOT_FOUND: Final[tuple[Any, ...]] = ("RepositoryNotFoundException",)
THROTTLED: Final[tuple[Any, ...]] = ({"prefix": "Throttl"}, "TooManyRequestsException")

ALL_CALLS: Final = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
"""The state of a rule that hears calls which only read, too: most of a pull, and the token."""


def failed_calls(codes: tuple[Any, ...], *, every_call: bool = False) -> Pattern:
    """Write the pattern of failed calls, by their error codes: without one, each pull would be an event."""
    detail: dict[str, Any] = {"eventSource": ["ecr.amazonaws.com"], "errorCode": [*codes]}
    if not every_call:
        detail["eventName"] = [*OPERATIONS]
    return {"source": ["aws.ecr"], "detail_type": ["AWS API Call via CloudTrail"], "detail": detail}


def failed_calls_of(codes: tuple[Any, ...], registry: Registry, name: str) -> Pattern:
    """Write the pattern of the failed calls on one repository.

    Where a call is refused before its parameters are read, the record has none, and only the error names the
    repository: by its ARN at the end of the text, or before a blank.
    """
    pattern = failed_calls(codes)
    ending = f"*:{registry.region}:{registry.account}:repository/{name}"
    pattern["detail"]["$or"] = [
        # A call that names no registry means the caller's own.
        {"requestParameters": {"repositoryName": [name], "registryId": [registry.account, {"exists": False}]}},
        {"errorMessage": [{"wildcard": ending}, {"wildcard": f"{ending} *"}]},
    ]
    return pattern


def failed_tasks() -> Pattern:
    """Write the pattern of ECS tasks with an image of ECR that did not start, for a reason that is one of a pull."""
    return {
        "source": ["aws.ecs"],
        "detail_type": ["ECS Task State Change"],
        "detail": {
            "lastStatus": ["STOPPED"],
            "stopCode": ["TaskFailedToStart"],
            # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
            "stoppedReason": [{"wildcard": "*CannotPull*"}, {"wildcard": "*registry auth*"}, {"wildcard": "*ecr*"}],
            "containers": {"image": [{"wildcard": "*.dkr.ecr.*"}, {"wildcard": "*.dkr-ecr.*"}]},
        },
    }


def failed_caches() -> Pattern:
    """Write the pattern of pulls through cache that did not succeed."""
    return {
        "source": ["aws.ecr"],
        "detail_type": ["ECR Pull Through Cache Action"],
        "detail": {"sync-status": [{"anything-but": "SUCCESS"}]},
    }
