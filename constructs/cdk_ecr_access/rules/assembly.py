"""What a cloud assembly, ``cdk.out``, says of its templates."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cdk_ecr_access.rules.template import mapping

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_MANIFEST: Final = "manifest.json"
_SUFFIX: Final = ".template.json"
_NESTED: Final = f".nested{_SUFFIX}"
_UNKNOWN: Final = "unknown-"


@dataclass(frozen=True)
class Placed:
    """A template's file, and where it is deployed; empty where nobody says it."""

    path: Path
    account: str = ""
    region: str = ""


def templates_in(folder: Path) -> list[Placed]:
    """List the templates of a folder; of an assembly those that its manifest names, as others may be older."""
    found = [*_stacks(folder)]
    return found or [Placed(one) for one in sorted(folder.glob(f"*{_SUFFIX}"))]


def placed(templates: Iterable[Path]) -> Iterator[Placed]:
    """Yield templates of assemblies' stacks, and those nested in them, which the CDK does not name."""
    listed = list(templates)
    known = {one.path: one for folder in dict.fromkeys(path.parent for path in listed) for one in _stacks(folder)}
    for path in listed:
        yield from with_nested(known.get(path, Placed(path)))


def _stacks(folder: Path) -> Iterator[Placed]:
    for one in mapping(_json(folder / _MANIFEST).get("artifacts")).values():
        properties = mapping(mapping(one).get("properties"))
        if "templateFile" in properties:
            account, _, region = str(one.get("environment", "")).removeprefix("aws://").partition("/")
            yield from with_nested(Placed(folder / str(properties["templateFile"]), _known(account), _known(region)))
        elif "directoryName" in properties:  # of a stage
            yield from _stacks(folder / str(properties["directoryName"]))


def with_nested(stack: Placed) -> Iterator[Placed]:
    """Yield a stack, and those nested in it, whose templates are assets of its own."""
    yield stack
    assets = stack.path.with_name(f"{stack.path.name.removesuffix(_SUFFIX)}.assets.json")
    for one in mapping(_json(assets).get("files")).values():
        name = str(mapping(mapping(one).get("source")).get("path", ""))
        if name.endswith(_NESTED):
            yield Placed(stack.path.parent / name, stack.account, stack.region)


def asset_repositories(template: Path) -> frozenset[str]:
    """Return the names of the repositories to which a stack's images are published: the CDK lets projects choose."""
    assets = template.with_name(f"{template.name.removesuffix(_SUFFIX)}.assets.json")
    images = mapping(_json(assets).get("dockerImages")).values()
    places = [one for image in images for one in mapping(mapping(image).get("destinations")).values()]
    return frozenset(str(mapping(one).get("repositoryName")) for one in places)


def _known(text: str) -> str:
    return "" if text.startswith(_UNKNOWN) else text


def _json(path: Path) -> Any:  # noqa: ANN401 -- any JSON object
    """Read an object; what cannot be read is told where it is read as a template."""
    try:
        return mapping(json.loads(path.read_bytes()))
    except (OSError, ValueError, RecursionError):
        return {}
