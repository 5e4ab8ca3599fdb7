"""What MkDocs calls for each page: fills in what is generated from the code, and checks links that leave the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from website.generated import filled
from website.links import resolved

if TYPE_CHECKING:
    from mkdocs.structure.pages import Page


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Return the page's text as it is rendered.

    Raises:
        ValueError: if a placeholder names nothing that is generated, or a link leads to a file that does not exist.
    """
    return resolved(filled(markdown), page.file.src_uri)
