"""What keeps the check of one stack from being asked, while others are."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from ecr_access.check.aws.errors import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.codes import Code


class StackError(Exception):
    """Nothing is known of what the check of a stack proves; the text says why, and what to do."""

    def __init__(self, code: Code, problem: str) -> None:
        """Take the situation, and what is wrong and what to do."""
        super().__init__(code.ends(problem))


@contextmanager
def asking(action: str, on: str, code: Code) -> Iterator[None]:
    """Raise StackError where AWS refuses an action, or cannot be reached."""
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        raise StackError(
            code, f"{on}: {action} failed: {text_of(error)}; run this as a principal that may do it, or try again"
        ) from None
