"""Amazon ECR's operations that the access check calls, over the JSON 1.1 protocol.

https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

import base64
import json
import time
from typing import Any, Final

from benchmarks.aws.answer import ABSENT, Answer

THROTTLED: Final = "ThrottlingException"
ACCOUNT: Final = "111122223333"
REGION: Final = "eu-west-1"
_TOKEN_SECONDS: Final = 12 * 3600
_PAGE: Final = 100
_IN_REGISTRY: Final = f"in the registry with id '{ACCOUNT}'"

Fields = dict[str, Any]


def read(target: str, body: bytes) -> tuple[str, Fields]:
    """Read a request: its operation, which a header names, and its fields."""
    return target.rpartition(".")[2], json.loads(body or b"{}")


def answer(operation: str, fields: Fields) -> Answer:
    """Answer a request."""
    if operation == "GetAuthorizationToken":
        token = base64.b64encode(b"AWS:not-a-token").decode()
        data = {"authorizationToken": token, "expiresAt": time.time() + _TOKEN_SECONDS}
        return _json(200, {"authorizationData": [data]})
    if operation == "DescribeRepositories":
        return _described(fields.get("repositoryNames") or [])
    if operation == "GetRepositoryPolicy":
        name = fields.get("repositoryName", "")
        if name.startswith(ABSENT):
            return _not_found(name)
        return error(
            "RepositoryPolicyNotFoundException",
            f"Repository policy does not exist for the repository with name '{name}' {_IN_REGISTRY}",
        )
    return error("UnknownOperationException", f"Could not find operation {operation}")


def error(code: str, message: str, *, status: int = 400) -> Answer:
    """Word an error."""
    return _json(status, {"__type": code, "message": message})


def _described(names: list[str]) -> Answer:
    if len(names) > _PAGE:
        return error("InvalidParameterException", f"'repositoryNames' failed to satisfy constraint: at most {_PAGE}")
    if absent := [name for name in names if name.startswith(ABSENT)]:
        return _not_found(absent[0])
    return _json(200, {"repositories": [_repository(name) for name in names]})


def _repository(name: str) -> dict[str, Any]:
    return {
        "repositoryArn": f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/{name}",
        "registryId": ACCOUNT,
        "repositoryName": name,
        "repositoryUri": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/{name}",
        "createdAt": 1790000000.0,
    }


def _not_found(name: str) -> Answer:
    return error(
        "RepositoryNotFoundException",
        f"The repository with name '{name}' does not exist {_IN_REGISTRY}",
    )


def _json(status: int, value: object) -> Answer:
    return Answer(status, "application/x-amz-json-1.1", json.dumps(value).encode())
