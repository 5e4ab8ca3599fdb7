"""How everything that a run makes is named, so that nothing else is ever removed."""

from __future__ import annotations

import re
import secrets
import time
from typing import Final

TAG: Final = "prove-on-aws"
PATH: Final = "/prove-on-aws/"
"""Of roles, users, groups and managed policies."""

BUSY_SECONDS: Final = 2 * 3600.0
"""How long what a journal does not name may belong to a run on another machine."""

_RUN: Final = re.compile(r"(?:/aws/[a-z]+/)?prove-on-aws-(?P<began>[0-9a-f]{8})-[0-9a-f]{4}-.+")


def run_name(now: float | None = None) -> str:
    """Return the prefix of a run's names, which tells when it began."""
    return f"prove-on-aws-{int(time.time() if now is None else now):08x}-{secrets.token_hex(2)}"


def began(name: str) -> float | None:
    """Return when the run that made a resource began; None if no run made it."""
    match = _RUN.fullmatch(name)
    return float(int(match["began"], 16)) if match else None
