"""Values of two templates, compared as far as the templates tell."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ecr_access.documents.templates.template import is_function, mapping
from ecr_access.iam.ternary import Ternary
from ecr_access.iam.unknown_text import equal

if TYPE_CHECKING:
    from ecr_access.documents.templates.template import Resource
    from ecr_access.rules.access.application import Application


@dataclass(frozen=True)
class Declared:
    """A resource, and the app that knows what its values are."""

    resource: Resource
    app: Application

    def value(self, key: str) -> Any:
        """Return a property as it is written; None if it is left out."""
        return self.resource.properties.get(key)

    def text(self, key: str) -> str:
        """Return a property as text, what only the deployment knows as marks; empty if it is left out."""
        value = self.value(key)
        if value is None:
            return ""
        is_written_out = isinstance(value, (dict, list)) and not is_function(value)
        written = {"Fn::ToJsonString": _ordered(value)} if is_written_out else value
        return self.app.resolver.text(written, self.resource.template)

    def plain(self, key: str) -> Any:
        """Return a property without intrinsic functions; None if it is left out, or no JSON."""
        try:
            return json.loads(self.text(key))
        except (ValueError, RecursionError):
            return None

    def attribute(self, name: str, default: str) -> str:
        """Return what stands beside the properties, such as ``DeletionPolicy``."""
        value = self.resource.attributes.get(name, default)
        return value if isinstance(value, str) else self.app.resolver.text(value, self.resource.template)


def same(before: Declared, after: Declared, key: str) -> Ternary:
    """Whether a property stays as it is; MAYBE if that depends on what only the deployment knows."""
    one, other = before.value(key), after.value(key)
    if one is None and other is None:
        return Ternary.YES
    if one is None or other is None:
        return Ternary.MAYBE if may_be_left_out(one) or may_be_left_out(other) else Ternary.NO
    return equal(before.text(key), after.text(key))


def may_be_left_out(value: object) -> bool:
    """Whether a condition may choose no value at all."""
    return "Fn::If" in mapping(value)


def _ordered(value: Any) -> Any:
    """Order the keys of objects, whose order means nothing."""
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in sorted(value)}
    return [_ordered(one) for one in value] if isinstance(value, list) else value
