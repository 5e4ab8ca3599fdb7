"""Resolves intrinsic functions, as far as the templates of one app tell.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from ecr_access.documents.templates import references
from ecr_access.documents.templates.dynamic import without_references
from ecr_access.documents.templates.exports import READER, Exports
from ecr_access.documents.templates.nesting import Nesting
from ecr_access.documents.templates.template import NO_VALUE, is_function, listed, mapping
from ecr_access.iam.unknown_text import is_mark, split, unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ecr_access.documents.templates.template import Resource, Template

_PLACEHOLDER: Final = re.compile(r"\$\{(!?)([^}]*)\}")
_INDEX: Final = re.compile(r"[0-9]{1,6}")
_DEEPEST: Final = 40
# What one value may cost: a name of ten references to a name of ten references to ... is short, and without an end.
_MOST: Final = 1_000_000
_COST: Final = 50  # of a function or a text, beside its characters


class Resolver:
    """Resolves the values of an app's templates; remembers what others export."""

    def __init__(self, templates: Sequence[Template]) -> None:
        self.nesting = Nesting(templates)
        self._spent = 0
        self._open: set[Resource] = set()
        self._following: set[str] = set()
        self._exports = Exports(templates, self.text)
        self._functions: dict[str, Callable[[Any, Template, int], str]] = {
            "Ref": lambda name, template, depth: self._ref(str(name), template, depth),
            "Fn::GetAtt": self._get_att,
            "Fn::Join": self._join,
            "Fn::Sub": self._sub,
            "Fn::Select": self._select,
            "Fn::ImportValue": self._import_value,
            "Fn::FindInMap": self._find_in_map,
            "Fn::ToJsonString": self._to_json,
        }

    def text(self, value: object, template: Template, depth: int = 0) -> str:
        """Return a value as text, with a mark for each part that is not known, or would be too much to find out."""
        if depth == 0:
            self._spent = 0
        if self._spent > _MOST:
            return unknown(value, template.path)
        found = without_references(self._text(value, template, depth), template.path)
        self._spent += _COST + len(found)
        return found

    def _text(self, value: object, template: Template, depth: int) -> str:
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, (str, int, float)):
            return str(value)
        if isinstance(value, dict) and len(value) == 1 and depth < _DEEPEST:
            ((function, argument),) = value.items()
            if function in self._functions:
                return self._functions[function](argument, template, depth + 1)
        return unknown(value, template.path)

    def texts(self, value: object, template: Template) -> list[str]:
        """Return a list's values as texts; one value is a list of one."""
        if isinstance(value, dict) and "Fn::Split" in value:
            return self._split(value["Fn::Split"], template, 0) or [self.text(value, template)]
        return [self.text(one, template) for one in listed(value) if one != NO_VALUE]

    def _ref(self, name: str, template: Template, depth: int) -> str:
        pseudo = references.pseudo(name, template)
        if pseudo is not None:
            return pseudo
        resource = template.resources.get(name)
        if resource and resource not in self._open:
            return self._within(resource, lambda text: references.ref(resource, text), depth)
        given = None if resource else self.nesting.given(name, template)
        return self._follow(given, f"{template.path}\n{name}", depth) or unknown(name, template.path)

    def _get_att(self, argument: object, template: Template, depth: int) -> str:
        parts = argument.split(".", 1) if isinstance(argument, str) else [str(one) for one in listed(argument)]
        resource = template.resources.get(parts[0]) if parts else None
        if resource and resource.type == READER and len(parts) > 1:
            return self._import_value(parts[1], template, depth)
        returned = self.nesting.returned(resource, parts[1]) if resource and len(parts) > 1 else None
        if resource and returned:
            name = f"{template.path}\n{'.'.join(parts)}"
            return self._follow(returned, name, depth) or unknown(".".join(parts), template.path)
        if resource and len(parts) > 1 and resource not in self._open:
            return self._within(resource, lambda text: references.attribute(resource, parts[1], text), depth)
        return unknown(".".join(parts), template.path)

    def _within(self, resource: Resource, read: Callable[[references.Text], str], depth: int) -> str:
        """Read of a resource, which is not read again meanwhile: a name that refers to itself would have no end."""
        self._open.add(resource)
        try:
            return read(lambda value: self.text(value, resource.template, depth))
        finally:
            self._open.discard(resource)

    def _join(self, argument: object, template: Template, depth: int) -> str:
        pair = _pair(argument)
        if not pair or not isinstance(pair[1], list):
            return unknown(argument, template.path)
        return str(pair[0]).join(self.text(one, template, depth) for one in pair[1])

    def _sub(self, argument: object, template: Template, depth: int) -> str:
        pair = _pair(argument)
        text, given = (pair[0], mapping(pair[1])) if pair else (argument, {})

        def value(match: re.Match[str]) -> str:
            literal, name = match[1], match[2].strip()
            if literal:
                return f"${{{name}}}"
            if name in given:
                return self.text(given[name], template, depth)
            return self.text({"Fn::GetAtt": name} if "." in name else {"Ref": name}, template, depth)

        if not isinstance(text, str):
            return unknown(argument, template.path)
        # Behind the last brace nothing is closed, and each "${" would be followed to the end.
        closed, brace, rest = text.rpartition("}")
        return _PLACEHOLDER.sub(value, closed + brace) + rest

    def _select(self, argument: object, template: Template, depth: int) -> str:
        if pair := _pair(argument):
            index, source = str(pair[0]), pair[1]
            split = mapping(source).get("Fn::Split")
            found = source if isinstance(source, list) else self._split(split, template, depth)
            if _INDEX.fullmatch(index) and found and int(index) < len(found):
                return self.text(found[int(index)], template, depth)
        return unknown(argument, template.path)

    def _split(self, argument: object, template: Template, depth: int) -> list[str]:
        if not (pair := _pair(argument)):
            return []
        text = self.text(pair[1], template, depth)
        # No unknown part is taken to hold the separator: it is a part of an ARN or a name, which has none. What is
        # unknown altogether, such as an import, may hold any number of it.
        return [] if is_mark(text) or not pair[0] else split(text, str(pair[0]))

    def _import_value(self, argument: object, template: Template, depth: int) -> str:
        name = self.text(argument, template, depth)
        return self._follow(self._exports.of(name, template), name, depth) or unknown(name, "import")

    def _follow(self, found: tuple[Any, Template] | None, name: str, depth: int) -> str:
        """Resolve what another template says, which is not followed again meanwhile; empty if nothing comes of it."""
        if not found or name in self._following:
            return ""
        self._following.add(name)
        try:
            return self.text(*found, depth)
        finally:
            self._following.discard(name)

    def _find_in_map(self, argument: object, template: Template, depth: int) -> str:
        found: Any = template.section("Mappings")
        for key in listed(argument)[:3]:
            found = mapping(found).get(self.text(key, template, depth))
        return self.text(found, template, depth) if isinstance(found, (str, int)) else unknown(argument, template.path)

    def _to_json(self, argument: object, template: Template, depth: int) -> str:
        plain = self._plain(argument, template, depth)
        return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))

    def _plain(self, value: Any, template: Template, depth: int) -> Any:
        """Return an object with the functions in it resolved."""
        if depth > _DEEPEST or is_function(value):
            return self.text(value, template, depth)
        if isinstance(value, list):
            return [self._plain(one, template, depth + 1) for one in value if one != NO_VALUE]
        if isinstance(value, dict):
            return {key: self._plain(one, template, depth + 1) for key, one in value.items() if one != NO_VALUE}
        return value


def _pair(argument: object) -> list[Any]:
    """Return a list of two as it is; empty if it is none."""
    return argument if isinstance(argument, list) and len(argument) == 2 else []  # noqa: PLR2004
