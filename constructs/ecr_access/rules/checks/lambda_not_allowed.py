"""The policy of a repository should allow Lambda to pull for its functions.

A function runs an image of a repository of its account whose policy does not allow Lambda to pull for it. A statement
does not count if ``aws:SourceArn`` or ``aws:SourceAccount`` restricts it to functions of other accounts. Lambda adds
the statement itself, if the deploying caller may change the policy. The next update of the policy removes it again. A
statement that denies it wins over what Lambda adds.

Fix: ``repository.grant_lambda_pull()``.

Not reported: a condition on another key; values that are known only at deploy time; a function of another account,
which ``lambda-not-allowed-across-accounts`` is about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.iam.ternary import Ternary
from ecr_access.rules.access.lambda_pulling import (
    account_of_function,
    fix_of,
    lacking_for_service,
    pulled_by_lambda,
)
from ecr_access.rules.finding import Rule, RuleFinding, Severity, subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.rules.access.application import Application

_ADDED: Final = (
    "Lambda adds the statement itself, but only if the principal that deploys may ecr:SetRepositoryPolicy and "
    "ecr:GetRepositoryPolicy, and an update of the repository's policy drops the statement again"
)
_DENIED: Final = "an explicit deny wins, so that what Lambda adds itself has no effect"
_CALL: Final = "AccessibleRepository.grant_lambda_pull()"


def _check(app: Application) -> Iterator[RuleFinding]:
    for image, repository, same in pulled_by_lambda(app):
        found = lacking_for_service(image, repository, app) if same is Ternary.YES else []
        for one in found:
            yield RuleFinding(
                image.resource,
                image.path,
                f"{subject(image.resource)} runs an image of '{image.name}', whose policy "
                f"{'denies' if one.denying else 'does not let'} {one}: {_DENIED if one.denying else _ADDED}",
                fix_of(found, image, account_of_function(image), _CALL),
                ("not allowed", repository.resource, str(one)),
            )


RULE: Final = Rule(
    "lambda-not-allowed",
    Severity.WARNING,
    "the policy of a repository whose images Lambda runs allows Lambda to pull",
    "https://docs.aws.amazon.com/lambda/latest/dg/images-create.html",
    _check,
)
