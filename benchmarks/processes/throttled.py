"""So many requirements against the AWS of the environment: ``python -m benchmarks.processes.throttled VARIANT COUNT``.

``standard`` and ``adaptive`` are boto3's retry modes with all else as boto3 has it; ``ours`` is the access check.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from benchmarks.asked import ACTIONS, LEFT, Context, event, principal, repository
from ecr_access.check import invocation

THREADS = 8


def ours(count: int) -> int:
    """Check every requirement; return how many were not found to be allowed."""
    asked = event(principals=count, repositories=1, token=False)
    written = io.StringIO()
    with contextlib.redirect_stdout(written):
        answer = invocation.run(asked, Context(), deadline())
    lines = [json.loads(line) for line in written.getvalue().splitlines() if line.startswith("{")]
    failed: int = sum(line["finding"]["verdict"] != "allowed" for line in lines if "finding" in line)
    return failed if answer.succeeded else max(failed, 1)


def naive(count: int, mode: Any) -> int:
    """Simulate every principal, each in a call, from threads that share a client; return how many calls failed."""
    iam = boto3.client("iam", config=Config(retries={"mode": mode}))

    def fails(number: int) -> bool:
        try:
            iam.simulate_principal_policy(
                PolicySourceArn=principal(number), ActionNames=[*ACTIONS], ResourceArns=[repository(0)]
            )
        except ClientError:
            return True
        return False

    with ThreadPoolExecutor(THREADS) as pool:
        return sum(pool.map(fails, range(count)))


def deadline() -> Any:
    """Tell the seconds that are left."""
    ends = time.monotonic() + LEFT
    return lambda: ends - time.monotonic()


def main(variant: str, count: int) -> dict[str, float]:
    """Run one variant; tell when it ended, by the clock that all processes share, and how much of it failed."""
    failed = ours(count) if variant == "ours" else naive(count, variant)
    return {"ended": time.monotonic(), "failed": failed}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]))))
