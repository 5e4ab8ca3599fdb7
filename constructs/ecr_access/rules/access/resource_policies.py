"""The policies that are attached to repositories and registries, and not to identities.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ecr_access.documents.templates.template import mapping
from ecr_access.rules.access.statements import Statement, statements_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ecr_access.documents.templates.intrinsics import Resolver
    from ecr_access.documents.templates.template import Resource, Template

REPOSITORY_POLICY: Final = "repository policy"
REGISTRY_POLICY: Final = "registry policy"

# A creation template gives its policy to the repositories that are created by it.
_HOLDERS: Final = {
    "AWS::ECR::Repository": ("RepositoryPolicyText", REPOSITORY_POLICY),
    "AWS::ECR::RepositoryCreationTemplate": ("RepositoryPolicy", REPOSITORY_POLICY),
    "AWS::ECR::RegistryPolicy": ("PolicyText", REGISTRY_POLICY),
}


@dataclass(frozen=True)
class ResourcePolicy:
    """One policy.

    Attributes:
        resource: that holds it.
        path: of the policy, from the resource.
        kind: ``repository policy``, also that of a creation template, or ``registry policy``.
        document: as it was written, read where it was written as text.
        statements: of the document.
    """

    resource: Resource
    path: str
    kind: str
    document: Mapping[str, Any]
    statements: tuple[Statement, ...]


def resource_policies_in(template: Template, resolver: Resolver) -> Iterator[ResourcePolicy]:
    """Yield the policies of a template that are objects, or text that can be read."""
    for resource, path, kind, value in resource_policy_values([template]):
        if document := document_of(value, resolver, template):
            statements = tuple(statements_of(document, resolver, template, path))
            yield ResourcePolicy(resource, path, kind, document, statements)


def resource_policy_values(templates: Iterable[Template]) -> Iterator[tuple[Resource, str, str, Any]]:
    """Yield the policies of templates as they are written, each with its holder, its path and its kind."""
    for template in templates:
        for resource in template.of_type(*_HOLDERS):
            key, kind = _HOLDERS[resource.type]
            yield resource, f"Properties.{key}", kind, resource.properties.get(key)


def document_of(value: object, resolver: Resolver, template: Template) -> Mapping[str, Any]:
    """Return a policy that is written as an object or as text; empty if only the deployment knows it."""
    if isinstance(value, dict) and "Statement" in value:
        return value
    try:
        return mapping(json.loads(resolver.text(value, template)))
    except (ValueError, RecursionError):  # known at deployment alone; what is no JSON, ECR says itself
        return {}
