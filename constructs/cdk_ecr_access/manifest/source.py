"""Where a manifest comes from: a file that the CDK's context names, or the context itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cdk_ecr_access.access_check.context_keys import misspelt
from ecr_access.cli.progress import Progress
from ecr_access.codes import Code
from ecr_access.manifest.errors import ManifestError, Problem
from ecr_access.manifest.file import read_file
from ecr_access.manifest.parse import parse_manifest
from ecr_access.manifest.values import described
from ecr_access.wording import quoted

if TYPE_CHECKING:
    from ecr_access.manifest.model import Manifest

KEY: Final = "manifest"
"""The context key of the manifest: ``"context": {"manifest": "images.yaml"}`` in cdk.json."""

CONTEXT: Final = "the context (cdk.json)"
_NAMED_BY: Final = f"the '{KEY}' of {CONTEXT} or of the command line"
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
        raise ManifestError(CONTEXT, [Problem("", message) for message in near], code=Code.NO_MANIFEST)
    match context.get(KEY):
        case None:
            beside = next((key for key in _REPOSITORIES if key in context), None)
            here = f"; {quoted(beside)} stands beside it, move it there" if beside else ""
            raise ManifestError(CONTEXT, [Problem("", f"{_NONE}{here}")], code=Code.NO_MANIFEST)
        case Mapping() as inline:
            return parse_manifest(inline, source=_INLINE)
        case str() as name if name:
            return read_file((folder or Path.cwd()) / name, named_by=_NAMED_BY, progress=Progress())
        case other:
            wanted = Problem(KEY, f"the name of a file is wanted, got {described(other)}")
            raise ManifestError(CONTEXT, [wanted], code=Code.NO_MANIFEST)
