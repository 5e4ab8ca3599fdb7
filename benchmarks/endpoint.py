"""An AWS on loopback that throttles: ``with ThrottledEndpoint(rate=20, burst=200) as endpoint``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.aws.ecr import ACCOUNT, REGION

if TYPE_CHECKING:
    from types import TracebackType

_ROOT: Final = Path(__file__).parents[1]
_DIRECT: Final = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Counts:
    """Calls by operation; ``first`` is when each operation was first called, by ``time.monotonic``."""

    accepted: Counter[str]
    refused: Counter[str]
    first: dict[str, float]


class ThrottledEndpoint:
    """IAM and Amazon ECR on loopback, in a process of their own that ends with the ``with`` block.

    Each service refuses with HTTP status 400 when its token bucket is empty: IAM with the code ``Throttling``, ECR
    with ``ThrottlingException``. Every principal is allowed everything, but one whose name begins with ``denied``,
    and one that begins with ``absent`` is not there; nor is a repository whose name begins so. No repository has a
    policy. A PUT is answered with 200, so that ``url`` serves as CloudFormation's ResponseURL as well.
    """

    def __init__(self, *, rate: float = 20, burst: float = 200, latency: float = 0) -> None:
        """Describe an endpoint; ``with`` starts it.

        Args:
            rate: calls a second that each service accepts; with 0 it accepts none.
            burst: calls that it accepts at once; with less than 1 it accepts one.
            latency: seconds that every answer takes.

        Raises:
            ValueError: one of them is negative.
        """
        given = {"rate": rate, "burst": burst, "latency": latency}
        if wrong := {name: value for name, value in given.items() if value < 0}:
            name, value = next(iter(wrong.items()))
            raise ValueError(f"{name} is {value}; allowed are 0 and more")
        self._arguments = [str(float(value)) for value in given.values()]

    def __enter__(self) -> ThrottledEndpoint:  # noqa: PYI034 -- typing.Self needs Python 3.11
        """Start the process and wait until it listens.

        Raises:
            RuntimeError: it ended by itself.
        """
        # The interpreter's own arguments, none of which come from outside.
        command = [sys.executable, "-m", "benchmarks.aws.server", *self._arguments]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, cwd=_ROOT, stdin=pipe, stdout=pipe, text=True)  # noqa: S603
        assert self._process.stdout is not None  # noqa: S101 -- it is a pipe
        port = self._process.stdout.readline().strip()
        if not port:
            code = self._process.wait()
            raise RuntimeError(f"the endpoint ended with exit code {code} before it listened; see what it printed")
        self.url = f"http://127.0.0.1:{port}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End the process."""
        self._process.terminate()
        self._process.communicate()

    def counts(self) -> Counts:
        """Tell the calls that were accepted and refused."""
        said = json.loads(self._ask("GET"))
        return Counts(Counter(said["accepted"]), Counter(said["refused"]), said["first"])

    def reset(self) -> None:
        """Fill the buckets and forget the calls."""
        self._ask("DELETE")

    def environment(self) -> dict[str, str]:
        """Return the environment of a process that takes this for AWS, and that nothing of the real account reaches."""
        return aws_environment(self.url)

    def _ask(self, method: str) -> bytes:
        with _DIRECT.open(urllib.request.Request(self.url, method=method)) as answer:  # noqa: S310 -- http, ours
            said: bytes = answer.read()
        return said


def aws_environment(url: str) -> dict[str, str]:
    """Return the environment of a process that takes a URL for AWS."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "NO_PROXY": "127.0.0.1",
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCOUNT_ID": ACCOUNT,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
