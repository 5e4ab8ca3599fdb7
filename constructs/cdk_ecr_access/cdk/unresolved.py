"""The properties of a resource with what they refer to: each reference keeps the text that stands for it.

Before the CDK has linked the stacks, a reference to a resource of another stack is resolved to its logical id alone,
which may be that of a resource here too. The text that stands for a reference is of one resource only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import DefaultTokenResolver, Reference, StringConcat, Tokenization

from cdk_ecr_access.cdk.l1 import key_of

if TYPE_CHECKING:
    from collections.abc import Container

    from aws_cdk import CfnResource, IPostProcessor, IResolvable, IResolveContext, TokenizedStringFragments
    from constructs import IConstruct


def properties_of(resource: CfnResource, names: Container[str]) -> dict[str, Any]:
    """Return some properties of a resource under the names of CloudFormation, with the references as texts.

    What ``add_property_override`` has set is not among them: the CDK keeps it to itself.

    Args:
        resource: of the tree.
        names: the properties, as CloudFormation calls them; each is a few crossings into the CDK's process.
    """
    named = {key: one for key, one in _properties(resource).items() if _capital(key) in names}
    found: dict[str, Any] = _renamed(_resolved(named, resource, _WithReferences()))
    return found


def plain_properties_of(resource: CfnResource) -> dict[str, Any]:
    """Return the properties of a resource as ``properties_of`` does, without what is produced late."""
    found: dict[str, Any] = _renamed(_properties(resource))
    return found


class References:
    """What resources refer to, each construct once: whatever was reported already is not asked for again."""

    def __init__(self) -> None:
        """Report nothing yet."""
        self._resolver = _Collecting()

    def new_in(self, resource: CfnResource) -> list[IConstruct]:
        """Return the constructs that the properties of a resource refer to, and none of those before."""
        _resolved(_properties(resource), resource, self._resolver)
        found, self._resolver.found = self._resolver.found, []
        return found


def _properties(resource: CfnResource) -> dict[str, Any]:
    return {**resource._cfn_properties}  # noqa: SLF001 -- the CDK's own, for subclasses; what it renders is made of it


def _resolved(properties: dict[str, Any], scope: CfnResource, resolver: DefaultTokenResolver) -> Any:
    return Tokenization.resolve(properties, scope=scope, resolver=resolver, preparing=False) or {}


class _WithReferences(DefaultTokenResolver):
    def __init__(self) -> None:
        super().__init__(StringConcat())

    def resolve_string(self, fragments: TokenizedStringFragments, context: IResolveContext) -> Any:
        """Resolve a text that is one token and no reference, as a late one; join any other as it was."""
        if fragments.length == 1 and not Reference.is_reference(fragments.first_token):
            return super().resolve_string(fragments, context)
        return fragments.join(StringConcat())


class _Collecting(DefaultTokenResolver):
    def __init__(self) -> None:
        super().__init__(StringConcat())
        self._seen: set[str] = set()
        self.found: list[IConstruct] = []

    def resolve_token(self, t: IResolvable, context: IResolveContext, post_processor: IPostProcessor) -> Any:
        """Resolve a token, and keep what it refers to."""
        if isinstance(t, Reference) and key_of(t) not in self._seen:
            self._seen.add(key_of(t))
            self.found.append(t.target)
        return super().resolve_token(t, context, post_processor)


def _renamed(value: Any) -> Any:
    """Name properties as CloudFormation does: an L1 takes them with a small first letter."""
    if isinstance(value, dict):
        return {_capital(key): _renamed(one) for key, one in value.items()}
    return [_renamed(one) for one in value] if isinstance(value, list) else value


def _capital(key: str) -> str:
    return f"{key[:1].upper()}{key[1:]}"
