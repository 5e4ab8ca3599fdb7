"""Files of the repository's root that are pages of the site too, such as ``CHANGELOG.md``."""

from __future__ import annotations

import re
from typing import Final

from website.links import ROOT

_TITLE: Final = re.compile(r"\A# .+\n")
_LINK: Final = re.compile(r"\]\((?![a-z]+:|#)(?P<target>[^)]+)\)")
_PAGES: Final = "docs/"


def included(name: str) -> str:
    """Return the text of a file without its title, its links as they are from ``docs/``.

    Args:
        name: the file's name, in the root. A file that does not exist is an empty text.
    """
    path = ROOT / name
    if not path.exists():
        return ""
    return _LINK.sub(_from_docs, _TITLE.sub("", path.read_text(encoding="utf-8")))


def _from_docs(found: re.Match[str]) -> str:
    target = found["target"]
    return f"]({target.removeprefix(_PAGES)})" if target.startswith(_PAGES) else f"](../{target})"
