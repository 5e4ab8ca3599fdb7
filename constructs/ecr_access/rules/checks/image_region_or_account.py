"""An image must name the account and Region of its repository.

The image has the name of a repository of the app, and another account or Region. Usually the URI was copied. The pull
ends in 404, or in 403 in another account.

Fix: take the URI from the repository, ``repository.repository_uri``.

Not reported: a name that two repositories have; an image whose repository the app grants by its ARN. If the account
is none that the app is deployed to, ``image-of-another-account`` says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.iam.ternary import Ternary
from ecr_access.iam.unknown_text import equal
from ecr_access.rules.access.external_repositories import meant_by, place_of
from ecr_access.rules.finding import Rule, RuleFinding, Severity, subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.images import Image


def is_of_another_account(image: Image, app: Application) -> bool:
    """Whether an image is of an account that the app is not deployed to: another team's registry may be meant."""
    return all(equal(image.account, one) is Ternary.NO for one in app.accounts)


def _check(app: Application) -> Iterator[RuleFinding]:
    for image in app.images:
        if (repository := meant_by(image, app)) and not is_of_another_account(image, app):
            account, region = place_of(repository, app)
            yield RuleFinding(
                image.resource,
                image.path,
                f"{subject(image.resource)} runs '{image.uri}' of account {image.account} and Region {image.region}, "
                f"but the repository '{image.name}' is declared in account {account} and Region {region}, and nowhere "
                "else: the pull ends in 404, or in 403 in another account",
                "take the URI from the repository itself, repository.repository_uri or Fn::GetAtt "
                f"{repository.resource.logical_id}.RepositoryUri; if another repository is meant, have it looked up, "
                "ExistingRepository.from_repository_arn(...), or acknowledge the finding",
                ("another place", image.repository),
            )


RULE: Final = Rule(
    "image-region-or-account",
    Severity.ERROR,
    "an image's account and Region are those of the repository that it means",
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html",
    _check,
)
