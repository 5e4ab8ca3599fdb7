"""Where a manifest comes from: the CDK's context, or a file that the context names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cdk_ecr_access.manifest.document import DocumentError, parse_document
from cdk_ecr_access.manifest.errors import ManifestError, Problem
from cdk_ecr_access.manifest.parse import parse_manifest
from cdk_ecr_access.manifest.structure import schema
from cdk_ecr_access.wording import nearest, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cdk_ecr_access.manifest.model import Manifest

FILE_KEY: Final = "manifest"
"""The context key that names a file: ``cdk deploy -c manifest=FILE``."""

_REPOSITORIES: Final = ("repositories", "existing")
CONTEXT: Final = "the context (cdk.json)"


def read_manifest(context: Mapping[str, Any]) -> Manifest:
    """Read the manifest that the CDK's context holds, or the file that it names, which then counts alone.

    Args:
        context: all of it: ``app.node.get_all_context()``. ``manifest`` is a file, JSON or YAML by its content,
            relative to the working directory; without it those keys that a manifest knows are the manifest.

    Raises:
        ManifestError: with everything that is wrong, each with the path of the entry.
    """
    if FILE_KEY in context:
        return _read_file(context[FILE_KEY])
    declared = {key: context[key] for key in schema()["properties"] if key in context}
    if not any(key in declared for key in _REPOSITORIES):
        near = next((near for one in _REPOSITORIES if (near := nearest(one, context))), None)
        misspelt = f"; is {quoted(near)} misspelt?" if near else ""
        raise ManifestError(
            CONTEXT,
            [
                Problem(
                    "",
                    "no 'repositories' are declared; declare them under \"context\" in cdk.json or name a file with "
                    f"-c {FILE_KEY}=FILE, and run the app through the CDK CLI, which reads both{misspelt}",
                )
            ],
        )
    texts = {key: value for key, value in declared.items() if isinstance(value, str) and key != "$schema"}
    if texts:
        hint = f"-c gives texts, so declare it in cdk.json or name a file with -c {FILE_KEY}=FILE"
        problems = [Problem(key, f"got the text {quoted(value)}; {hint}") for key, value in texts.items()]
        raise ManifestError(CONTEXT, problems)
    return parse_manifest(declared, source=CONTEXT)


def _read_file(name: object) -> Manifest:
    if not isinstance(name, str) or not name:
        raise ManifestError(CONTEXT, [Problem(FILE_KEY, f"the name of a file is wanted, got {name!r}")])
    path = Path.cwd() / name
    try:
        text = path.read_bytes().decode("utf-8-sig")
        value = parse_document(text)
    except DocumentError as error:
        problem = error.problem
    except UnicodeDecodeError as error:
        problem = Problem("", f"not UTF-8 text: {error.reason} at byte {error.start}")
    except (OSError, ValueError) as error:  # a ValueError for a NUL in the name
        problem = Problem("", f"cannot be read: {getattr(error, 'strerror', None) or error}".lower())
    else:
        if value is not None:
            return parse_manifest(value, source=str(path), text=text)
        problem = Problem("", "the file is empty; declare 'repositories'")
    raise ManifestError(str(path), [problem])
