"""What was acknowledged, and why: in a synthesis of the CDK, or in the metadata of a template itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecr_access.documents.templates.assembly import object_in
from ecr_access.documents.templates.template import listed, mapping
from ecr_access.rules.catalogue import RULES
from ecr_access.rules.finding import NAME
from ecr_access.rules.guard import NOT_APPLIED
from ecr_access.wording import did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path as File

    from ecr_access.documents.document import Path

_REPORT: Final = "validation-report.json"
_MANIFEST: Final = "manifest.json"
_IDS: Final = tuple(rule.id for rule in (*RULES, NOT_APPLIED))

Reasons = dict[tuple[str, str], str]
"""By logical id and rule; the logical id is empty where all resources of a template are meant."""


class Synthesized:
    """What was acknowledged in apps of the CDK, which write it beside their templates."""

    def __init__(self) -> None:
        self._reports: dict[File, dict[str, Reasons]] = {}

    def of(self, template: File) -> Reasons:
        """Return what was acknowledged in a template's app, whose report is above the template of a stage."""
        file = template.absolute()
        for folder in file.parents:
            if found := self._report(folder):
                return found.get(file.relative_to(folder).as_posix(), {})
            if not folder.joinpath(_MANIFEST).is_file():
                break
        return {}

    def _report(self, folder: File) -> dict[str, Reasons]:
        if folder not in self._reports:
            found: dict[str, Reasons] = {}
            for template, resource, rule, reason in _suppressed(folder / _REPORT):
                found.setdefault(template, {})[resource, rule] = reason
            self._reports[folder] = found
        return self._reports[folder]


def in_metadata(document: Mapping[str, Any]) -> Reasons:
    """Return what is acknowledged in a template's own metadata, right or wrong."""
    return {
        (holder, str(rule)): str(reason)
        for holder, given in _written(document)
        for rule, reason in mapping(given).items()
    }


def problems_in_metadata(document: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """Yield what is wrong with what is acknowledged there, each with its place in the template."""
    for holder, given in _written(document):
        where = f"{holder}.Metadata.{NAME}" if holder else f"Metadata.{NAME}"
        place = (*(("Resources", holder) if holder else ()), "Metadata", NAME)
        if not isinstance(given, dict):
            yield place, f"{where} is {quoted(str(given))}; allowed is an object of rules, each with its reason"
        for rule, reason in mapping(given).items():
            if rule not in _IDS:
                meant = did_you_mean(str(rule), _IDS) or f"; allowed: {', '.join(_IDS)}"
                yield (*place, rule), f"{where}: there is no rule {quoted(str(rule))}{meant}"
            elif not isinstance(reason, str) or not reason.strip():
                yield (
                    (*place, rule),
                    f"{where}.{rule} is {quoted(str(reason))}; allowed is a text that says why it is meant",
                )


def _written(document: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    for holder, one in [("", document), *mapping(document.get("Resources")).items()]:
        metadata = mapping(mapping(one).get("Metadata"))
        if NAME in metadata:
            yield holder, metadata[NAME]


def _suppressed(report: File) -> Iterator[tuple[str, str, str, str]]:
    """Yield template, logical id, rule and reason of what the CDK suppressed."""
    for plugin in map(mapping, listed(object_in(report).get("pluginReports"))):
        for one in map(mapping, listed(plugin.get("suppressedViolations")) if plugin.get("pluginName") == NAME else ()):
            for construct in map(mapping, listed(one.get("violatingConstructs"))):
                place = mapping(construct.get("cloudFormationResource"))
                template, resource = str(place.get("templatePath")), str(place.get("logicalId"))
                yield template, resource, str(one.get("ruleName")), str(one.get("reason"))
