"""Combines what the files of a manifest declare, and notes where they contradict each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ecr_access.iam.principal_names import role_key_error
from ecr_access.manifest.entry import Entry
from ecr_access.manifest.environments import named_environments, top_environment
from ecr_access.manifest.expand import Expander
from ecr_access.manifest.full_stacks import note_full_stacks
from ecr_access.manifest.keys import keys_of_other_regions
from ecr_access.manifest.model import Manifest
from ecr_access.manifest.places import written
from ecr_access.manifest.sections import check, existing, roles
from ecr_access.manifest.settings import Known
from ecr_access.manifest.source import Source
from ecr_access.manifest.structure import missing_repositories

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from ecr_access.manifest.model import Environment, ExistingEntry, RepositoryEntry
    from ecr_access.manifest.places import Place

_TOP = ("account", "region", "check", "stacks")


def combined(name: str, sources: Sequence[Source]) -> Manifest:
    """Make a manifest of the files that can be read, and note what is wrong with them.

    Where a file cannot be read, or included, nothing is wrong that could be right with it, such as the key of a role.
    """
    tops = {source: Entry((), source.value, source) for source in sources if not source.unreadable}
    files = [*tops.values()]
    is_whole = len(tops) == len(sources) and not any(one.problems.has(("include",)) for one in sources)
    members = [member for top in files for member in top["roles"].members().items()]
    keys = dict(members)
    top = top_environment(files)
    environments = named_environments(files, top)
    known = Known(keys if is_whole else AnyRole(keys), environments, is_whole=is_whole)
    expander = Expander(tops, known, top)
    seen: dict[Hashable, Entry] = {}
    repositories = [one for file in files for one in _repositories(file, expander, seen)]
    there = [one for file in files for one in _existing(file, expander, known, seen)]
    if is_whole:
        expander.note_unused_prefixes({one.name for one in repositories})
        _require_repositories(files)
    manifest = Manifest(
        source=name,
        account=top.account,
        region=top.region,
        repositories=tuple(repositories),
        roles=tuple(roles(members, (*repositories, *there), expander)),
        existing=tuple(there),
        check=check(_only_check(files)),
        tags=expander.common,
        places={**_stacks_of_environments(files), **_places(files)},
    )
    for place, wrong in keys_of_other_regions(manifest):
        if not place.source.problems.has(place.path):
            place.wrong(wrong)
    if is_whole and not any(one.problems.found for one in sources):
        note_full_stacks(manifest, files)
    return manifest


def _places(files: Sequence[Entry]) -> dict[str, Place]:
    return {key: one[key].place for one in reversed(files) for key in _TOP if one[key].is_given}


def _stacks_of_environments(files: Sequence[Entry]) -> dict[str, Place]:
    members = [one for file in files for one in file["environments"].members().values()]
    return {written(one["stacks"].path): one["stacks"].place for one in members if one["stacks"].is_given}


class AnyRole(list[str]):
    """The keys of roles, where a file cannot be read that may have others."""

    def __contains__(self, key: object) -> bool:
        """Whether a text may be the key of a role."""
        return isinstance(key, str) and role_key_error(key) is None


def _repositories(file: Entry, expander: Expander, seen: dict[Hashable, Entry]) -> Iterator[RepositoryEntry]:
    """Yield the repositories that a file makes, and note each that is declared already."""
    for item in file["repositories"].items():
        found = [*expander.repository(item)]
        _note_repeated(item["name"], [one.environment for one in found], seen)
        yield from found


def _existing(file: Entry, expander: Expander, known: Known, seen: dict[Hashable, Entry]) -> Iterator[ExistingEntry]:
    """Yield the repositories that exist already, none of which is declared twice, nor made."""
    for item in file["existing"].items():
        found = [*existing(item, expander, known)]
        for key in ("name", "arn"):
            _note_repeated(item[key], [one.environment for one in found], seen)
        yield from found


def _note_repeated(called: Entry, environments: Sequence[Environment], seen: dict[Hashable, Entry]) -> None:
    text = called.text()
    if text is None:
        return
    first = [seen.setdefault((text, one), called) for one in environments]
    if before := next((one for one in first if one is not called), None):
        called.repeats(before)


def _only_check(files: Sequence[Entry]) -> Entry:
    """Return the settings of the access check, which one of the files may have."""
    given = [file["check"] for file in files if file["check"].is_given]
    for other in given[1:]:
        other.wrong(
            f"the settings of the check are given before, at {given[0].place.seen_from(other.source)}; keep one"
        )
    return given[0] if given else Entry(("check",), None, Source(""))


def _require_repositories(files: Sequence[Entry]) -> None:
    """Note that no file declares a repository, unless one has the wrong shape."""
    mappings = [file.value for file in files if isinstance(file.value, Mapping)]
    if files and len(mappings) == len(files) and not any({"repositories", "existing"} & {*one} for one in mappings):
        files[0].wrong(missing_repositories())
