"""All templates of an app, and what rules ask about them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ecr_access.documents.templates.intrinsics import Resolver
from ecr_access.documents.templates.template import mapping
from ecr_access.documents.templates.unknowns import called
from ecr_access.iam.unknown_text import is_known
from ecr_access.rules.access.identities import Identities
from ecr_access.rules.access.images import Image, images_in
from ecr_access.rules.access.network.network import Network
from ecr_access.rules.access.repositories import Repositories
from ecr_access.rules.access.resource_policies import ResourcePolicy, resource_policies_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ecr_access.documents.templates.template import Resource, Template
    from ecr_access.rules.access.identity import Identity
    from ecr_access.rules.access.statements import Statement


class Application:
    """An app: its templates, read together."""

    def __init__(
        self, templates: Sequence[Template], looked_up: Iterable[str] = (), existing: Iterable[str] = ()
    ) -> None:
        """Take the templates, the ARNs of repositories that the CDK looked up, and the names of others that exist."""
        self.templates = tuple(templates)
        self._looked_up = tuple(looked_up)
        self._existing = tuple(existing)
        self.resolver = Resolver(self.templates)

    @cached_property
    def identities(self) -> Identities:
        """Its roles, users and groups, with their policies."""
        return Identities(self.templates, self.resolver)

    @cached_property
    def repositories(self) -> Repositories:
        """Its repositories, declared and looked up."""
        return Repositories(self.templates, self.resolver, self._looked_up, self._existing)

    @cached_property
    def images(self) -> tuple[Image, ...]:
        """The images of Amazon ECR that its resources run."""
        return tuple(image for template in self.templates for image in images_in(template, self.resolver))

    def images_of(self, resource: Resource | None) -> list[Image]:
        """Return the images of Amazon ECR that a resource runs."""
        return self._images_by_resource.get(resource, []) if resource else []

    @cached_property
    def _images_by_resource(self) -> dict[Resource, list[Image]]:
        found: dict[Resource, list[Image]] = {}
        for one in self.images:
            found.setdefault(one.resource, []).append(one)
        return found

    @cached_property
    def network(self) -> Network:
        """Its VPCs, with their subnets, routes and endpoints."""
        return Network(self.templates, self.resolver)

    @cached_property
    def statements(self) -> tuple[tuple[Resource, Statement], ...]:
        """Every statement of a policy of IAM, each with the resource that holds it, once."""
        found = {(holder, one.path): one for identity in self.identities for holder, one in identity.granted}
        found.update(((holder, one.path), one) for holder, one in self.identities.separate)
        return tuple((holder, one) for (holder, _), one in found.items())

    def holders_of(self, holder: Resource, statement: Statement) -> Sequence[Identity]:
        """Return the identities that have a statement, by the resource that holds it."""
        return self._holders.get((holder, statement.path), ())

    @cached_property
    def _holders(self) -> dict[tuple[Resource, str], list[Identity]]:
        found: dict[tuple[Resource, str], list[Identity]] = {}
        for identity in self.identities:
            for holder, one in identity.granted:
                found.setdefault((holder, one.path), []).append(identity)
        return found

    @cached_property
    def resource_policies(self) -> tuple[ResourcePolicy, ...]:
        """The policies of its repositories, of its registries, and of its creation templates."""
        return tuple(one for template in self.templates for one in resource_policies_in(template, self.resolver))

    @cached_property
    def registry_policies(self) -> tuple[Resource, ...]:
        """What declares the policies of its registries, readable or not."""
        return tuple(self.of_type("AWS::ECR::RegistryPolicy"))

    @cached_property
    def may_have_registry_policy(self) -> bool:
        """Whether a registry of it has a policy, or may: what cannot be read may hold one."""
        whole = not self.resolver.nesting.unread and all(one.is_whole for one in self.templates)
        return bool(self.registry_policies) or not whole

    @cached_property
    def arns(self) -> frozenset[str]:
        """The ARNs of its identities and repositories."""
        return frozenset([*(one.arn for one in self.identities), *(one.arn for one in self.repositories)])

    @cached_property
    def made_up_arns(self) -> frozenset[str]:
        """The ARNs that are not known before the deployment."""
        return frozenset(one for one in self.arns if not is_known(one))

    @cached_property
    def accounts(self) -> frozenset[str]:
        """The accounts that it is deployed to; where one is not known, a mark."""
        return frozenset(self.resolver.text({"Ref": "AWS::AccountId"}, template) for template in self.templates)

    def named(self, text: str) -> str:
        """Write the construct's path in the place of what its resource only has at deploy time."""
        return called(text, self._path)

    def _path(self, template: str, name: str) -> str | None:
        """Return the path of the construct behind a resource of a template, such as ``Stack/Ci``."""
        resource = self._by_place.get((template, name.partition(".")[0]))
        path = mapping(resource.attributes.get("Metadata")).get("aws:cdk:path") if resource else None
        return path.removesuffix("/Resource") if isinstance(path, str) else None

    @cached_property
    def _by_place(self) -> dict[tuple[str, str], Resource]:
        return {(one.path, name): found for one in self.templates for name, found in one.resources.items()}

    def of_type(self, *types: str) -> Iterator[Resource]:
        """Yield the resources of some types."""
        return (one for template in self.templates for one in template.of_type(*types))
