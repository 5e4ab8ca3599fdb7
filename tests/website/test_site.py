"""Every page of the documentation site, as headless Chromium shows it: ``make docs-test``."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ABSENT = "the dependencies of the site are not installed; `make docs-test` installs them"
pytest.importorskip("mkdocs", reason=ABSENT)
sync_api = pytest.importorskip("playwright.sync_api", reason=ABSENT)

ROOT = Path(__file__).parents[2]
PAGES = sorted("" if one.stem == "index" else f"{one.stem}/" for one in (ROOT / "docs").glob("*.md"))
WIDTHS = (1280, 390)
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
# What a reader types, and the page that has to be among the first five answers.
SEARCHES = {
    "token": "token/",
    "no basic auth": "diagnose/",
    "lambda": "lambda/",
    "grant_push": "api/",
    "report_only": "check/",
    "token-missing": "rules/",
    "name_prefix": "pipelines/",
    "lifecycle rule": "manifest/",
}


FOUND = """([address, path]) => {
  const links = [...document.querySelectorAll("li.md-search-result__item > a")];
  const pages = new Set(links.map(one => one.href.slice(address.length).split(/[?#]/)[0]));
  return [...pages].slice(0, 5).includes(path);
}"""


MERMAID = "```mermaid"


def source(path: str) -> str:
    """Return the text that a page is made from."""
    return (ROOT / "docs" / f"{path.rstrip('/') or 'index'}.md").read_text(encoding="utf-8")


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Print no line for each request."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site, with warnings as errors and links checked."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "constructs"), "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    return folder


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Serve the site on loopback."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start the machine's own Chromium."""
    if not CHROMIUM:  # what cannot look at the pages has not tested them
        pytest.fail("no Chromium on the PATH; on Debian and Ubuntu: apt-get install chromium")
    with sync_api.sync_playwright() as started:
        # Root, as which CI runs, has no sandbox; all pages are ours.
        running = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


@contextmanager
def opened(browser: Any, url: str, width: int) -> Iterator[tuple[Any, list[str]]]:
    """Open a page; yield it with what goes wrong on it: errors, failed requests, and requests to other hosts."""
    wrong: list[str] = []
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.on("console", lambda said: wrong.append(f"console: {said.text}") if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    page.on("requestfailed", lambda one: wrong.append(f"failed: {one.url}"))
    page.on("response", lambda one: wrong.append(f"{one.status}: {one.url}") if one.status >= 400 else None)
    page.on("request", lambda one: wrong.append(f"elsewhere: {one.url}") if _leaves(one.url) else None)
    page.goto(url, wait_until="networkidle")
    yield page, wrong
    page.close()


def _leaves(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != "127.0.0.1"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_and_loads_nothing_from_elsewhere(browser: Any, address: str, path: str, width: int) -> None:
    """It is no wider than the window, its pictures are there, and no error is in the console."""
    with opened(browser, address + path, width) as (page, wrong):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        broken = "[...document.images].filter(one => !one.complete || !one.naturalWidth).map(one => one.src)"
        assert page.evaluate(broken) == []
        assert page.locator("article h1").count() == 1
        assert wrong == []


@pytest.mark.parametrize(("query", "path"), SEARCHES.items())
def test_the_search_answers(browser: Any, address: str, query: str, path: str) -> None:
    """With the page that a reader would look for among the first five."""
    with opened(browser, address, WIDTHS[0]) as (page, wrong):
        page.locator("input.md-search__input").click()
        page.locator("input.md-search__input").press_sequentially(query)
        # The list follows the typing, a moment later.
        page.wait_for_function(FOUND, arg=[address, path], timeout=10_000)
        assert wrong == []


@pytest.mark.parametrize("path", [one for one in PAGES if MERMAID in source(one)])
def test_the_diagrams_are_drawn(browser: Any, address: str, path: str) -> None:
    """As pictures with a text for readers who cannot see them, and wide enough to be read."""
    with opened(browser, address + path, WIDTHS[0]) as (page, _):
        sizes = "all => all.map(one => [one.alt, one.naturalWidth, one.clientWidth])"
        drawn = page.eval_on_selector_all(".diagram img", sizes)
        assert len(drawn) == source(path).count(MERMAID)
        # Text of 16 px is read down to 9.
        assert [one for one in drawn if not one[0] or one[2] / one[1] < 9 / 16] == []
