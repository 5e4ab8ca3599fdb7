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
# The names that [project.urls] gives to a repository of sources.
_NAMES: Final = ("repository", "source", "source code", "github")


def resolved(markdown: str, source: str, *, repository: str | None = None) -> str:
    """Return a page's text with its links to other files of the repository as links to the forge.

    Where no forge is known, the text of a link stays, without the link.

    Args:
        markdown: the text.
        source: the page's path under ``docs/``.
        repository: the forge's address. Default: the one in ``[project.urls]``.

    Raises:
        ValueError: if a link leads to a file that does not exist.
    """
    forge = repository_url() if repository is None else repository

    def link(found: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(_DOCS, posixpath.dirname(source), found["target"]))
        if not (ROOT / path).exists():
            raise ValueError(f"docs/{source} links to {found['target']}, which does not exist")
        if not forge:
            return found["text"]
        kind = "tree" if (ROOT / path).is_dir() else "blob"
        return f"[{found['text']}]({forge}/{kind}/main/{path}{found['anchor'] or ''})"

    return _LINK.sub(link, markdown)


@cache
def repository_url() -> str:
    """Return the address of the repository from ``[project.urls]``; an empty text where it has none."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    urls = {str(name).lower(): str(url).rstrip("/") for name, url in project.get("urls", {}).items()}
    return next((urls[name] for name in _NAMES if name in urls), "")
