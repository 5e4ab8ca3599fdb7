"""Policy statements, their values resolved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ecr_access.documents.templates.template import NO_VALUE, listed, mapping
from ecr_access.documents.templates.unknowns import matches
from ecr_access.iam.actions import TOKEN_ACTION, AccessLevel
from ecr_access.rules.access.answers import all_of, any_of, opposite

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ecr_access.documents.templates.intrinsics import Resolver
    from ecr_access.documents.templates.template import Template


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
        not_actions: those of ``NotAction``, in lower case; None if it has none.
        not_resources: those of ``NotResource``; None if it has none.
    """

    allows: bool
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    principals: Mapping[str, tuple[str, ...]]
    condition: Mapping[str, Any]
    raw: Mapping[str, Any]
    path: str
    not_actions: tuple[str, ...] | None = None
    not_resources: tuple[str, ...] | None = None

    def names(self, action: str) -> bool | None:
        """Whether it is about an action; None if that depends on what is unknown."""
        return _among(self.actions, self.not_actions, action.lower())

    def is_on(self, resource: str) -> bool | None:
        """Whether it is about a resource; None if that depends on what is unknown."""
        return _among(self.resources, self.not_resources, resource)

    def grants(self, action: str, resource: str) -> bool | None:
        """Whether it allows an action on a resource; None if that depends, on a condition for example."""
        if not self.allows:
            return False
        return all_of((self.names(action), self.is_on(resource), None if self.condition else True))

    def denies(self, action: str, resource: str) -> bool:
        """Whether it certainly takes an action on a resource from whoever has it."""
        certain = self.raw["Effect"] == "Deny" and not self.raw.get("Condition")
        return certain and self.names(action) is True and self.is_on(resource) is True

    @property
    def condition_keys(self) -> frozenset[str]:
        """The keys of its condition, in lower case."""
        return frozenset(key.lower() for keys in self.condition.values() for key in mapping(keys))


def statements_of(document: object, resolver: Resolver, template: Template, path: str) -> Iterator[Statement]:
    """Read the statements of a policy document; none where it is not an object.

    Args:
        document: as an object; one that is written as text is read by ``document_of``.
        resolver: knows the app's templates.
        template: where it is.
        path: of the document, from its resource.
    """
    for index, one in enumerate(listed(mapping(document).get("Statement"))):
        if isinstance(one, dict) and "Effect" in one:
            yield Statement(
                allows=one["Effect"] == "Allow",
                actions=tuple(map(str.lower, resolver.texts(one.get("Action"), template))),
                resources=tuple(resolver.texts(one.get("Resource"), template)),
                principals=_principals(one.get("Principal"), resolver, template),
                condition=mapping(one.get("Condition")),
                raw=one,
                path=f"{path}.Statement[{index}]" if isinstance(document["Statement"], list) else f"{path}.Statement",  # type: ignore[index]
                not_actions=tuple(map(str.lower, resolver.texts(one["NotAction"], template)))
                if "NotAction" in one
                else None,
                not_resources=tuple(resolver.texts(one["NotResource"], template)) if "NotResource" in one else None,
            )


def _among(patterns: tuple[str, ...], others: tuple[str, ...] | None, text: str) -> bool | None:
    """Whether a text is among some, or among all but others; None if that depends on what is unknown."""
    among = any_of(matches(pattern, text) for pattern in (patterns if others is None else others))
    return among if others is None else opposite(among)


def is_token_alone(action: str) -> bool:
    """Whether an action, in lower case, is the token's, or a wildcard that stands for it and for none on images."""
    others = (*AccessLevel.PULL_PUSH.actions, *AccessLevel.READ.actions)
    return matches(action, TOKEN_ACTION.lower()) is True and not any(
        matches(action, other.lower()) is not False for other in others
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
