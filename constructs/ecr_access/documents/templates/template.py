"""A synthesized template, and its resources."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# The macros of AWS that leave other resources as they are.
_KNOWN_MACROS: Final = (
    "AWS::CodeDeployBlueGreen",
    "AWS::LanguageExtensions",
    "AWS::SecretsManager-2020-07-23",
    "AWS::SecretsManager-2024-09-16",
    "AWS::Serverless-2016-10-31",
)
NO_VALUE: Final = {"Ref": "AWS::NoValue"}


@dataclass(frozen=True)
class Resource:
    """One resource of a template."""

    template: Template
    logical_id: str
    type: str
    properties: Mapping[str, Any]
    attributes: Mapping[str, Any] = field(default_factory=dict)
    """What stands beside the properties: ``DeletionPolicy``, ``DependsOn``, ``Metadata`` ..."""

    def __hash__(self) -> int:
        """Tell resources apart by where they are."""
        return hash((self.template.path, self.logical_id))

    def __eq__(self, other: object) -> bool:
        """Compare where they are."""
        return isinstance(other, Resource) and (self.template.path, self.logical_id) == (
            other.template.path,
            other.logical_id,
        )


@dataclass(frozen=True)
class Published:
    """What the CDK publishes for a stack.

    Attributes:
        repositories: the names of the repositories that its images go to.
        templates: the files of the stacks nested in it, by their hash.
    """

    repositories: frozenset[str] = frozenset()
    templates: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Template:
    """One template, and what is known of where it will be deployed.

    Attributes:
        path: of its file.
        document: its JSON.
        account: a 12-digit id, or empty where it is not known.
        region: such as ``eu-central-1``, or empty.
        published: its assets.
        is_read: False for one that stands for templates that could not be read, and that may hold anything.
    """

    path: str
    document: Mapping[str, Any]
    account: str = ""
    region: str = ""
    published: Published = Published()
    is_read: bool = True

    @cached_property
    def resources(self) -> dict[str, Resource]:
        """Its resources by logical id; what is no resource is left out."""
        found = _mapping(self.document.get("Resources"))
        return {
            name: Resource(self, name, str(one.get("Type", "")), _given(one.get("Properties")), one)
            for name, one in found.items()
            if isinstance(one, dict)
        }

    @cached_property
    def is_whole(self) -> bool:
        """Whether it is read, and no module or macro adds to it but AWS's macros that leave other resources alone."""
        macros = listed(self.document.get("Transform"))
        loops = [name for name in _mapping(self.document.get("Resources")) if name.startswith("Fn::")]
        places = [part for one in self.resources.values() for part in (one.attributes, one.properties)]
        included = any("Fn::Transform" in part for part in (self.document, *places))
        modules = any(one.type.endswith("::MODULE") for one in self.resources.values())
        return self.is_read and not (loops or included or modules) and all(one in _KNOWN_MACROS for one in macros)

    def of_type(self, *types: str) -> Iterator[Resource]:
        """Yield the resources of some types, in the order in which they are declared."""
        found = [one for type_ in types for one in self._by_type.get(type_, ())]
        return (one for _, one in (sorted(found, key=itemgetter(0)) if len(types) > 1 else found))

    @cached_property
    def _by_type(self) -> dict[str, list[tuple[int, Resource]]]:
        """The resources of each type, each with its position: rules ask for each type many times."""
        found: dict[str, list[tuple[int, Resource]]] = {}
        for index, one in enumerate(self.resources.values()):
            found.setdefault(one.type, []).append((index, one))
        return found

    def section(self, name: str) -> Mapping[str, Any]:
        """Return a section such as ``Parameters`` or ``Outputs``; empty if there is none."""
        return _mapping(self.document.get(name))


def _given(properties: object) -> Mapping[str, Any]:
    """Leave out what is as good as not written."""
    return {name: value for name, value in _mapping(properties).items() if value != NO_VALUE}


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def listed(value: object) -> list[Any]:
    """Return a list, or the one value of which AWS allows to leave the list out; empty for none."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def is_function(value: object) -> bool:
    """Whether it is an intrinsic function, and so no value that is known as it stands."""
    keys = value if isinstance(value, dict) and value != NO_VALUE else ()
    return any(key == "Ref" or key.startswith("Fn::") for key in keys)


def mapping(value: object) -> Mapping[str, Any]:
    """Return an object, or an empty one in the place of anything else."""
    return _mapping(value)
