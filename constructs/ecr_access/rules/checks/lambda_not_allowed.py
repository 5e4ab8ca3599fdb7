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
from ecr_access.documents.templates.unknowns import shown
from ecr_access.iam.actions import AccessLevel
from ecr_access.iam.arns import repository_at
from ecr_access.iam.principals import LAMBDA, Kind, Principal
from ecr_access.iam.repository_policy import RepositoryPolicy
from ecr_access.iam.statement_principals import names
from ecr_access.iam.ternary import Ternary
from ecr_access.iam.unknown_text import equal
from ecr_access.rules.access.policy_principals import own_account
from ecr_access.rules.access.sources import source_of
from ecr_access.rules.access.statements import with_both_effects
from ecr_access.rules.finding import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.iam.principals import Source
    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.images import Image
    from ecr_access.rules.access.repositories import Repository

_FUNCTIONS: Final = ("AWS::Lambda::Function", "AWS::Serverless::Function")
_ACTIONS: Final = AccessLevel.LAMBDA_PULL.required_actions
_HERE: Final = (
    "Lambda adds that itself, but only if the principal that deploys may ecr:SetRepositoryPolicy and "
    "ecr:GetRepositoryPolicy, and an update of the repository's policy drops it again"
)
_THERE: Final = "from another account that fails"


def _check(app: Application) -> Iterator[RuleFinding]:
    for image in app.images:
        repository = app.repositories.of_arn(image.repository)
        if image.resource.type not in _FUNCTIONS or not repository or not repository.has_whole_policy:
            continue
        account = str(pseudo("AWS::AccountId", image.resource.template))
        same = equal(account, own_account(repository))
        elsewhere = "" if same is Ternary.YES else account
        lacking = "" if same is Ternary.MAYBE else _lacking(repository, source_of(image, app.resolver), elsewhere)
        if lacking:
            yield _finding(image, lacking, elsewhere)


def _finding(image: Image, lacking: str, account: str) -> RuleFinding:
    return RuleFinding(
        image.resource,
        image.path,
        f"runs an image of '{image.name}', whose policy does not let {lacking} {' and '.join(_ACTIONS)}: "
        f"{_THERE if account else _HERE}",
        f"allow it there to the service {LAMBDA}, under the condition StringLike aws:SourceArn "
        f"'arn:{partition_of(image.region)}:lambda:{image.region}:{account or image.account}:function:*'"
        f"{_and_account(account)}, as AccessibleRepository.grant_lambda_pull({_argument(account)}) renders it",
    )


def _and_account(account: str) -> str:
    return f", and to the account {account}" if account else ""


def _argument(account: str) -> str:
    return f"accounts=['{shown(account)}']" if account else ""


def _lacking(repository: Repository, source: Source, account: str) -> str:
    """Name the principal that certainly may not pull: Lambda, or, which both need, the account of the function."""
    documents = tuple(it for one in repository.statements for it in with_both_effects(one.document))
    policy = RepositoryPolicy(repository_at(repository.arn), documents)
    if not _may_pull(policy, None):
        return LAMBDA
    if not _may_pull(policy, source):
        return f"{LAMBDA}, for functions of account {source.account},"
    if account and not _may_be_named(repository, account):
        return f"the account {account}"
    return ""


def _may_pull(policy: RepositoryPolicy, source: Source | None) -> bool:
    """Whether a policy lets Lambda pull for a function, or may; for any function if there is none."""
    service = Principal(LAMBDA, Kind.SERVICE)
    said = [policy.judge(service, action, source) for action in _ACTIONS]
    return all(one.allows is not Ternary.NO for one in said)


def _may_be_named(repository: Repository, account: str) -> bool:
    """Whether statements allow, or may, all of the actions to an account, or to a principal of it."""
    principal = Principal(account, Kind.ACCOUNT, account)
    named = [
        one
        for one in repository.statements
        if one.allows
        # As of a Deny, a part of the account is enough here.
        and ("NotPrincipal" in one.raw or names(one.document, principal, owner="", allowing=False)[0] is not Ternary.NO)
    ]
    return all(any(one.names(action) is not Ternary.NO for one in named) for action in _ACTIONS)


RULE: Final = Rule(
    "lambda-not-allowed",
    Severity.WARNING,
    "the policy of a repository whose images Lambda runs allows Lambda to pull",
    "https://docs.aws.amazon.com/lambda/latest/dg/images-create.html",
    _check,
)
