"""What MkDocs calls: sets the site's address, fills in what is generated from the code, and checks links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from website.generated import filled
from website.links import addresses, resolved

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page


def on_config(config: MkDocsConfig, **_: object) -> MkDocsConfig:
    """Take the address from the metadata, which has it once."""
    config.site_url = f"{addresses()['Documentation']}/"
    return config


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Return the page's text as it is rendered.

    Raises:
        ValueError: if a placeholder names nothing that is generated, or a link leads to a file that does not exist.
    """
    return resolved(filled(markdown), page.file.src_uri)
