"""A role that pulls through a cache must be able to fill it.

A role pulls an image through a pull-through cache that the app declares. It lacks ``ecr:BatchImportUpstreamImage``, or
for a repository that is not declared ``ecr:CreateRepository``. What is cached already is pulled. The first pull of an
image fails, as if it did not exist, and a tag is not renewed from upstream.

Fix: both actions on the repositories of the prefix, in the policy of the role or in the policy of the registry.
``ecr:CreateRepository`` is not needed where a repository creation template applies, or the repository is declared.

Not reported: a role that may not pull at all, which ``execution-role-cannot-pull`` is about; a pull from another
account; a prefix that is known only at deploy time, and ``ROOT``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.unknowns import shown
from ecr_access.rules.access.caches import cache_of, lacking_to_fill
from ecr_access.rules.access.pulling import lacking, pulls_by_role
from ecr_access.rules.finding import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.images import Image


def _check(app: Application) -> Iterator[RuleFinding]:
    seen: set[tuple[str, str]] = set()
    for image in app.images:
        rule = cache_of(image, app) if pulls_by_role(image, app) else None
        identity = app.identities.of_role(image.puller) if rule else None
        if not rule or not identity or not identity.may_be_of(image.resource.template):
            continue
        key = identity.arn, rule.logical_id
        if key in seen or lacking(identity, image, app):
            continue
        if actions := lacking_to_fill(identity, image, rule, app):
            seen.add(key)
            yield _finding(image, identity.label, rule.logical_id, actions)


def _finding(image: Image, who: str, rule: str, actions: list[str]) -> RuleFinding:
    prefix = image.repository.removesuffix(image.name.partition("/")[2])
    what = " and ".join(actions)
    return RuleFinding(
        image.resource,
        image.path,
        f"{who} pulls '{image.uri}' through the cache {rule}, but may not {what}: the first pull of an image fails, as "
        "if it did not exist",
        f"allow {what} on '{shown(prefix)}*' to it, in a policy of its own or in the policy of the registry, an "
        "AWS::ECR::RegistryPolicy",
    )


RULE: Final = Rule(
    "cache-not-filled",
    Severity.WARNING,
    "a role that pulls through a pull-through cache may have what is not cached yet imported",
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html",
    _check,
)
