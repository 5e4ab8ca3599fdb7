"""What a log shows to be done, line by line: pushes, pulls, build steps, commands, and whose part each is."""

from __future__ import annotations

import re
from typing import Final

from ecr_access.diagnosis import services
from ecr_access.diagnosis.claims import OTHER, claims, strongest
from ecr_access.diagnosis.lines import LONGEST, is_declaration, is_trace, undeclared

_COMMAND: Final = re.compile(
    r"^(?:\[[^\]]{1,60}\]\s)?(?:\S{1,40}\s{1,2})?[+$#]\s(?:sudo\s)?(?P<words>[\w./-]{1,60}(?:\s[a-z-]{1,40})?)"
)
_OTHER_COMMANDS: Final = re.compile(
    r"(?:kubectl|npm|yarn|pnpm|pip3?|git|curl|wget|mvn|gradle|go|cargo|gh|az|gcloud|psql|ssh)\b"
    r"|aws (?!ecr|configure)[a-z]"
)
_DONE: Final = re.compile(
    r"digest: sha256:\w+ size:|Status: (?:Downloaded newer image|Image is up to date)|Successfully pulled image"
    r"|already present on machine|^#[0-9]{1,4} DONE|^ ---> [0-9a-f]{12}\b"
    r"|^Pulled: |pushing manifest for .{0,300} done\s{0,9}$"
)
_SIGNED_IN: Final = re.compile(r"\bLogin Succeeded\b")
# What is printed after these is the build's, or the app's: a pull that they begin has a line of its own.
_NO_PULL: Final = re.compile(r"\bdocker (?:image )?build\b(?![^\n]{0,2000}--push)|\bdocker (?:tag|run|exec|start)\b")
_HINT: Final = re.compile(r"dkr|ecr|ECR|://|docker|io/|GetAuth|TTY|calling the|FROM|ull|metadata")


def activity(text: str) -> tuple[tuple[int, str | None], ...]:
    """List what was done: the place of its line, and whose part it was, or None where something ended well.

    A sign-in to ECR goes on: a push or a pull follows it.
    """
    found: list[tuple[int, str | None]] = []
    place = 0
    for line in text.split("\n"):
        begin = line[:LONGEST]
        goes_on = found and found[-1][1] in services.OURS
        if _DONE.search(begin) or (not goes_on and _SIGNED_IN.search(begin)):
            found.append((place, None))
        elif owner := _doing(begin):
            found.append((place, owner))
        place += len(line) + 1
    return tuple(found)


def _doing(line: str) -> str | None:
    command = _COMMAND.match(line)
    if command and _OTHER_COMMANDS.match(command["words"]):
        return OTHER
    if not _HINT.search(line) or is_declaration(line) or _NO_PULL.search(line) or is_trace(line):
        return None
    text = undeclared(line)
    owner = strongest(claims(text), len(text))
    # Of a service it is told only that it is not ECR: what it was asked need not be what failed.
    return owner if owner is None or owner in (*services.OURS, *services.OF_IMAGES) else OTHER
