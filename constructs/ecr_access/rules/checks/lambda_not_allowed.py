"""The policy of a repository should allow Lambda to pull for its functions.

A function runs an image of a repository whose policy does not allow Lambda to pull for it. A statement does not count
if ``aws:SourceArn`` or ``aws:SourceAccount`` restricts it to functions of other accounts.

Within an account Lambda adds the statement itself, if the deploying caller may change the policy. The next update of
the policy removes it again. From another account the deployment of the function fails, and the account's root must be
allowed too.

Fix: ``repository.grant_lambda_pull(accounts=[...])``.

Not reported: a condition on another key; values that are known only at deploy time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.references import partition_of, pseudo
from ecr_access.documents.templates.unknowns import equal, shown
from ecr_access.iam.actions import AccessLevel
from ecr_access.rules.access.policy_principals import account_of, names_service, own_account
from ecr_access.rules.access.sources import source_of
from ecr_access.rules.finding import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.images import Image
    from ecr_access.rules.access.repositories import Repository
    from ecr_access.rules.access.sources import Source
    from ecr_access.rules.access.statements import Statement

_FUNCTIONS: Final = ("AWS::Lambda::Function", "AWS::Serverless::Function")
_LAMBDA: Final = "lambda.amazonaws.com"
_ACTIONS: Final = AccessLevel.LAMBDA_PULL.required_actions
_HERE: Final = (
    "Lambda adds that itself, but only if whoever deploys may ecr:SetRepositoryPolicy and ecr:GetRepositoryPolicy, and "
    "an update of the repository's policy drops it again"
)
_THERE: Final = "from another account that fails"


def _check(app: Application) -> Iterator[RuleFinding]:
    for image in app.images:
        repository = app.repositories.of_arn(image.repository)
        if image.resource.type not in _FUNCTIONS or not repository or not repository.has_whole_policy:
            continue
        account = str(pseudo("AWS::AccountId", image.resource.template))
        same = equal(account, own_account(repository))
        source = source_of(image, app.resolver)
        lacking = None if same is None else _lacking(repository, source, app, "" if same else account)
        if lacking:
            yield _finding(image, lacking, "" if same else account)


def _finding(image: Image, lacking: str, account: str) -> RuleFinding:
    return RuleFinding(
        image.resource,
        image.path,
        f"runs an image of '{image.name}', whose policy does not let {lacking} {' and '.join(_ACTIONS)}: "
        f"{_THERE if account else _HERE}",
        f"allow it there to the service {_LAMBDA}, under the condition StringLike aws:SourceArn "
        f"'arn:{partition_of(image.region)}:lambda:{image.region}:{account or image.account}:function:*'"
        f"{_and_account(account)}, as AccessibleRepository.grant_lambda_pull({_argument(account)}) renders it",
    )


def _and_account(account: str) -> str:
    return f", and to the account {account}" if account else ""


def _argument(account: str) -> str:
    return f"accounts=['{shown(account)}']" if account else ""


def _lacking(repository: Repository, source: Source, app: Application, account: str) -> str:
    """Name the principal that certainly may not pull: Lambda, or, which both need, the account of the function."""
    template = repository.resource.template
    if not _may(repository, lambda one: names_service(one, _LAMBDA)):
        return _LAMBDA
    if not _may(repository, lambda one: names_service(one, _LAMBDA) and source.may_meet(one, app.resolver, template)):
        return f"{_LAMBDA}, for functions of account {source.account},"
    if account and not _may(repository, lambda one: _may_name(one, account)):
        return f"the account {account}"
    return ""


def _may(repository: Repository, is_named: Callable[[Statement], bool]) -> bool:
    """Whether statements allow, or may, all of the actions to somebody."""
    allowing = [one for one in repository.statements if one.allows and is_named(one)]
    return all(any(one.names(action) is not False for one in allowing) for action in _ACTIONS)


def _may_name(statement: Statement, account: str) -> bool:
    names = statement.principals.get("AWS", ())
    return "NotPrincipal" in statement.raw or any(
        one == "*" or not account_of(one) or equal(account_of(one), account) is not False for one in names
    )


RULE: Final = Rule(
    "lambda-not-allowed",
    Severity.WARNING,
    "the policy of a repository whose images Lambda runs allows Lambda to pull",
    "https://docs.aws.amazon.com/lambda/latest/dg/images-create.html",
    _check,
)
