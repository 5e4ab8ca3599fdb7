"""One access check in memory: ``python -m benchmarks.processes.calls PRINCIPALS REPOSITORIES TOKEN`` counts its calls.

Everything is there and allowed, so that no call is made twice.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from benchmarks.asked import LEFT, Context, event
from ecr_access.check import invocation

Response = dict[str, Any]


class CountingAws:
    """IAM and Amazon ECR in memory, and the factory of their clients."""

    def __init__(self) -> None:
        """Count from nothing."""
        self.calls: Counter[str] = Counter()
        self._lock = threading.Lock()

    def ecr(self, region: str) -> CountingAws:  # noqa: ARG002 -- the factory's shape
        """Make a client of Amazon ECR."""
        return self

    def iam(self) -> CountingAws:
        """Make a client of IAM."""
        return self

    def get_authorization_token(self) -> Response:
        """Answer as ECR does."""
        self._count("GetAuthorizationToken")
        return {"authorizationData": [{"authorizationToken": "VE9LRU4=", "expiresAt": 0}]}

    def describe_repositories(self, **request: Any) -> Response:
        """Answer as ECR does."""
        self._count("DescribeRepositories")
        return {"repositories": [{"repositoryName": name} for name in request["repositoryNames"]]}

    def get_repository_policy(self, **request: Any) -> Response:
        """Answer as ECR does where there is no policy."""
        self._count("GetRepositoryPolicy")
        said = {"Code": "RepositoryPolicyNotFoundException", "Message": f"no policy: {request['repositoryName']}"}
        error: Any = {"Error": said, "ResponseMetadata": {"HTTPStatusCode": 400}}
        raise ClientError(error, "GetRepositoryPolicy")

    def simulate_principal_policy(self, **request: Any) -> Response:
        """Answer as IAM does since 2026-07-30."""
        self._count("SimulatePrincipalPolicy")
        specific = [
            {"EvalResourceName": one, "EvalResourceDecision": "allowed", "MatchedStatements": []}
            for one in request["ResourceArns"]
        ]
        results = [
            {
                "EvalActionName": action,
                "EvalResourceName": specific[0]["EvalResourceName"],
                "EvalDecision": "allowed",
                "ResourceSpecificResults": specific if request["ResourceArns"] != ["*"] else [],
            }
            for action in request["ActionNames"]
        ]
        return {"EvaluationResults": results, "IsTruncated": False}

    def _count(self, operation: str) -> None:
        with self._lock:
            self.calls[operation] += 1


def main(principals: int, repositories: int, *, token: bool) -> dict[str, Any]:
    """Check once."""
    # A client that no Create calls is not made.
    aws: Any = CountingAws()
    asked = event(principals=principals, repositories=repositories, token=token)
    began = time.perf_counter()
    # A line for each finding is written to nowhere.
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
        answer = invocation.run(asked, Context(), lambda: LEFT, clients=aws)
    return {"succeeded": answer.succeeded, "seconds": time.perf_counter() - began, "calls": aws.calls}


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]), token=sys.argv[3] == "token")))
