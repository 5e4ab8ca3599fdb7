"""A build should push a tag of its own to a repository with immutable tags.

A build pushes the same tag at each run, such as ``latest``, and the tags of the repository are immutable. The first run
works. The second one ends in ``tag invalid: The image tag already exists``.

Fix: a tag of the commit or of the build, or an exclusion filter for the tag.

Not reported: a tag that the commands make, or that a pipeline gives; a build that deletes images, or looks for them; a
push that may fail; a tag that an exclusion filter may exclude.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.iam.ternary import Ternary
from ecr_access.iam.unknown_text import is_known
from ecr_access.rules.access.mutability import can_move, setting_of
from ecr_access.rules.access.pushes import pushes_in
from ecr_access.rules.finding import Rule, RuleFinding, Severity, subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.rules.access.application import Application


def _check(app: Application) -> Iterator[RuleFinding]:
    for template in app.templates:
        for push in dict.fromkeys(pushes_in(template, app.resolver)):
            repository = app.repositories.of_arn(push.repository)
            if repository and is_known(push.tag) and can_move(push.tag, repository, app) is Ternary.NO:
                yield RuleFinding(
                    push.resource,
                    push.path,
                    f"{subject(push.resource)} pushes '{push.name}:{push.tag}' at each run, and the repository's "
                    f"ImageTagMutability is {setting_of(repository, app)}: the second run ends in 'tag invalid: The "
                    "image tag already exists'",
                    "push a tag of the commit, such as $CODEBUILD_RESOLVED_SOURCE_VERSION, or let the tag move, in the "
                    "CDK image_tag_mutability_exclusion_filters="
                    f"[ecr.ImageTagMutabilityExclusionFilter.wildcard('{push.tag}')]",
                )


RULE: Final = Rule(
    "fixed-tag-pushed",
    Severity.WARNING,
    "a build pushes a tag of its own to a repository with immutable tags",
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html",
    _check,
)
