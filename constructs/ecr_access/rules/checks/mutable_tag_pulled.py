"""An image that runs by its tag should have an immutable tag.

A resource runs an image by a tag that a push can move to another image. After the next restart it runs that image.

Fix: immutable tags, or a digest.

Not reported: a tag that holds the hash of a commit or an asset.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.template import NO_VALUE, listed, mapping
from ecr_access.iam.ternary import Ternary
from ecr_access.iam.unknown_text import is_known
from ecr_access.iam.wildcards import is_matched
from ecr_access.rules.finding import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.repositories import Repository

_DEFAULT: Final = "MUTABLE"
# A commit or the hash of an asset: what is pushed again is the same.
_HASH: Final = re.compile(r"(?:.*[^0-9a-f])?(?:[0-9a-f]{40}|[0-9a-f]{64})")


def _check(app: Application) -> Iterator[RuleFinding]:
    for image in app.images:
        repository = app.repositories.of_arn(image.repository)
        tag = image.tag or "latest"
        if repository and not image.digest and is_known(tag) and not _HASH.fullmatch(tag):
            setting = app.resolver.text(_setting(repository), repository.resource.template)
            if _may_change(tag, setting, _filters(repository, app)):
                yield RuleFinding(
                    image.resource,
                    image.path,
                    f"runs '{image.name}:{tag}', a tag that any principal with push can move to another image: the "
                    f"repository's ImageTagMutability is {setting}",
                    "set ImageTagMutability IMMUTABLE, the default of AccessibleRepository, and deploy each image by a "
                    "tag of its own, or name it by digest",
                )


def _setting(repository: Repository) -> object:
    return repository.resource.properties.get("ImageTagMutability", _DEFAULT)


def _filters(repository: Repository, app: Application) -> list[str]:
    """Return the patterns of the tags for which the opposite of the setting holds."""
    found = listed(repository.resource.properties.get("ImageTagMutabilityExclusionFilters"))
    values = [mapping(one).get("ImageTagMutabilityExclusionFilterValue", one) for one in found if one != NO_VALUE]
    return app.resolver.texts(values, repository.resource.template)


def _may_change(tag: str, setting: str, filters: list[str]) -> bool:
    """Whether a tag can certainly be moved."""
    excluded = [is_matched(one, tag) for one in filters]
    if setting == "IMMUTABLE_WITH_EXCLUSION":
        return Ternary.YES in excluded
    if setting == "MUTABLE_WITH_EXCLUSION":
        return all(one is Ternary.NO for one in excluded)
    return setting == _DEFAULT


RULE: Final = Rule(
    "mutable-tag-pulled",
    Severity.WARNING,
    "an image that is run by its tag has a tag that cannot be moved to another image",
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html",
    _check,
)
