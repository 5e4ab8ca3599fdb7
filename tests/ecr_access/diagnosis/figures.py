"""How often the diagnosis is right.

``python -m tests.ecr_access.diagnosis.figures`` prints the table of docs/diagnose.md. ``--list`` names each text that
is not right. A text is right where a true cause is told, partly where a vague one is, silent where none is though one
is true, and wrong where one is told that is false.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any, Final

import yaml

from ecr_access.diagnosis import diagnose

POSTED: Final = Path(__file__).parent / "posted"
SETS: Final = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
# What was told before a set's kinds were mended, in the order of the verdicts; the causes were made by the first two.
AT_FIRST_SIGHT: Final = {
    "third": (44, 2, 0, 1),
    "fourth": (63, 4, 6, 2),
    "fifth": (59, 1, 4, 1),
    "sixth": (50, 1, 3, 0),
    "seventh": (41, 1, 3, 2),
    "eighth": (39, 0, 0, 1),
    "ninth": (37, 0, 1, 0),
}
VERDICTS: Final = ("right", "partly", "silent", "wrong")
NONE: Final = "none"


def entries(name: str) -> list[dict[str, Any]]:
    """Read one set of texts."""
    found: list[dict[str, Any]] = yaml.safe_load((POSTED / f"{name}.yaml").read_text(encoding="utf-8"))
    return found


def told(text: str) -> str:
    """Return the name of the cause that is told of a text."""
    found = diagnose(text)
    return found.cause.name if found else NONE


def verdict(entry: dict[str, Any]) -> str:
    """Compare what is told with what is true."""
    cause = told(entry["text"])
    if cause in entry["right"]:
        return "right"
    if cause in entry.get("partly", ()):
        return "partly"
    return "silent" if cause == NONE else "wrong"


def table() -> str:
    """Write the figures as a table of Markdown."""
    rows = [
        "| texts | number | right | partly | silent | wrong | at first sight |",
        "|---|---|---|---|---|---|---|",
    ]
    for name in SETS:
        counted = Counter(verdict(entry) for entry in entries(name))
        now = " | ".join(str(counted[one]) for one in VERDICTS)
        before = ", ".join(
            f"{number} {one}" for number, one in zip(AT_FIRST_SIGHT.get(name, ()), VERDICTS, strict=False)
        )
        rows.append(f"| {name} | {counted.total()} | {now} | {before} |")
    return "\n".join(rows)


def _list() -> str:
    lines = [
        f"{verdict(entry)}: {entry['seen']}: {told(entry['text'])}, where {', '.join(entry['right'])} is true"
        for name in SETS
        for entry in entries(name)
        if verdict(entry) != "right"
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(f"{_list() if '--list' in sys.argv else table()}\n")
