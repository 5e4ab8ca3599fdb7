"""What the access check is asked for: so many principals must be able to pull from so many repositories."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from benchmarks.aws.ecr import ACCOUNT, REGION
from ecr_access.check.outline import AND_TOKEN, OTHERS
from ecr_access.iam.actions import TOKEN_ACTION, AccessLevel

LEVEL: Final = AccessLevel.PULL
ACTIONS: Final = LEVEL.required_actions
LEFT: Final = 900.0
"""Seconds that the check is given: so many that they are never what is measured."""

_FUNCTION: Final = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:check"


@dataclass(frozen=True)
class Context:
    """Lambda's context."""

    log_group_name: str = "/aws/lambda/check"
    invoked_function_arn: str = _FUNCTION
    aws_request_id: str = "c0ffee"

    def get_remaining_time_in_millis(self) -> int:
        """Tell the time left."""
        return int(LEFT * 1000)


def principal(number: int) -> str:
    """Name a role."""
    return f"arn:aws:iam::{ACCOUNT}:role/ci-{number:04d}"


def repository(number: int) -> str:
    """Name a repository."""
    return f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/team/app-{number:04d}"


def event(*, principals: int, repositories: int, token: bool, url: str = "") -> dict[str, Any]:
    """Make CloudFormation's first event for a check: every principal must be able to pull from every repository.

    Args:
        principals: how many.
        repositories: how many.
        token: whether every principal must be able to get a token, too.
        url: where the answer goes.
    """
    return {
        "RequestType": "Create",
        "ResponseURL": url,
        "StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/app/5d4d2b20",
        "RequestId": "c0ffee",
        "LogicalResourceId": "EcrAccessCheck",
        "ResourceType": "Custom::EcrAccessCheck",
        "ResourceProperties": {
            "ServiceToken": _FUNCTION,
            "Digest": "d1",
            "PropagationSeconds": "30",
            "Actions": {"TOKEN": [TOKEN_ACTION], LEVEL.value: [*ACTIONS]},
            "Requirements": {
                f"{LEVEL.value}{AND_TOKEN if token else ''}": {
                    OTHERS: [
                        {
                            "Principals": [principal(number) for number in range(principals)],
                            "Repositories": [repository(number) for number in range(repositories)],
                        }
                    ]
                }
            },
        },
    }
