"""Layers of settings: what defaults, prefixes and a repository say, and what comes out of all of them.

Principals, accounts and tags are added from layer to layer, because a repository that names one more puller is not
meant to lose the others; ``replaces`` leaves out what less specific layers say. Any other setting is replaced whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ecr_access.manifest.places import Place

TAGS: Final = "tags"
ADDED: Final = ("pull", "push", "pull_push", "read", "lambda_accounts", TAGS)
"""The keys whose values are added; of a tag that two layers have, the value of the more specific one holds."""


@dataclass(frozen=True, eq=False)
class Layer:
    """What one mapping of a manifest says about repositories.

    Attributes:
        title: what it is, for a person: ``defaults``, ``prefix team-a/*``; empty for the repository itself.
        place: where it is written.
        said: the value of each key that it has, as the model has it.
        replaces: the keys of which less specific layers do not count.
        is_lasting: whether nothing can replace it: the tags at the top of a file.
    """

    title: str
    place: Place
    said: Mapping[str, Any]
    replaces: frozenset[str] = frozenset()
    is_lasting: bool = False

    def place_of(self, key: str, item: Any = None) -> Place:
        """Return where it says a key, or an item of its list, or a tag and its value."""
        at = self.place if self.is_lasting else self.place.inside(key)
        if item is None:
            return at
        return at.inside(item[0] if key == TAGS else self.said[key].index(item))


def speaking(layers: Sequence[Layer], key: str) -> list[Layer]:
    """Return the layers whose values of a key count, the most specific last."""
    found: list[Layer] = []
    for layer in layers:
        if key in layer.replaces or (key in layer.said and key not in ADDED):
            found = [one for one in found if one.is_lasting]
        if key in layer.said:
            found.append(layer)
    return found


def settings(layers: Sequence[Layer]) -> dict[str, Any]:
    """Return the value of every key that a layer says, the most specific layer last."""
    if len(layers) == 1:
        return dict(layers[0].said)
    keys = dict.fromkeys(key for layer in layers for key in layer.said)
    return {key: _together(key, [layer.said[key] for layer in speaking(layers, key)]) for key in keys}


def _together(key: str, values: Sequence[Any]) -> Any:
    if len(values) == 1:
        return values[0]
    if key == TAGS:
        return tuple({name: text for tags in values for name, text in tags}.items())
    return tuple(dict.fromkeys(one for value in values for one in value))
