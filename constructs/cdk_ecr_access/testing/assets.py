"""The hashes of a template's assets: as the assembly lists them, or as the CDK writes them into templates."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_cdk import Stack

_HEX: Final = r"(?<![0-9A-Za-z])([0-9a-f]{64})(?![0-9A-Za-z])"
_ANY: Final = re.compile(_HEX)
# A file is published under its hash and its kind, an image under a tag; an image's digest is a choice of the app's.
_PUBLISHED: Final = re.compile(rf"(?:^|/|asset\.){_HEX}\.\w[\w.]*$|^asset\.{_HEX}|/[^:@\s]*:[\w.-]*?([0-9a-f]{{64}})$")
_CHECK: Final = "Custom::EcrAccessCheck"
_TEMPLATE, _ASSETS = ".template.json", ".assets.json"


def listed_for(stack: Stack) -> frozenset[str] | None:
    """Return the hashes that the assembly of a stack lists; None where it has no list.

    Args:
        stack: One that has been synthesized.
    """
    from aws_cdk import Stage  # starts Node.js

    while stack.nested_stack_parent:  # whose assets are its parent's
        stack = stack.nested_stack_parent
    stage = Stage.of(stack)
    if stage is None:
        return None
    path = Path(stage.synth().directory) / f"{stack.template_file.removesuffix(_TEMPLATE)}{_ASSETS}"
    return frozenset(_names_in(json.loads(path.read_bytes()))) if path.is_file() else None


def written_in(template: Mapping[str, Any]) -> frozenset[str]:
    """Return the hashes that a template shows to be of assets: of a published file, or an image's tag."""
    return frozenset(one for text in _texts(template) for found in _PUBLISHED.findall(text) for one in found if one)


def digests_in(template: Mapping[str, Any]) -> frozenset[str]:
    """Return the digests of access checks."""
    resources = template.get("Resources")
    given = [one for one in resources.values() if isinstance(one, Mapping)] if isinstance(resources, Mapping) else []
    checks = [one.get("Properties") for one in given if one.get("Type") == _CHECK]
    return frozenset(str(one["Digest"]) for one in checks if isinstance(one, Mapping) and "Digest" in one)


def without(hashes: frozenset[str], text: str) -> str:
    """Replace hashes in a text by ``<sha256>``."""
    for one in hashes:
        text = text.replace(one, "<sha256>")
    return text


def _names_in(manifest: Mapping[str, Any]) -> Iterator[str]:
    """Yield the hashes that assets go by; not the hashes they are built from, such as a base image's digest."""
    for section in ("files", "dockerImages"):
        for name, one in manifest.get(section, {}).items():
            places = [to.get(key, "") for to in one["destinations"].values() for key in ("objectKey", "imageTag")]
            yield from (found for text in (name, *places) for found in _ANY.findall(text))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (Mapping, list)):
        for one in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(one)
