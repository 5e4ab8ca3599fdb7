"""The exit statuses of every command, in one place."""

from __future__ import annotations

from typing import Final

DONE: Final = 0
FOUND: Final = 1
WRONG: Final = 2
FAILED: Final = 70
INTERRUPTED: Final = 130
CLOSED: Final = 141

STATUSES: Final = {
    DONE: "all is well: nothing was found, or what was asked is done",
    FOUND: "the command found what it looks for: a denial, an error, a repository that is replaced or lost",
    WRONG: "no answer: an argument is wrong, a file cannot be read, or AWS does not tell",
    FAILED: "the command itself failed, or the local cloud did",
    INTERRUPTED: "interrupted by Ctrl-C",
    CLOSED: "the reader of standard output closed it before the end",
}
"""What each means. 70 is EX_SOFTWARE of sysexits.h; 130 and 141 are 128 and the number of the signal, as in a shell."""
