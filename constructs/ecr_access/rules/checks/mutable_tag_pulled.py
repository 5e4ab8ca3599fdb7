"""An image that runs by its tag should have an immutable tag.

A resource runs an image by a tag that a push can move to another image. After the next restart it runs that image.

Fix: immutable tags, or a digest.

Not reported: a tag that holds the hash of a commit or an asset; a resource that resolves the tag once, when it is made,
such as a container group of GameLift.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ecr_access.iam.ternary import Ternary
from ecr_access.iam.unknown_text import is_known
from ecr_access.rules.access.mutability import can_move, setting_of
from ecr_access.rules.finding import Rule, RuleFinding, Severity, subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.rules.access.application import Application

# A commit or the hash of an asset: what is pushed again is the same.
_HASH: Final = re.compile(r"(?:.*[^0-9a-f])?(?:[0-9a-f]{40}|[0-9a-f]{64})")


def _check(app: Application) -> Iterator[RuleFinding]:
    for image in app.images:
        repository = app.repositories.of_arn(image.repository)
        tag = image.tag or "latest"
        if not repository or image.place.is_copied or image.digest or not is_known(tag) or _HASH.fullmatch(tag):
            continue
        if can_move(tag, repository, app) is Ternary.YES:
            yield RuleFinding(
                image.resource,
                image.path,
                f"{subject(image.resource)} runs '{image.name}:{tag}', a tag that any principal that may push can move "
                f"to another image: the repository's ImageTagMutability is {setting_of(repository, app)}",
                "set ImageTagMutability IMMUTABLE, the default of AccessibleRepository, and deploy each image by a "
                "tag of its own, or name it by digest",
                ("mutable tags", repository.resource),
            )


RULE: Final = Rule(
    "mutable-tag-pulled",
    Severity.WARNING,
    "an image that is run by its tag has a tag that cannot be moved to another image",
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html",
    _check,
)
