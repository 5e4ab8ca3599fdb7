"""A manifest in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecr_access.manifest.document import DocumentError, parse_document
from ecr_access.manifest.errors import ManifestError, Problem
from ecr_access.manifest.parse import parse_manifest

if TYPE_CHECKING:
    from pathlib import Path

    from ecr_access.manifest.model import Manifest


def read_file(path: Path, *, named_by: str) -> Manifest:
    """Read a manifest from a file, YAML or JSON by its content.

    Args:
        path: the file.
        named_by: what the file is, for the error that it cannot be read: ``"named on the command line"``.

    Raises:
        ManifestError: with everything that is wrong, each with the path of the entry.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
        value = parse_document(text)
    except DocumentError as error:
        problem = error.problem
    except UnicodeDecodeError as error:
        problem = Problem("", f"not UTF-8 text: {error.reason} at byte {error.start}")
    except (OSError, ValueError) as error:  # a ValueError for a NUL in the name
        why = str(getattr(error, "strerror", None) or error).lower()
        problem = Problem("", f"cannot be read: {why}; it is {named_by}")
    else:
        if value is not None:
            return parse_manifest(value, source=str(path), text=text)
        problem = Problem("", "the file is empty; declare 'repositories'")
    raise ManifestError(str(path), [problem])
