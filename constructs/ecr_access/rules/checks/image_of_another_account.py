"""An image of another account, whose name a repository of the app has, is perhaps the wrong one.

A resource runs an image from an account that the app is not deployed to, and the app declares a repository of that
name. Often the URI was copied. It is right where another team's registry is meant, such as that of the tools.

Fix: take the URI from the repository, ``repository.repository_uri``, or have the other one looked up.

Not reported: a name that two repositories have; an image whose repository the app grants by its ARN.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.rules.access.external_repositories import meant_by, place_of
from ecr_access.rules.checks.image_region_or_account import is_of_another_account
from ecr_access.rules.finding import Rule, RuleFinding, Severity, subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.rules.access.application import Application


def _check(app: Application) -> Iterator[RuleFinding]:
    for image in app.images:
        if (repository := meant_by(image, app)) and is_of_another_account(image, app):
            account, region = place_of(repository, app)
            yield RuleFinding(
                image.resource,
                image.path,
                f"{subject(image.resource)} runs '{image.uri}' of account {image.account}, to which the app is not "
                f"deployed, and the app declares a repository '{image.name}' in account {account} and Region {region}",
                "if that is meant, take its URI, repository.repository_uri or Fn::GetAtt "
                f"{repository.resource.logical_id}.RepositoryUri; if the other one is meant, have it looked up, "
                "ExistingRepository.from_repository_arn(...), or acknowledge this",
            )


RULE: Final = Rule(
    "image-of-another-account",
    Severity.WARNING,
    "an image of another account has a name that no repository of the app has",
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html",
    _check,
)
