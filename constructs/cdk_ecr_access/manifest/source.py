"""Where a manifest comes from: a file that the CDK's context names, or the context itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cdk_ecr_access.context_keys import misspelt
from cdk_ecr_access.manifest.document import DocumentError, parse_document
from cdk_ecr_access.manifest.errors import ManifestError, Problem
from cdk_ecr_access.manifest.parse import parse_manifest
from cdk_ecr_access.manifest.values import described
from cdk_ecr_access.wording import quoted

if TYPE_CHECKING:
    from cdk_ecr_access.manifest.model import Manifest

KEY: Final = "manifest"
"""The context key of the manifest: ``"context": {"manifest": "images.yaml"}`` in cdk.json."""

CONTEXT: Final = "the context (cdk.json)"
_INLINE: Final = f"'{KEY}' in {CONTEXT}"
_REPOSITORIES: Final = ("repositories", "existing")
_NONE: Final = (
    'no manifest is named; name its file in cdk.json, "context": {"manifest": "images.yaml"}, and run the app through '
    "the CDK CLI, which reads that; -c manifest=images.yaml holds for one command alone"
)


def read_manifest(context: Mapping[str, Any], *, folder: Path | None = None) -> Manifest:
    """Read the manifest that the CDK's context names, or holds.

    Args:
        context: all of it: ``app.node.get_all_context()``. ``manifest`` is the name of a file, JSON or YAML by its
            content, or the manifest itself as an object.
        folder: what the file's name is relative to. Default: the working directory.

    Raises:
        ManifestError: if the context has none, or a key that is nearly ``manifest``; otherwise with what is wrong in
            the manifest, each with the path of the entry.
    """
    if near := misspelt(context, [KEY]):
        raise ManifestError(CONTEXT, [Problem("", message) for message in near])
    match context.get(KEY):
        case None:
            beside = next((key for key in _REPOSITORIES if key in context), None)
            here = f"; {quoted(beside)} stands beside it, move it there" if beside else ""
            raise ManifestError(CONTEXT, [Problem("", f"{_NONE}{here}")])
        case Mapping() as inline:
            return parse_manifest(inline, source=_INLINE)
        case str() as name if name:
            return _read_file((folder or Path.cwd()) / name)
        case other:
            raise ManifestError(CONTEXT, [Problem(KEY, f"the name of a file is wanted, got {described(other)}")])


def _read_file(path: Path) -> Manifest:
    try:
        text = path.read_bytes().decode("utf-8-sig")
        value = parse_document(text)
    except DocumentError as error:
        problem = error.problem
    except UnicodeDecodeError as error:
        problem = Problem("", f"not UTF-8 text: {error.reason} at byte {error.start}")
    except (OSError, ValueError) as error:  # a ValueError for a NUL in the name
        why = str(getattr(error, "strerror", None) or error).lower()
        problem = Problem("", f"cannot be read: {why}; it is the '{KEY}' of {CONTEXT} or of the command line")
    else:
        if value is not None:
            return parse_manifest(value, source=str(path), text=text)
        problem = Problem("", "the file is empty; declare 'repositories'")
    raise ManifestError(str(path), [problem])
