"""Resolves intrinsic functions, as far as the templates of one app tell.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from cdk_ecr_access.rules import references
from cdk_ecr_access.rules.template import NO_VALUE, listed, mapping
from cdk_ecr_access.rules.unknowns import is_mark, split, unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cdk_ecr_access.rules.template import Resource, Template

_PLACEHOLDER: Final = re.compile(r"\$\{(!?)([^}]*)\}")
_INDEX: Final = re.compile(r"[0-9]{1,6}")
_DEEPEST: Final = 40


class Resolver:
    """Resolves the values of an app's templates; remembers what others export."""

    def __init__(self, templates: Sequence[Template]) -> None:
        """Take all templates of an app."""
        self._templates = templates
        self._open: set[Resource] = set()
        self._importing: set[str] = set()
        self._exports: dict[str, dict[str, tuple[Template, Any]]] | None = None
        self._functions: dict[str, Callable[[Any, Template, int], str]] = {
            "Ref": lambda name, template, depth: self._ref(str(name), template, depth),
            "Fn::GetAtt": self._get_att,
            "Fn::Join": self._join,
            "Fn::Sub": self._sub,
            "Fn::Select": self._select,
            "Fn::ImportValue": self._import_value,
            "Fn::FindInMap": self._find_in_map,
        }

    def text(self, value: object, template: Template, depth: int = 0) -> str:
        """Return a value as text, with a mark for each part that is not known."""
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
        return unknown(name, template.path)

    def _get_att(self, argument: object, template: Template, depth: int) -> str:
        parts = argument.split(".", 1) if isinstance(argument, str) else [str(one) for one in listed(argument)]
        resource = template.resources.get(parts[0]) if parts else None
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

        return _PLACEHOLDER.sub(value, text) if isinstance(text, str) else unknown(argument, template.path)

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
        exported = self._exported(template).get(name)
        if not exported or name in self._importing:
            return unknown(name, "import")
        self._importing.add(name)
        try:
            return self.text(exported[1], exported[0], depth)
        finally:
            self._importing.discard(name)

    def _exported(self, template: Template) -> dict[str, tuple[Template, Any]]:
        """Return what can be imported where a template is deployed: exports belong to an account and a Region."""
        if self._exports is None:
            self._exports = {}
            for one in self._templates:
                here = self._exports.setdefault(_place(one), {})
                for output in one.section("Outputs").values():
                    if name := mapping(mapping(output).get("Export")).get("Name"):
                        here[self.text(name, one)] = (one, output.get("Value"))
        return self._exports.get(_place(template), {})

    def _find_in_map(self, argument: object, template: Template, depth: int) -> str:
        found: Any = template.section("Mappings")
        for key in listed(argument)[:3]:
            found = mapping(found).get(self.text(key, template, depth))
        return self.text(found, template, depth) if isinstance(found, (str, int)) else unknown(argument, template.path)


def _pair(argument: object) -> list[Any]:
    """Return a list of two as it is; empty if it is none."""
    return argument if isinstance(argument, list) and len(argument) == 2 else []  # noqa: PLR2004


def _place(template: Template) -> str:
    return f"{template.account}/{template.region}"
