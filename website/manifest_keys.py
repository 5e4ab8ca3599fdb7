"""The keys of a manifest, from its JSON Schema."""

from __future__ import annotations

import json
from typing import Any, Final

from ecr_access.manifest import SCHEMA_FILE
from ecr_access.manifest.structure import followed

_TOP: Final = "manifest"
_SECTIONS: Final = {
    "principal": "[principal](#a-principal)",
    "principals": "list of [principals](#a-principal)",
    "tags": "mapping of [resource tags](#tags)",
    "check": "mapping of [settings](#the-access-check)",
    "role": "[role](#a-role)",
    "repository": "[repository](#a-repository)",
    "existing": "[existing repository](#an-existing-repository)",
    "lifecycle_rule": "[lifecycle rule](#a-lifecycle-rule)",
    "account": "text of 12 digits",
    "defaults": "[defaults mapping](#defaults)",
    "environment": "[environment](#account-and-region)",
    "environments": "list of [environments](#account-and-region)",
}
_TYPES: Final = {"string": "text", "integer": "whole number", "boolean": "`true` or `false`", "object": "mapping"}
# As many values as a reader compares; a longer list is in the description.
_FEW: Final = 4

Schema = dict[str, Any]


def table_of_keys(name: str) -> str:
    """Return a table of the keys of a part of a manifest.

    Args:
        name: the part, as the schema's ``$defs`` name it; ``manifest`` for the manifest itself.
    """
    part = schema() if name == _TOP else schema()["$defs"][name]
    required = part.get("required", [])
    rows = (_row(key, one, required=key in required) for key, one in part["properties"].items())
    return "\n".join(["| key | value | default | what it is | example |", "|---|---|---|---|---|", *rows])


def schema() -> Schema:
    """Return the schema that manifests are validated by."""
    found: Schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return found


def _row(key: str, given: Schema, *, required: bool) -> str:
    one = _with_reference(given)
    default = "required" if required else f"`{_text(one['default'])}`" if "default" in one else ""
    example = f"`{json.dumps(one['examples'][0])}`" if one.get("examples") else ""
    cells = (f"`{key}`", _value(given), default, str(one.get("description", "")), example)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _with_reference(given: Schema) -> Schema:
    """Add what a reference says to what the key says itself, which comes first."""
    if "$ref" not in given:
        return given
    return {**_with_reference(followed(given["$ref"])), **given}


def _referenced(given: Schema) -> str:
    return str(given.get("$ref", "")).rpartition("/")[2]


def _value(given: Schema) -> str:
    """Say in a few words what a key takes."""
    name = _referenced(given)
    if name in _SECTIONS:
        return _SECTIONS[name]
    one = _with_reference(given)
    values = one.get("enum") or one.get("then", {}).get("enum")
    if values and len(values) <= _FEW:
        return ", ".join(f"`{value}`" for value in values) + (", or a mapping" if "then" in one else "")
    if one.get("type") == "array":
        return f"list of {_several(one.get('items', {}))}"
    if "additionalProperties" in one and _referenced(one["additionalProperties"] or {}):
        return f"mapping of keys to {_several(one['additionalProperties'])}"
    return _TYPES.get(one.get("type", ""), "text") + _range(one)


def _several(given: Schema) -> str:
    name = _referenced(given)
    if name == "account":
        return "accounts"
    if name in _SECTIONS:
        text, _, anchor = _SECTIONS[name].partition("]")
        return f"{text[:-1]}ies]{anchor}" if text.endswith("y") else f"{text}s]{anchor}"
    return "texts"


def _range(one: Schema) -> str:
    low, high = one.get("minimum"), one.get("maximum")
    if low is None:
        return ""
    return f", {low} to {high}" if high is not None else f", {low} or more"


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
