"""Policy statements, their values resolved."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from ecr_access.documents.templates.template import NO_VALUE, is_function, listed, mapping
from ecr_access.iam.actions import TOKEN_ACTION, AccessLevel
from ecr_access.iam.statements import is_about, is_on, malformed
from ecr_access.iam.ternary import Ternary, all_of
from ecr_access.iam.unknown_text import MARK, unknown
from ecr_access.iam.wildcards import is_action_matched
from ecr_access.rules.access.ecr_resources import as_no_arn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ecr_access.documents.templates.intrinsics import Resolver
    from ecr_access.documents.templates.template import Template

    Document = Mapping[str, Any]

# A policy variable. A mark is passed over, whatever its name holds.
_VARIABLE: Final = re.compile(rf"{MARK}|\$\{{([^}}]+)\}}")
_LITERAL: Final = {"*": "\ue004", "?": "\ue005", "$": "$"}
"""What stands for a sign that a policy takes literally: no name has the first two, and no pattern is made of them."""
_EFFECTS: Final = ("Allow", "Deny")
_OPEN: Final = unknown("condition")
_ANOTHER: Final = "(another resource)"


@dataclass(frozen=True)
class Statement:
    """One statement of a policy document.

    Attributes:
        document: as the policy kernel reads it: each text is resolved, and has a mark for each part that is unknown.
        raw: the statement as it was written.
        path: where it is, from the resource: ``Properties.Policies[0].PolicyDocument.Statement[1]``.
    """

    document: Document
    raw: Document
    path: str

    @property
    def allows(self) -> bool:
        """Whether its effect is ``Allow``."""
        return bool(self.raw["Effect"] == "Allow")

    @cached_property
    def actions(self) -> tuple[str, ...]:
        """Its actions, in lower case; empty if it has ``NotAction``."""
        return tuple(map(str.lower, self.document.get("Action", ())))

    @property
    def resources(self) -> tuple[str, ...]:
        """Its resources; empty if it has none, or ``NotResource``."""
        return tuple(self.document.get("Resource", ()))

    @property
    def principals(self) -> Mapping[str, list[str]]:
        """Its principals by their element: ``AWS``, ``Service``, ``Federated``; ``*`` alone is ``AWS``."""
        return mapping(self.document.get("Principal"))

    @property
    def condition(self) -> Document:
        """Its condition as it was written."""
        return mapping(self.raw.get("Condition"))

    def names(self, action: str) -> Ternary:
        """Whether it is about an action."""
        return is_about(self.document, action)

    def is_on(self, resource: str) -> Ternary:
        """Whether it is about a resource."""
        return is_on(self.document, resource)

    def grants(self, action: str, resource: str) -> Ternary:
        """Whether it allows an action on a resource to every caller: MAYBE under a condition."""
        if not self.allows:
            return Ternary.NO
        met = Ternary.MAYBE if self.condition else Ternary.YES
        return all_of((self.names(action), self.is_on(resource), met))

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
    written = mapping(document).get("Statement")
    for index, one in enumerate(listed(written)):
        if isinstance(one, dict) and "Effect" in one:
            place = f"{path}.Statement[{index}]" if isinstance(written, list) else f"{path}.Statement"
            yield Statement(_resolved(one, resolver, template), one, place)


def left_open(document: Document) -> Document:
    """Return a statement under one more condition, of which nothing is known."""
    conditions = dict(document.get("Condition", {}))
    conditions["StringEquals"] = {**conditions.get("StringEquals", {}), _OPEN: [_OPEN]}
    return {**document, "Condition": conditions}


def with_both_effects(document: Document) -> tuple[Document, ...]:
    """Return a statement as it is; if its effect is unknown, one for each, of which either may be there."""
    if document["Effect"] in _EFFECTS:
        return (document,)
    return tuple(left_open({**document, "Effect": effect}) for effect in _EFFECTS)


def documents_of(statements: Iterable[Statement], holder: str) -> Iterator[Document]:
    """Yield statements as the policy kernel reads them, each by its place in the template in the place of its Sid.

    Args:
        statements: of one policy.
        holder: the logical id of what holds it.
    """
    for one in statements:
        yield from ({**it, "Sid": f"{holder}.{one.path}"} for it in with_both_effects(one.document))


def told_apart(value: Any, others: frozenset[str]) -> Any:
    """Return a part of a statement in which each of some texts is certainly no other text."""
    if isinstance(value, dict):
        return {key: told_apart(one, others) for key, one in value.items()}
    if isinstance(value, list):
        return [told_apart(one, others) for one in value]
    return _ANOTHER if value in others else value


def _resolved(written: Document, resolver: Resolver, template: Template) -> Document:
    document: dict[str, Any] = {"Effect": written["Effect"]}
    for element in ("Principal", "NotPrincipal"):
        if element in written:
            document[element] = _principals(written[element], resolver, template)
    for element in ("Action", "NotAction", "Resource", "NotResource"):
        if element in written:
            found = (with_variables(one) for one in resolver.texts(written[element], template))
            document[element] = [as_no_arn(one) for one in found]
    conditions, is_whole = _conditions(written.get("Condition"), resolver, template)
    whole = {**document, **({"Condition": conditions} if conditions else {})}
    if malformed({**whole, "Effect": "Allow"}):
        whole, is_whole = document, False
    return whole if is_whole else left_open(whole)


def _conditions(written: object, resolver: Resolver, template: Template) -> tuple[dict[str, Any], bool]:
    """Resolve the conditions of a statement; return also whether these are all."""
    if written in (None, NO_VALUE):
        return {}, True
    found: dict[str, Any] = {}
    is_whole = isinstance(written, dict) and not is_function(written)
    for operator, keys in mapping(written).items() if is_whole else ():
        if keys == NO_VALUE:
            continue
        if isinstance(keys, dict) and not is_function(keys):
            found[operator] = {
                key: [with_variables(one) for one in resolver.texts(values, template)]
                for key, values in keys.items()
                if values != NO_VALUE
            }
        else:
            is_whole = False
    return found, is_whole


def with_variables(text: str) -> str:
    """Put a mark in the place of each policy variable, which only a request gives a value.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
    """

    def written(one: re.Match[str]) -> str:
        return _LITERAL.get(one[1]) or unknown(one[1], "variable") if one[1] else one[0]

    return _VARIABLE.sub(written, text)


def is_token_alone(action: str) -> bool:
    """Whether an action, in lower case, is the token's, or a wildcard that stands for it and for none on images."""
    others = (*AccessLevel.PULL_PUSH.actions, *AccessLevel.READ.actions)
    return is_action_matched(action, TOKEN_ACTION) is Ternary.YES and all(
        is_action_matched(action, other) is Ternary.NO for other in others
    )


def is_whole(document: object) -> bool:
    """Whether all statements of a policy document are read; not so if some are chosen at deployment."""
    if not isinstance(document, dict) or not isinstance(document.get("Statement"), (dict, list)):
        return False
    found = [one for one in listed(document["Statement"]) if one != NO_VALUE]
    return all(isinstance(one, dict) and one.get("Effect") in ("Allow", "Deny") for one in found)


def _principals(value: object, resolver: Resolver, template: Template) -> dict[str, list[str]]:
    if isinstance(value, dict) and not any(key.startswith(("Fn::", "Ref")) for key in value):
        return {scheme: resolver.texts(names, template) for scheme, names in value.items()}
    return {"AWS": resolver.texts(value, template)} if value is not None else {}
