"""Links from a page to files of the repository that are no pages, such as a test or an example."""

from __future__ import annotations

import posixpath
import re
import sys
from functools import cache
from pathlib import Path
from typing import Final

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT: Final = Path(__file__).parents[1]
_DOCS: Final = "docs"
_LINK: Final = re.compile(r"(?<!!)\[(?P<text>[^\]]*)\]\((?P<target>\.\./[^)#\s]*)(?P<anchor>#[^)\s]*)?\)")


def resolved(markdown: str, source: str, *, repository: str | None = None) -> str:
    """Return a page's text with its links to other files of the repository as links to the forge.

    Args:
        markdown: the text.
        source: the page's path under ``docs/``.
        repository: the forge's address. Default: the one in ``[project.urls]``.

    Raises:
        ValueError: if a link leads to a file that does not exist.
    """
    forge = repository or addresses()["Source"]

    def link(found: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(_DOCS, posixpath.dirname(source), found["target"]))
        if not (ROOT / path).exists():
            raise ValueError(f"docs/{source} links to {found['target']}, which does not exist")
        kind = "tree" if (ROOT / path).is_dir() else "blob"
        return f"[{found['text']}]({forge}/{kind}/main/{path}{found['anchor'] or ''})"

    return _LINK.sub(link, markdown)


@cache
def addresses() -> dict[str, str]:
    """Return the addresses of ``[project.urls]``, by their names."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {name: url.rstrip("/") for name, url in project["urls"].items()}
