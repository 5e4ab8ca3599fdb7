"""Keys of a template that are given twice, of which CloudFormation takes one without a word.

What such a key has is not known: it is a choice between its values, which only the deployment makes. A resource that is
declared twice, or that has an attribute twice, is as what a macro may make: the template is not whole without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecr_access.documents.document import Fields

if TYPE_CHECKING:
    from collections.abc import Mapping

_RESOURCES: Final = "Resources"
_PROPERTIES: Final = "Properties"
_REASON: Final = "given twice"
_MADE: Final = "Fn::Repeated::"
"""Begins the key of a resource that is not known, as ``Fn::ForEach::`` begins that of several."""
_NOT_READ: Final = frozenset({"Conditions", "Description", "Metadata", "Parameters", "Rules"})
"""The sections on whose values nothing depends that is reported."""


def without_repeated(document: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return a template in which what is given twice is unknown; None if all of it may depend on that.

    Args:
        document: the template, an object with a key given twice as ``Fields``.
    """
    others = {key: one for key, one in document.items() if key not in {*_NOT_READ, _RESOURCES}}
    if any(key not in _NOT_READ for key in _repeated(document)) or any(map(_has_repeated, others.values())):
        return None
    resources = document.get(_RESOURCES)
    return {**document, _RESOURCES: _resources(resources)} if isinstance(resources, dict) else {**document}


def _resources(found: dict[str, Any]) -> dict[str, Any]:
    unknown = {*_repeated(found), *(name for name, one in found.items() if _repeated(one))}
    known = {name: _resource(one) for name, one in found.items() if name not in unknown}
    return {**known, **{f"{_MADE}{name}": [] for name in unknown}}


def _resource(found: Any) -> Any:
    if not isinstance(found, dict) or _PROPERTIES not in found:
        return found
    return {**found, _PROPERTIES: _choices(found[_PROPERTIES])}


def _choices(value: Any) -> Any:
    """Return a value in which each key that is given twice has a choice; a function that is one is a choice itself."""
    if isinstance(value, list):
        return [_choices(one) for one in value]
    if not isinstance(value, dict):
        return value
    found = {key: _choices(one) for key, one in value.items()}
    if isinstance(value, Fields):
        for key in value.repeated:
            found[key] = {"Fn::If": [_REASON, *map(_choices, value.given(key))]}
            if key == "Ref" or key.startswith("Fn::"):
                return {"Fn::If": [_REASON, *({key: _choices(one)} for one in value.given(key))]}
    return found


def _repeated(value: object) -> tuple[str, ...]:
    return value.repeated if isinstance(value, Fields) else ()


def _has_repeated(value: object) -> bool:
    held = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return bool(_repeated(value)) or any(map(_has_repeated, held))
