"""The policy of a repository must allow Lambda to pull for the functions of another account.

A function runs an image of a repository of another account. The repository policy lacks a statement for the service
``lambda.amazonaws.com`` that holds for functions of that account, or one for the account itself, whose principals
create and update the function. Lambda cannot add them to a policy of another account, and the deployment of the
function fails.

Fix: ``repository.grant_lambda_pull(accounts=[...])``, which renders both statements.

Not reported: accounts that are known only at deploy time; a condition on another key; a registry with a policy of its
own, which may allow the pull.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.unknowns import shown
from ecr_access.iam.ternary import Ternary
from ecr_access.rules.access.lambda_pulling import (
    account_of_function,
    fix_of,
    lacking_for_account,
    lacking_for_service,
    pulled_by_lambda,
)
from ecr_access.rules.access.policy_principals import own_account
from ecr_access.rules.finding import Rule, RuleFinding, Severity, subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.rules.access.application import Application


def _check(app: Application) -> Iterator[RuleFinding]:
    for image, repository, same in pulled_by_lambda(app):
        if same is not Ternary.NO or app.may_have_registry_policy:
            continue
        account = account_of_function(image)
        found = [*lacking_for_service(image, repository, app), *lacking_for_account(account, repository)]
        if found:
            yield RuleFinding(
                image.resource,
                image.path,
                f"{subject(image.resource)} runs an image of '{image.name}' of account {own_account(repository)} "
                "in account "
                f"{account}, and the policy of the repository does not let {', nor '.join(map(str, found))}: the "
                "deployment of the "
                "function fails",
                fix_of(found, image, account, f"AccessibleRepository.grant_lambda_pull(accounts=['{shown(account)}'])"),
                ("not allowed", repository.resource, account, tuple(map(str, found))),
            )


RULE: Final = Rule(
    "lambda-not-allowed-across-accounts",
    Severity.ERROR,
    "the policy of a repository whose images Lambda runs in another account allows Lambda and that account to pull",
    "https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#configuration-images-xaccount-permissions",
    _check,
)
