"""Plain values to a manifest, or everything that is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecr_access.manifest.assemble import assemble
from ecr_access.manifest.entry import Entry
from ecr_access.manifest.source import Source

if TYPE_CHECKING:
    from ecr_access.documents.document import Lines
    from ecr_access.manifest.model import Manifest


def parse_manifest(value: object, *, source: str, lines: Lines | None = None) -> Manifest:
    """Make a manifest of plain values: what JSON or YAML held.

    The schema says what is wrong with its structure, and what it cannot know, such as whether a principal is the key
    of a role, is found where the section is read; at once, in the order of the document.

    Args:
        value: a mapping as ``schema.json`` describes it.
        source: where it came from, for messages.
        lines: the lines of the text that it was read from, for messages.

    Raises:
        ManifestError: with what is wrong, each with the path of the entry; also if it includes files, which only a
            manifest in a file can.
    """
    read = Source(source, value, lines)
    if (included := Entry((), value, read)["include"]).is_given:
        included.wrong("a manifest that is in no file cannot include files; write it into a file, and name that")
    return assemble(source, [read])
