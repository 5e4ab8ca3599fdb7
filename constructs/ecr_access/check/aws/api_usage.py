"""What a check has cost so far: calls, refusals and waiting, of all its threads together."""

from __future__ import annotations

import threading
from collections import Counter


class ApiUsage:
    """Counts what is done with AWS."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: Counter[str] = Counter()
        self._throttled = 0
        self._waited = 0.0

    def called(self, action: str) -> None:
        """Count a request that is sent, the first of a call or a repeated one."""
        with self._lock:
            self._calls[action] += 1

    def throttled(self) -> None:
        """Count a refusal."""
        with self._lock:
            self._throttled += 1

    def waited(self, seconds: float) -> None:
        """Count time that one thread waited: threads wait side by side, so that it adds up to more than the whole."""
        with self._lock:
            self._waited += seconds

    def entries(self) -> dict[str, object]:
        """Tell all of it, for the log."""
        with self._lock:
            calls = dict(sorted(self._calls.items()))
            return {"calls": calls, "throttled": self._throttled, "waited": round(self._waited, 3)}
