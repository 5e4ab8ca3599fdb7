"""Mermaid's diagrams as pictures that are drawn when the site is built: no page loads a script for them."""

from __future__ import annotations

import base64
import re
from html import escape
from typing import Final

import mermaidx

_TITLE: Final = re.compile(r"^\s*accTitle: (?P<title>.+)$", re.MULTILINE)
_SIZE: Final = re.compile(r'width="100%"(?P<between>.*?viewBox="0 0 (?P<width>[\d.]+) (?P<height>[\d.]+)")', re.DOTALL)


def fence(source: str, *_: object, **__: object) -> str:
    """Return a block of Mermaid as an image, as a formatter of ``pymdownx.superfences``.

    Args:
        source: the block's text, whose line ``accTitle: ...`` is the image's alternative text.

    Raises:
        ValueError: if the block has no ``accTitle``.
    """
    title = _TITLE.search(source)
    if not title:
        raise ValueError("a Mermaid block has no title; write 'accTitle: ...' below its first line")
    # An image has a size of its own only where its file says so.
    drawn = _SIZE.sub(r'width="\g<width>" height="\g<height>"\g<between>', mermaidx.render(source).svg(), count=1)
    data = base64.b64encode(drawn.encode()).decode()
    return f'<p class="diagram"><img alt="{escape(title["title"])}" src="data:image/svg+xml;base64,{data}"></p>'
