"""What the function writes to its log: one JSON object a line."""

from __future__ import annotations

import contextlib
import json
import sys


def line(**fields: object) -> None:
    """Write one line. A log that cannot be written to does not prevent the answer."""
    with contextlib.suppress(Exception):
        print(json.dumps(fields), flush=True)  # noqa: T201 -- a Lambda function's log is its standard output


def trouble(error: Exception) -> None:
    """Write the type of an error and where it was raised, but not its text, which may quote what AWS answered.

    To standard error, which Lambda logs as well: what the command for a terminal prints can still be read by programs.
    """
    import traceback  # needed only when something is broken

    with contextlib.suppress(Exception):
        fields = {"error": type(error).__name__, "trace": traceback.format_tb(error.__traceback__)}
        print(json.dumps(fields), file=sys.stderr, flush=True)  # noqa: T201 -- see above
