"""Repositories that an image may be of although no template declares them by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.template import listed, mapping
from ecr_access.iam.ternary import Ternary
from ecr_access.iam.unknown_text import equal, is_known
from ecr_access.iam.wildcards import is_matched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.images import Image
    from ecr_access.rules.access.repositories import Repository

# Both create repositories of a prefix when they are first used.
_PREFIXES: Final = {
    "AWS::ECR::PullThroughCacheRule": "EcrRepositoryPrefix",
    "AWS::ECR::RepositoryCreationTemplate": "Prefix",
}
_ANY_PREFIX: Final = "ROOT"
# What AWS's examples call the caches of public registries, whose rules are the registry's and often of another app.
_CACHES: Final = frozenset({"chainguard", "docker-hub", "ecr-public", "github", "gitlab", "kubernetes", "quay"})
# The accounts of AWS's own images, which people mirror by their names: Deep Learning Containers, the add-ons of
# Amazon EKS, AWS for Fluent Bit, and Envoy of App Mesh.
_OF_AWS: Final = frozenset({"763104351884", "602401143452", "906394416424", "840364872350"})
_REPLICATION: Final = "AWS::ECR::ReplicationConfiguration"
# AWS has an account in each Region for each group of its algorithms.
# https://docs.aws.amazon.com/sagemaker/latest/dg-ecr-paths/sagemaker-algo-docker-registry-paths.html
_LEARNING: Final = "AWS::SageMaker::"


def may_come_to_be(image: Image, app: Application) -> bool:
    """Whether ECR may create an image's repository by itself: by a prefix, or by replication."""
    prefix, _, rest = image.name.partition("/")
    if rest and prefix in _CACHES:
        return True
    for kind, key in _PREFIXES.items():
        for one in app.of_type(kind):
            prefix = app.resolver.text(one.properties.get(key, _ANY_PREFIX), one.template)
            if prefix == _ANY_PREFIX or is_matched(f"{prefix.rstrip('/')}/*", image.name) is not Ternary.NO:
                return True
    return any(
        equal(image.region, region) is not Ternary.NO and equal(image.account, account) is not Ternary.NO
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
    if image.is_asset or app.repositories.is_known(image.repository) is not Ternary.NO or may_come_to_be(image, app):
        return None
    if image.account in _OF_AWS or may_be_of_aws(image, app) or _is_meant_by_arn(image, app):
        return None
    named = [one for one in app.repositories if one.name == image.name]
    if len(named) != 1 or not (is_known(image.name) or _is_made_up(named[0])):
        return None
    account, region = place_of(named[0], app)
    elsewhere = equal(image.account, account) is Ternary.NO or equal(image.region, region) is Ternary.NO
    return named[0] if elsewhere else None


def may_be_of_aws(image: Image, app: Application) -> bool:
    """Whether an image for SageMaker may be one of AWS's own: it is of an account that the app is not deployed to."""
    is_own = image.account in app.accounts or app.repositories.of_arn(image.repository) is not None
    return image.resource.type.startswith(_LEARNING) and not is_own


def _is_made_up(repository: Repository) -> bool:
    """Whether CloudFormation makes up its name, which no other repository has then."""
    return "RepositoryName" not in repository.resource.properties


def _is_meant_by_arn(image: Image, app: Application) -> bool:
    """Whether it is of an account outside the app, and a statement of the app allows the use of its repository."""
    if any(equal(image.account, one) is not Ternary.NO for one in app.accounts):
        return False
    return any(one.allows and image.repository in one.resources for _, one in app.statements)


def place_of(repository: Repository, app: Application) -> tuple[str, str]:
    """Return the account and the Region of a declared repository, as texts."""
    template = repository.resource.template
    account, region = (app.resolver.text({"Ref": f"AWS::{one}"}, template) for one in ("AccountId", "Region"))
    return account, region
