"""What an app exports for templates that are none of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ecr_access.documents.templates.template import mapping
from ecr_access.iam.unknown_text import split

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from ecr_access.documents.templates.intrinsics import Resolver
    from ecr_access.documents.templates.template import Template


def handed_out(names: Collection[str], templates: Sequence[Template], resolver: Resolver) -> frozenset[str]:
    """Return the names that the app exports and does not import: another app may import them and add to them.

    Args:
        names: of roles, users and groups, or the ids of other resources, as texts.
        templates: of the app.
        resolver: knows them.
    """
    found = _exports(templates, resolver)
    # A list is exported as one text.
    exported = [(name, one) for name, value in found for one in split(value, ",") if one in names]
    # Whole templates are searched only where it matters.
    imported = set(_imports(templates, resolver)) if exported else ()
    return frozenset(value for name, value in exported if name not in imported)


def _exports(templates: Sequence[Template], resolver: Resolver) -> Iterator[tuple[str, str]]:
    for template in templates:
        for output in map(mapping, template.section("Outputs").values()):
            if name := mapping(output.get("Export")).get("Name"):
                yield resolver.text(name, template), resolver.text(output.get("Value"), template)


def _imports(templates: Sequence[Template], resolver: Resolver) -> Iterator[str]:
    for template in templates:
        left: list[Any] = [template.document]
        while left:
            one = left.pop()
            if isinstance(one, dict):
                if "Fn::ImportValue" in one:
                    yield resolver.text(one["Fn::ImportValue"], template)
                left += one.values()
            elif isinstance(one, list):
                left += one
