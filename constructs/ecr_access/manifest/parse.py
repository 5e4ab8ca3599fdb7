"""Plain values to a manifest, or everything that is wrong with them."""

from __future__ import annotations

from ecr_access.documents.document import MOST, Lines
from ecr_access.manifest.entry import Entry
from ecr_access.manifest.errors import ManifestError
from ecr_access.manifest.keys import keys_of_other_regions
from ecr_access.manifest.model import Manifest
from ecr_access.manifest.places import Positions
from ecr_access.manifest.problems import Problems
from ecr_access.manifest.sections import check, existing, repositories, roles, tags
from ecr_access.manifest.structure import structural_problems


def parse_manifest(value: object, *, source: str, lines: Lines | None = None) -> Manifest:
    """Make a manifest of plain values: what JSON or YAML held.

    The schema says what is wrong with its structure, and what it cannot know, such as whether a principal is the key
    of a role, is found where the section is read; at once, in the order of the document.

    Args:
        value: a mapping as ``schema.json`` describes it.
        source: where it came from, for messages.
        lines: the lines of the text that it was read from, for messages.

    Raises:
        ManifestError: with what is wrong, each with the path of the entry.
    """
    problems = Problems(structural_problems(value))
    top = Entry((), value, problems)
    # Also of a role that is wrong, so that its uses are not reported too.
    keys = top["roles"].members()
    common = tags(top["tags"])
    manifest = Manifest(
        source=source,
        account=top["account"].text(),
        region=top["region"].text(),
        repositories=repositories(top["repositories"], keys, common),
        roles=roles(top["roles"]),
        existing=existing(top["existing"], keys, top["repositories"]),
        check=check(top["check"]),
        tags=common,
        lines=lines,
    )
    if manifest.region and top["region"].is_sound:
        for path, wrong in keys_of_other_regions(manifest, manifest.region):
            if not problems.has(path):
                problems.add(path, wrong)
    if problems.found:
        positions = Positions(value)
        in_order = sorted(problems.found, key=lambda problem: positions.of(problem[0]))
        told = [manifest.problem(path, str(message)) for path, message in in_order[:MOST]]
        raise ManifestError(source, told, count=len(in_order))
    return manifest
