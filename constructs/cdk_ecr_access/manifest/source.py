"""Where a manifest comes from: the CDK's context, or a file that the context names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cdk_ecr_access.manifest.document import DocumentError, parse_document
from cdk_ecr_access.manifest.errors import ManifestError, Problem
from cdk_ecr_access.manifest.parse import parse_manifest
from cdk_ecr_access.wording import nearest, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cdk_ecr_access.manifest.model import Manifest

FILE_KEY: Final = "manifest"
"""The context key that names a file: ``cdk deploy -c manifest=FILE``."""

_KEYS: Final = ("repositories", "roles")
_CONTEXT: Final = "the context (cdk.json)"


def read_manifest(context: Mapping[str, Any]) -> Manifest:
    """Read the manifest that the CDK's context holds, or the file that it names, which then counts alone.

    Args:
        context: all of it: ``app.node.get_all_context()``. ``manifest`` is a file, JSON or YAML by its content,
            relative to the working directory; without it ``repositories`` and ``roles`` are the manifest.

    Raises:
        ManifestError: with everything that is wrong, each with the path of the entry.
    """
    if FILE_KEY in context:
        return _read_file(context[FILE_KEY])
    if "repositories" not in context:
        near = nearest("repositories", context)
        misspelt = f"; is {quoted(near)} misspelt?" if near else ""
        raise ManifestError(
            _CONTEXT,
            [
                Problem(
                    "",
                    "no 'repositories' are declared; declare them under \"context\" in cdk.json or name a file with "
                    f"-c {FILE_KEY}=FILE, and run the app through the CDK CLI, which reads both{misspelt}",
                )
            ],
        )
    texts = [key for key in _KEYS if isinstance(context.get(key), str)]
    if texts:
        hint = f"-c gives texts, so declare it in cdk.json or name a file with -c {FILE_KEY}=FILE"
        raise ManifestError(_CONTEXT, [Problem(key, f"got the text {quoted(context[key])}; {hint}") for key in texts])
    return parse_manifest({key: context[key] for key in _KEYS if key in context}, source=_CONTEXT)


def _read_file(name: object) -> Manifest:
    if not isinstance(name, str) or not name:
        raise ManifestError(_CONTEXT, [Problem(FILE_KEY, f"the name of a file is wanted, got {name!r}")])
    path = Path.cwd() / name
    try:
        value = parse_document(path.read_bytes().decode("utf-8-sig"))
    except DocumentError as error:
        problem = error.problem
    except UnicodeDecodeError as error:
        problem = Problem("", f"not UTF-8 text: {error.reason} at byte {error.start}")
    except (OSError, ValueError) as error:  # a ValueError for a NUL in the name
        problem = Problem("", f"cannot be read: {getattr(error, 'strerror', None) or error}".lower())
    else:
        if value is not None:
            return parse_manifest(value, source=str(path))
        problem = Problem("", "the file is empty; declare 'repositories'")
    raise ManifestError(str(path), [problem])
