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
    return validators.extend(Draft202012Validator, KEYWORDS, type_checker=types)(schema())
