"""Refuses a tag that is not what would be released: ``python packaging/tag.py v0.1.0``."""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def problems(tag: str, *, version: str, changelog: str) -> list[str]:
    """Say what is wrong with a tag.

    Args:
        tag: the name of the tag.
        version: the version of both distributions.
        changelog: the text of ``CHANGELOG.md``.
    """
    found = [] if tag == f"v{version}" else [f"the tag is {tag}, and the version is {version}; allowed: v{version}"]
    heading = re.search(r"^## .*$", changelog, re.MULTILINE)
    written = heading[0] if heading else "no section"
    if not re.fullmatch(rf"## {re.escape(version)} \(\d{{4}}-\d\d-\d\d\)", written):
        found.append(f"CHANGELOG.md starts with {written!r}; write '## {version} (YYYY-MM-DD)', the day of the release")
    return found


def main(tag: str) -> int:
    """Print what is wrong with a tag; return the exit status."""
    light = (ROOT / "packaging" / "ecr-access" / "pyproject.toml").read_text(encoding="utf-8")
    (version,) = re.findall(r'^version = "([^"]+)"', light, re.MULTILINE)
    found = problems(tag, version=version, changelog=(ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    sys.stderr.writelines(f"error: {one}\n" for one in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
