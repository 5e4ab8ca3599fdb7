"""The structure of a manifest: what its JSON Schema says about a value.

The schema is the one truth of which keys there are and what they may hold; editors complete from the same file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path as File
from typing import TYPE_CHECKING, Any, Final

from ecr_access.manifest.keywords import KEYWORDS
from ecr_access.manifest.values import as_boolean, as_integer
from ecr_access.manifest.wanted import write_example

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.documents.document import Path

SCHEMA_FILE: Final = File(__file__).with_name("schema.json")
"""The schema, for editors and for other tools that check manifests."""


@cache
def schema() -> dict[str, Any]:
    """Read the schema."""
    read: dict[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return read


def structural_problems(value: object) -> Iterator[tuple[Path, str]]:
    """Find what a value has that the schema does not allow, each with its path and in words for a person."""
    for error in _validator().iter_errors(value):
        yield tuple(error.absolute_path), error.message


def missing_repositories() -> str:
    """Say that a manifest declares nothing, which may have its repositories in any of its files."""
    return f"'repositories' or 'existing' is missing{write_example(schema())}"


@cache
def _validator() -> Any:
    # Imported on first use: who declares repositories in Python does without.
    from jsonschema import Draft202012Validator, validators  # type: ignore[import-untyped]

    types = Draft202012Validator.TYPE_CHECKER.redefine_many(
        {
            "object": lambda _, value: isinstance(value, Mapping),
            "array": lambda _, value: isinstance(value, list | tuple),
            # YAML's numbers and booleans are kept as they were written.
            "integer": lambda _, value: as_integer(value) is not None,
            "boolean": lambda _, value: as_boolean(value) is not None,
        }
    )
    return validators.extend(Draft202012Validator, KEYWORDS, type_checker=types)(_inlined(schema()))


def _inlined(one: Any) -> Any:
    """Write what a reference means in its place: to look it up takes a third of the time of a validation."""
    if isinstance(one, list):
        return [_inlined(inner) for inner in one]
    if not isinstance(one, dict):
        return one
    inlined = {key: _inlined(inner) for key, inner in one.items() if key not in {"$ref", "$defs"}}
    return {**_inlined(followed(one["$ref"])), **inlined} if "$ref" in one else inlined


def followed(reference: str) -> dict[str, Any]:
    """Return the part of the schema that a reference in it names: ``#/$defs/role``."""
    part: dict[str, Any] = schema()
    for key in reference.split("/")[1:]:
        part = part[key]
    return part
