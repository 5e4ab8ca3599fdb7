"""What the stacks of an app export to others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecr_access.documents.templates.template import mapping

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ecr_access.documents.templates.template import Template


READER: Final = "Custom::CrossRegionExportReader"
"""What the CDK reads values of other Regions by, each as an attribute of the name that the writer gives it."""
_WRITER: Final = "Custom::CrossRegionExportWriter"


class Exports:
    """All of an app: they belong to an account and a Region."""

    def __init__(self, templates: Sequence[Template], text: Callable[[object, Template], str]) -> None:
        self._templates = templates
        self._text = text
        self._all: dict[tuple[str, str, str], tuple[Any, Template] | None] | None = None

    def of(self, name: str, template: Template) -> tuple[Any, Template] | None:
        """Return what a name stands for where a template is deployed, and where that is written."""
        if self._all is None:
            self._all = {}  # before names are resolved: one may import itself
            for key, found in [*self._named()]:
                # Of two that are of places not known, either may be meant.
                self._all[key] = None if key in self._all else found
        return self._all.get((template.account, template.region, name))

    def _named(self) -> Iterator[tuple[tuple[str, str, str], tuple[Any, Template]]]:
        for one in self._templates:
            for output in one.section("Outputs").values():
                if name := mapping(mapping(output).get("Export")).get("Name"):
                    yield (one.account, one.region, self._text(name, one)), (output.get("Value"), one)
            for writer in one.of_type(_WRITER):
                written = mapping(writer.properties.get("WriterProps"))
                region = self._text(written.get("region"), one)
                for name, value in mapping(written.get("exports")).items():
                    yield (one.account, region, name), (value, one)
