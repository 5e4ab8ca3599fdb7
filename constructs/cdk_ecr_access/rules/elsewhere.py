"""Repositories that an image may be of although nobody declares them by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cdk_ecr_access.rules.template import listed, mapping
from cdk_ecr_access.rules.unknowns import equal, is_known, matches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cdk_ecr_access.rules.application import Application
    from cdk_ecr_access.rules.images import Image
    from cdk_ecr_access.rules.repositories import Repository

# Both create repositories of a prefix when they are first used.
_PREFIXES: Final = {
    "AWS::ECR::PullThroughCacheRule": "EcrRepositoryPrefix",
    "AWS::ECR::RepositoryCreationTemplate": "Prefix",
}
_ANY_PREFIX: Final = "ROOT"
_REPLICATION: Final = "AWS::ECR::ReplicationConfiguration"


def may_come_to_be(image: Image, app: Application) -> bool:
    """Whether ECR may create an image's repository by itself: by a prefix, or by replication."""
    for kind, key in _PREFIXES.items():
        for one in app.of_type(kind):
            prefix = app.resolver.text(one.properties.get(key, _ANY_PREFIX), one.template)
            if prefix == _ANY_PREFIX or matches(f"{prefix.rstrip('/')}/*", image.name) is not False:
                return True
    return any(
        equal(image.region, region) is not False and equal(image.account, account) is not False
        for region, account in _destinations(app)
    )


def _destinations(app: Application) -> Iterator[tuple[str, str]]:
    """Yield where images are replicated to; what is not known may be anywhere."""
    for one in app.of_type(_REPLICATION):
        rules = listed(mapping(one.properties.get("ReplicationConfiguration")).get("Rules"))
        for rule in rules:
            destinations = listed(mapping(rule).get("Destinations"))
            for destination in destinations:
                region, account = (mapping(destination).get(key) for key in ("Region", "RegistryId"))
                yield app.resolver.text(region, one.template), app.resolver.text(account, one.template)


def meant_by(image: Image, app: Application) -> Repository | None:
    """Return the one declared repository of an image's name, if the image is of another place, where there is none."""
    if image.is_asset or app.repositories.is_known(image.repository) is not False or may_come_to_be(image, app):
        return None
    named = [one for one in app.repositories if _name(one, app) == image.name]
    if len(named) != 1 or not is_known(image.name):
        return None
    account, region = place_of(named[0], app)
    elsewhere = equal(image.account, account) is False or equal(image.region, region) is False
    return named[0] if elsewhere else None


def place_of(repository: Repository, app: Application) -> tuple[str, str]:
    """Return the account and the Region of a declared repository, as texts."""
    template = repository.resource.template
    account, region = (app.resolver.text({"Ref": f"AWS::{one}"}, template) for one in ("AccountId", "Region"))
    return account, region


def _name(repository: Repository, app: Application) -> str:
    return app.resolver.text({"Ref": repository.resource.logical_id}, repository.resource.template)
