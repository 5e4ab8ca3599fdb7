"""The roles that SAM makes for functions and state machines that name none.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html#sam-function-policies
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecr_access.documents.templates.references import partition_of, pseudo
from ecr_access.documents.templates.template import NO_VALUE, is_function, listed
from ecr_access.iam.unknown_text import is_known, unknown
from ecr_access.rules.access.identity import Identity
from ecr_access.rules.access.managed import arn_of
from ecr_access.rules.access.statements import is_whole, statements_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.documents.templates.intrinsics import Resolver
    from ecr_access.documents.templates.template import Resource, Template

_TYPES: Final = ("AWS::Serverless::Function", "AWS::Serverless::StateMachine")


def roles_in(template: Template, resolver: Resolver) -> Iterator[Identity]:
    """Yield the roles, each as if its function were the resource that declares it."""
    for resource in template.of_type(*_TYPES):
        if "Role" not in resource.properties:
            name = unknown(f"{resource.logical_id}Role", template.path)
            account = pseudo("AWS::AccountId", template)
            identity = Identity(resource, f"arn:{partition_of(template.region)}:iam::{account}:role/{name}")
            for path, one in _written(resource):
                # Any other object is a policy template of SAM, none of which grants anything of Amazon ECR.
                if isinstance(one, dict) and "Statement" in one:
                    identity.is_whole &= is_whole(one)
                    found = statements_of(one, resolver, template, f"Properties.{path}")
                    identity.granted += [(resource, it) for it in found]
            yield identity


def managed_in(resource: Resource, resolver: Resolver) -> Iterator[str]:
    """Yield the ARNs of the managed policies of a role; SAM takes the bare names of AWS's too."""
    for _, one in _written(resource):
        if isinstance(one, str) or is_function(one):
            text = resolver.text(one, resource.template)
            yield arn_of(text) if is_known(text) and ":" not in text else text


def _written(resource: Resource) -> Iterator[tuple[str, Any]]:
    policies = resource.properties.get("Policies")
    for index, one in enumerate(listed(policies)):
        if one != NO_VALUE:
            yield f"Policies[{index}]" if isinstance(policies, list) else "Policies", one
