"""A manifest in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecr_access.documents.document import DocumentError, TextProblem
from ecr_access.documents.text import read_text
from ecr_access.manifest.document import parse_document
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
        document = parse_document(read_text(path, hint=f"; it is {named_by}"))
    except DocumentError as error:
        raise ManifestError(str(path), [Problem(_place(one), one.message) for one in error.problems]) from None
    if document.value is None:
        raise ManifestError(str(path), [Problem("", "the file is empty; declare 'repositories'")])
    return parse_manifest(document.value, source=str(path), lines=document.lines)


def _place(problem: TextProblem) -> str:
    column = f", column {problem.column}" if problem.column else ""
    return f"line {problem.line}{column}" if problem.line else ""
