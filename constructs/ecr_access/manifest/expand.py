"""Repositories with all that holds for them: their own settings, over the defaults of their files and prefixes."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ecr_access.manifest.layers import TAGS, Layer, settings, speaking
from ecr_access.manifest.model import Environment, RepositoryEntry
from ecr_access.manifest.settings import layer, tags
from ecr_access.wording import did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from ecr_access.manifest.entry import Entry
    from ecr_access.manifest.model import Tags
    from ecr_access.manifest.settings import Known
    from ecr_access.manifest.source import Source

_MAX_TAGS: Final = 50
_KEPT: Final = "retain_on_update_or_delete"


@dataclass(frozen=True, eq=False)
class FileDefaults:
    """What one file says about the repositories that it declares or includes."""

    top: tuple[Layer, ...]
    """Its tags, and its defaults."""
    prefixes: Mapping[str, Layer]


class UnusedPrefixError(ValueError):
    """A prefix that matches no repository; worded when it is told, since the nearest is looked for in all names."""

    def __init__(self, prefix: str, names: Sequence[str]) -> None:
        super().__init__(prefix)
        self._names = names

    def __str__(self) -> str:
        """Write what is wrong, and which repository or prefix may have been meant."""
        prefix, names = str(self.args[0]), self._names
        start = prefix.removesuffix("*")
        at = bisect_left(names, start)
        if at < len(names) and names[at].startswith(start):
            meant = f"; {quoted(names[at])} is in another file, which this one does not include"
        else:
            meant = did_you_mean(prefix, {f"{name.rpartition('/')[0]}/*" for name in names if "/" in name})
        return f"no repository of this file, or of one that it includes, has such a name{meant}"


class Expander:
    """Expands the repositories of all files of a manifest, whose defaults it has read."""

    def __init__(self, tops: Mapping[Source, Entry], known: Known, top: Environment) -> None:
        self._known = known
        self._top = top
        self._files = {source: _file_defaults(entry, known) for source, entry in tops.items()}
        self._unused = {id(one): one for file in self._files.values() for one in file.prefixes.values()}
        self._told = set[tuple[int, str]]()
        roots = [dict(tags(entry[TAGS])).items() for source, entry in tops.items() if source.within is None]
        self.common: Final[Tags] = (
            tuple(one for one in roots[0] if all(one in other for other in roots)) if roots else ()
        )
        """The tags that all that is made gets: of every file that no other includes."""

    def repository(self, item: Entry) -> Iterator[RepositoryEntry]:
        """Yield a repository in each of its environments."""
        name = item["name"].text() or ""
        layers = (*self.inherited(item.source, name), layer(item, "", self._known))
        found = settings(layers)
        environments = self.environments(found.pop("environments", ()))
        self._judge_tags(item, found)
        self._judge_removal(layers, found)
        found[TAGS] = self._besides_common(found.get(TAGS, ()))
        for environment in environments:
            yield RepositoryEntry(name=name, environment=environment, layers=layers, **found)

    def inherited(self, source: Source, name: str) -> Iterator[Layer]:
        """Yield the layers that hold for a repository of a file, the least specific first."""
        files = [self._files[one] for one in source.chain]
        for file in files:
            yield from file.top
        prefixed = [file.prefixes for file in files if file.prefixes]
        for end in range(1, len(name) + 1) if prefixed else ():
            for prefixes in prefixed:
                if found := prefixes.get(name[:end]):
                    self._unused.pop(id(found), None)
                    yield found

    def environments(self, names: Collection[str]) -> list[Environment]:
        """Return the environments of these names; the one at the top if there are none."""
        return [self._known.environments.get(one) or Environment(one) for one in names] or [self._top]

    def default_of(self, source: Source) -> list[Environment]:
        """Return the environments of what a file declares, and does not choose any for."""
        return self.environments(settings([*self.inherited(source, "")]).get("environments", ()))

    def tags_of(self, source: Source) -> Tags:
        """Return the tags of a file's roles, besides the common ones."""
        lasting = [one for one in self.inherited(source, "") if one.is_lasting]
        return self._besides_common(settings(lasting).get(TAGS, ()))

    def note_unused_prefixes(self, names: Collection[str]) -> None:
        """Note each prefix that no repository it holds for starts with."""
        in_order = sorted(names)
        for unused in self._unused.values():
            unused.place.wrong(UnusedPrefixError(str(unused.place.path[-1]), in_order))

    def _besides_common(self, tags: Tags) -> Tags:
        return tuple(one for one in tags if one not in self.common)

    def _judge_tags(self, item: Entry, found: Mapping[str, Any]) -> None:
        count = len(found.get(TAGS, ()))
        own = item[TAGS]
        if count > _MAX_TAGS and own.is_sound:
            (own if own.is_given else item).wrong(
                f"{count} tags are given, with the tags at the top and of the defaults; allowed: at most {_MAX_TAGS}"
            )

    def _judge_removal(self, layers: tuple[Layer, ...], found: Mapping[str, Any]) -> None:
        """Note once, with what says it, that images are to be deleted with a repository that is kept."""
        removal = found.get("removal_policy", _KEPT)
        if not found.get("empty_on_delete") or removal == "destroy":
            return
        (empty,) = speaking(layers, "empty_on_delete")
        policy = speaking(layers, "removal_policy")
        if policy and layers.index(policy[0]) > layers.index(empty):
            there = empty.place_of("empty_on_delete").seen_from(policy[0].place.source)
            wrong = f"{quoted(removal)} contradicts empty_on_delete: true at {there}; write empty_on_delete: false too"
            self._tell(policy[0], "removal_policy", wrong)
        else:
            wrong = f"true has no effect with removal_policy '{removal}'; write removal_policy: destroy too"
            self._tell(empty, "empty_on_delete", wrong)

    def _tell(self, layer: Layer, key: str, wrong: str) -> None:
        if (id(layer), key) not in self._told:
            self._told.add((id(layer), key))
            layer.place_of(key).wrong(wrong)


def _file_defaults(top: Entry, known: Known) -> FileDefaults:
    shared = tags(top[TAGS])
    layers = [Layer("tags", top[TAGS].place, {TAGS: shared}, is_lasting=True)] if shared else []
    if top["defaults"].is_given:
        layers.append(layer(top["defaults"], "defaults", known))
    members = top["prefixes"].members().items()
    return FileDefaults(
        tuple(layers),
        {prefix.removesuffix("*"): layer(one, f"prefix {prefix}", known) for prefix, one in members},
    )
