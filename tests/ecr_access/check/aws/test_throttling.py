"""The promise that throttling fails no deployment, before a throttle that is not ours.

microburst (MIT) is a proxy that answers in the place of AWS by rules, in the wire format of each service's protocol.
What it lets pass is answered by the benchmarks' endpoint.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.asked import Context, event
from benchmarks.endpoint import ThrottledEndpoint, aws_environment
from ecr_access.check import invocation

if TYPE_CHECKING:
    from collections.abc import Iterator

PRINCIPALS = 60
RATE = 20
_REFUSED = {"error": {"code": "Throttling", "status": 400, "message": "Rate exceeded"}}


class Microburst:
    """``with Microburst(upstream) as proxy``: a process that ends with the block."""

    def __init__(self, upstream: str) -> None:
        """Take what is behind it."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self._command = [sys.executable, "-m", "microburst", "--upstream", upstream, "--port", str(port)]

    def __enter__(self) -> Microburst:  # noqa: PYI034 -- typing.Self needs Python 3.11
        """Start it, and wait until it answers."""
        # Arguments of this file's own.
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
        ends = time.monotonic() + 60
        while self._process.poll() is None and time.monotonic() < ends:
            try:
                self.ask("health")
            except OSError:  # noqa: PERF203 -- it is about to listen
                time.sleep(0.1)
            else:
                return self
        self._process.kill()
        pytest.fail(f"microburst does not answer; exit code {self._process.wait()}")

    def __exit__(self, *_: object) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait()

    def ask(self, what: str, rules: list[dict[str, Any]] | None = None) -> Any:
        """Ask its control API; with rules, replace those that it has."""
        body = None if rules is None else json.dumps(rules).encode()
        request = urllib.request.Request(f"{self.url}/_microburst/{what}", data=body)  # noqa: S310 -- http, ours
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
            return json.loads(answer.read())


@pytest.fixture(scope="module")
def proxy() -> Iterator[Microburst]:
    """An AWS that allows everything, behind microburst."""
    with ThrottledEndpoint(rate=1e6, burst=1e6) as endpoint, Microburst(endpoint.url) as proxy:
        yield proxy


def test_a_check_of_sixty_principals_survives_a_throttle_without_a_burst(
    proxy: Microburst, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All is found allowed, little is refused, and no more than twice the time passes that AWS itself would take."""
    every_second_one = {"service": "ecr", "sequence": {"fail": 1, "pass": 1}, **_REFUSED}
    one_at_a_time = {"service": "iam", "rate": {"count": 1, "window_s": 1 / RATE}, "latency": 50}
    proxy.ask("rules", [every_second_one, one_at_a_time, {"service": "iam", "latency": 50, **_REFUSED}])
    for name, value in aws_environment(proxy.url).items():
        monkeypatch.setenv(name, value)
    ends = time.monotonic() + 120
    asked = event(principals=PRINCIPALS, repositories=1, token=False)
    answer = invocation.run(asked, Context(), lambda: ends - time.monotonic())
    assert answer.succeeded, answer.reason
    assert answer.data["Allowed"] == str(PRINCIPALS)
    fired = proxy.ask("fired?limit=10000")
    refused = [one["service"] for one in fired if one["action"].endswith("error:Throttling")]
    assert refused.count("ecr") > 0
    assert 0 < refused.count("iam") < PRINCIPALS
    calls = [one["ts"] for one in fired if one["service"] == "iam"]
    assert max(calls) - min(calls) < 2 * (PRINCIPALS - 1) / RATE
