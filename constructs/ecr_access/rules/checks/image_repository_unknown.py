"""An image must come from a repository that is declared or looked up.

A task, a function, a build project, a service, a job, a model, an agent or another resource runs an image of the app's
own accounts. No template declares its repository, and nothing looks it up. ECR does not create it, so the pull ends
in 404.

Fix: declare the repository, or look it up. ``ExistingRepository.from_repository_name`` does so at each deployment.
The finding suggests the nearest name. Where another app makes the repository, name it to the rules, with ``*`` and
``?`` as wildcards: ``EcrAccessRules(existing=["platform/*"])``, or ``--existing 'platform/*'``.

Not reported: a name that is known only at deploy time; a repository that ECR may create, by a creation template, a
pull-through cache or replication.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.iam.ternary import Ternary
from ecr_access.iam.unknown_text import is_known
from ecr_access.rules.access.external_repositories import may_come_to_be, meant_by
from ecr_access.rules.finding import Rule, RuleFinding, Severity, subject
from ecr_access.wording import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.images import Image


def _check(app: Application) -> Iterator[RuleFinding]:
    for image in app.images:
        if image.account in app.accounts and not image.is_asset and _is_unknown(image, app):
            yield RuleFinding(
                image.resource,
                image.path,
                f"{subject(image.resource)} runs '{image.uri}', but no repository '{image.name}' of account "
                f"{image.account} and Region {image.region} is declared or looked up: ECR creates none by itself, and "
                "the pull ends in 404",
                f"declare the repository, an AWS::ECR::Repository of the RepositoryName '{image.name}', in the CDK "
                f"AccessibleRepository(self, ..., repository_name='{image.name}'); if it exists already, have it "
                f"looked up at deployment, ExistingRepository.from_repository_name(self, ..., '{image.name}'), or name "
                f"it to the rules, EcrAccessRules(existing=['{image.name}']), --existing {image.name}"
                f"{did_you_mean(image.name, app.repositories.names_beside(image.repository))}",
                ("no repository", image.repository),
            )


def _is_unknown(image: Image, app: Application) -> bool:
    if not is_known(image.name) or may_come_to_be(image, app):
        return False
    unknown = app.repositories.is_known(image.repository) is Ternary.NO
    return unknown and meant_by(image, app) is None  # what is meant is told by image-region-or-account


RULE: Final = Rule(
    "image-repository-unknown",
    Severity.ERROR,
    "an image of this app's accounts is of a repository that is declared or looked up",
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/common-errors-docker.html",
    _check,
)
