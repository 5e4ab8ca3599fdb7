"""``--picture FILE``: what the walkthrough prints, as an SVG that loads nothing."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Final

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.terminal_theme import MONOKAI

if TYPE_CHECKING:
    from pathlib import Path

_WIDTH: Final = 112
# Rich's own format fetches its font from another site.
_FORMAT: Final = re.sub(r"\s*@font-face \{\{.*?\}\}\n", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL).replace(
    "font-family: Fira Code, monospace;", "font-family: ui-monospace, Menlo, Consolas, monospace;"
)


def recorder() -> Console:
    """Return a console that keeps what it prints, and shows nothing."""
    return Console(file=io.StringIO(), record=True, width=_WIDTH, highlight=False)


def save(recorded: Console, path: Path) -> None:
    """Write what a console has kept as an SVG, in a font of the reader's machine.

    Raises:
        OSError: if the file cannot be written.
    """
    picture = recorded.export_svg(
        title="make deploy-local", theme=MONOKAI, code_format=_FORMAT, unique_id="walkthrough"
    )
    path.write_text(picture, encoding="utf-8")
