"""Policy statements, their values resolved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cdk_ecr_access.rules.template import NO_VALUE, listed, mapping
from cdk_ecr_access.rules.unknowns import matches

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cdk_ecr_access.rules.intrinsics import Resolver
    from cdk_ecr_access.rules.template import Template


@dataclass(frozen=True)
class Statement:
    """One statement of a policy document.

    Attributes:
        allows: whether its effect is ``Allow``.
        actions: in lower case; empty if it has ``NotAction``.
        resources: as texts; empty if it has none, or ``NotResource``.
        principals: by their element: ``AWS``, ``Service``, ``Federated``, ``CanonicalUser``; ``*`` alone is ``AWS``.
        condition: as it was written.
        raw: the statement as it was written.
        path: where it is, from the resource: ``Properties.Policies[0].PolicyDocument.Statement[1]``.
    """

    allows: bool
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    principals: Mapping[str, tuple[str, ...]]
    condition: Mapping[str, Any]
    raw: Mapping[str, Any]
    path: str

    def names(self, action: str) -> bool | None:
        """Whether it is about an action; None if that depends on what is unknown, or on a ``NotAction``."""
        if "NotAction" in self.raw:
            return None
        found = [matches(pattern, action.lower()) for pattern in self.actions]
        return True if True in found else None if None in found else False

    def is_on(self, resource: str) -> bool | None:
        """Whether it is about a resource; None if that depends on what is unknown, or on a ``NotResource``."""
        if "NotResource" in self.raw:
            return None
        found = [matches(pattern, resource) for pattern in self.resources]
        return True if True in found else None if None in found else False

    def grants(self, action: str, resource: str) -> bool | None:
        """Whether it allows an action on a resource; None if that depends, on a condition for example."""
        if not self.allows:
            return False
        both = (self.names(action), self.is_on(resource))
        if False in both:
            return False
        return None if None in both or self.condition else True

    @property
    def condition_keys(self) -> frozenset[str]:
        """The keys of its condition, in lower case."""
        return frozenset(key.lower() for keys in self.condition.values() for key in mapping(keys))


def statements_of(document: object, resolver: Resolver, template: Template, path: str) -> Iterator[Statement]:
    """Read the statements of a policy document; none where it is not an object.

    Args:
        document: as the template has it; ECR also takes it as text, which is not read.
        resolver: knows the app's templates.
        template: where it is.
        path: of the document, from its resource.
    """
    for index, one in enumerate(listed(mapping(document).get("Statement"))):
        if isinstance(one, dict) and "Effect" in one:
            yield Statement(
                allows=one["Effect"] == "Allow",
                actions=tuple(action.lower() for action in resolver.texts(one.get("Action"), template)),
                resources=tuple(resolver.texts(one.get("Resource"), template)),
                principals=_principals(one.get("Principal"), resolver, template),
                condition=mapping(one.get("Condition")),
                raw=one,
                path=f"{path}.Statement[{index}]" if isinstance(document["Statement"], list) else f"{path}.Statement",  # type: ignore[index]
            )


def is_whole(document: object) -> bool:
    """Whether all statements of a policy document are read; not so if some are chosen at deployment."""
    if not isinstance(document, dict) or not isinstance(document.get("Statement"), (dict, list)):
        return False
    found = [one for one in listed(document["Statement"]) if one != NO_VALUE]
    return all(isinstance(one, dict) and one.get("Effect") in ("Allow", "Deny") for one in found)


def _principals(value: object, resolver: Resolver, template: Template) -> dict[str, tuple[str, ...]]:
    if isinstance(value, dict) and not any(key.startswith(("Fn::", "Ref")) for key in value):
        return {scheme: tuple(resolver.texts(names, template)) for scheme, names in value.items()}
    return {"AWS": tuple(resolver.texts(value, template))} if value is not None else {}
