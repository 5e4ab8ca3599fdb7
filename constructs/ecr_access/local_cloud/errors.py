"""What can go wrong with the local cloud; every message says what to do."""

from __future__ import annotations


class LocalCloudError(RuntimeError):
    """The local cloud, or a command against it, cannot do what was asked."""


class LocalCloudDiedError(LocalCloudError):
    """The local cloud's server ended while it was needed; the message has its exit code and last log lines."""
