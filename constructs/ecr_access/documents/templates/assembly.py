"""What a cloud assembly, ``cdk.out``, says of its templates."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ecr_access.documents.templates.template import Published, Template, mapping

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

_MANIFEST: Final = "manifest.json"
_SUFFIX: Final = ".template.json"
_NESTED: Final = f".nested{_SUFFIX}"
_UNKNOWN: Final = "unknown-"


@dataclass(frozen=True)
class Placed:
    """A template's file, and where it is deployed; empty where that is not known.

    What is published for a nested stack is listed for the outermost one, ``within``.
    """

    path: Path
    account: str = ""
    region: str = ""
    within: Path | None = None


def templates_in(folder: Path) -> list[Placed]:
    """List the templates of a folder; of an assembly only what its manifest names, as other files may be older."""
    found = [*stacks_in(folder)]
    return found or [Placed(one) for one in sorted(folder.glob(f"*{_SUFFIX}"))]


def placed(templates: Iterable[Path]) -> Iterator[Placed]:
    """Yield templates of assemblies' stacks, and of the stacks nested in them, which the CDK does not name."""
    listed = list(templates)
    known = {one.path: one for folder in dict.fromkeys(path.parent for path in listed) for one in stacks_in(folder)}
    for path in listed:
        yield from with_nested(known.get(path, Placed(path)))


def stacks_in(folder: Path) -> Iterator[Placed]:
    """Yield the templates that the manifest of an assembly names; none where there is no manifest."""
    for one in mapping(object_in(folder / _MANIFEST).get("artifacts")).values():
        properties = mapping(mapping(one).get("properties"))
        if "templateFile" in properties:
            account, _, region = str(one.get("environment", "")).removeprefix("aws://").partition("/")
            yield from with_nested(Placed(folder / str(properties["templateFile"]), _known(account), _known(region)))
        elif "directoryName" in properties:  # of a stage
            yield from stacks_in(folder / str(properties["directoryName"]))


def broken_in(folder: Path, *, is_stage: bool = False) -> Iterator[tuple[Path, str]]:
    """Yield what of an assembly cannot be read, and why: what is listed there would be left out without a word."""
    path = folder / _MANIFEST
    if not is_stage and not path.exists():  # it is no assembly
        return
    if problem := _problem(path):
        yield path, problem
    for one in mapping(object_in(path).get("artifacts")).values():
        properties = mapping(mapping(one).get("properties"))
        if "templateFile" in properties:
            assets = _assets_of(folder / str(properties["templateFile"]))
            if assets.exists() and (problem := _problem(assets)):
                yield assets, problem
        elif "directoryName" in properties:
            yield from broken_in(folder / str(properties["directoryName"]), is_stage=True)


def with_nested(stack: Placed) -> Iterator[Placed]:
    """Yield a stack, and the stacks nested in it, whose templates are assets of its own."""
    yield stack
    for name in _nested(_assets(stack.path)).values():
        yield Placed(stack.path.parent / name, stack.account, stack.region, stack.path)


def template_of(one: Placed, document: Mapping[str, Any]) -> Template:
    """Make a template of its document, and of what the assembly says beside it."""
    assets = _assets(one.within or one.path)
    images = mapping(assets.get("dockerImages")).values()
    places = [place for image in images for place in mapping(mapping(image).get("destinations")).values()]
    repositories = frozenset(str(mapping(place).get("repositoryName")) for place in places)
    return Template(str(one.path), document, one.account, one.region, Published(repositories, _nested(assets)))


def _assets(template: Path) -> Mapping[str, Any]:
    found: Mapping[str, Any] = object_in(_assets_of(template))
    return found


def _assets_of(template: Path) -> Path:
    return template.with_name(f"{template.name.removesuffix(_SUFFIX)}.assets.json")


def _nested(assets: Mapping[str, Any]) -> dict[str, str]:
    """Return the files of nested stacks' templates, by their hash."""
    files = mapping(assets.get("files")).items()
    paths = {key: str(mapping(mapping(one).get("source")).get("path", "")) for key, one in files}
    return {key: path for key, path in paths.items() if path.endswith(_NESTED)}


def _known(text: str) -> str:
    return "" if text.startswith(_UNKNOWN) else text


def object_in(path: Path) -> Any:
    """Read an object of JSON, empty if there is none; what cannot be read is told by ``broken_in``."""
    try:
        return mapping(json.loads(path.read_bytes()))
    except (OSError, ValueError, RecursionError):
        return {}


def _problem(path: Path) -> str:
    """Say why a file is no JSON; empty if it is."""
    try:
        json.loads(path.read_bytes())
    except OSError as error:
        return f"cannot be read: {error.strerror or error}".lower()
    except (ValueError, RecursionError):
        return "not JSON, so that what it lists cannot be found; synthesize the app again"
    return ""
