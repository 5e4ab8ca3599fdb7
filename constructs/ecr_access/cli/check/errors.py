"""What keeps a check from being made at all."""

from __future__ import annotations

from ecr_access.codes import Code


class NotCheckedError(Exception):
    """Nothing was asked: a wrong argument, or no credentials; the text says what to do."""

    def __init__(self, problem: str) -> None:
        """Take what is wrong and what to do."""
        super().__init__(Code.NOT_CHECKED.ends(problem))
