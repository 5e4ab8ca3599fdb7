"""What a repository policy lacks for Lambda to pull the image of a function.

https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#configuration-images-xaccount-permissions
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.references import partition_of, pseudo
from ecr_access.iam.actions import AccessLevel
from ecr_access.iam.principals import LAMBDA, Kind, Principal, Source
from ecr_access.iam.repository_policy import Effect
from ecr_access.iam.statement_principals import names
from ecr_access.iam.ternary import Ternary
from ecr_access.iam.unknown_text import equal, unknown
from ecr_access.rules.access.policy_principals import own_account

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.documents.templates.intrinsics import Resolver
    from ecr_access.iam.repository_policy import PolicyResult
    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.images import Image
    from ecr_access.rules.access.repositories import Repository

_FUNCTIONS: Final = ("AWS::Lambda::Function", "AWS::Serverless::Function")
_ACTIONS: Final = AccessLevel.LAMBDA_PULL.required_actions
_SERVICE: Final = Principal(LAMBDA, Kind.SERVICE)


@dataclass(frozen=True)
class Lacking:
    """What a policy certainly lacks, or denies.

    Attributes:
        principal: which may not pull: Lambda, Lambda for some functions, or an account.
        actions: that it may not.
        denying: the statement that denies them, by its place; empty if none does.
    """

    principal: str
    actions: tuple[str, ...]
    denying: str = ""

    def __str__(self) -> str:
        """What it is, in words."""
        return f"{self.principal} {' and '.join(self.actions)}"


def pulled_by_lambda(app: Application) -> Iterator[tuple[Image, Repository, Ternary]]:
    """Yield the images of functions whose repository and its policy are known, and whether both are of one account."""
    for image in app.images:
        repository = app.repositories.of_arn(image.repository)
        if image.resource.type in _FUNCTIONS and repository and repository.has_whole_policy:
            account = account_of_function(image)
            yield image, repository, equal(account, own_account(repository))


def account_of_function(image: Image) -> str:
    """Return the account of the function that runs an image, as a text."""
    return str(pseudo("AWS::AccountId", image.resource.template))


def source_of(image: Image, resolver: Resolver) -> Source:
    """Return the function that runs an image, an alias or version of which may follow; Lambda runs its Region's own."""
    template = image.resource.template
    name = image.resource.properties.get("FunctionName")
    written = "" if name is None else resolver.text(name, template)
    qualifier = unknown(f"{image.resource.logical_id}.Qualifier", template.path)
    return Source(account_of_function(image), image.region, f"{written}{qualifier}")


def lacking_for_service(image: Image, repository: Repository, app: Application) -> list[Lacking]:
    """Return what the policy of a repository lacks for the service Lambda: nothing, or one entry."""
    policy, source = repository.policy, source_of(image, app.resolver)
    for principal, given in ((LAMBDA, None), (f"{LAMBDA}, for functions of account {source.account},", source)):
        if found := _lacking(principal, {one: policy.judge(_SERVICE, one, given) for one in _ACTIONS}):
            return found
    return []


def lacking_for_account(account: str, repository: Repository) -> list[Lacking]:
    """Return what the policy of a repository lacks for all principals of another account: nothing, or one entry."""
    principal = Principal(account, Kind.ACCOUNT, account)
    results = {one: repository.policy.judge(principal, one) for one in _ACTIONS}
    named = [
        one
        for one in repository.statements
        if one.allows
        # As of a Deny, a part of the account is enough here.
        and ("NotPrincipal" in one.raw or names(one.document, principal, owner="", allowing=False)[0] is not Ternary.NO)
    ]
    denied = {action: one for action, one in results.items() if one.effect is Effect.EXPLICIT_DENY}
    lacking = {action for action in _ACTIONS if all(one.names(action) is Ternary.NO for one in named)}
    return _lacking(f"the account {account}", {one: results[one] for one in _ACTIONS if one in {*denied, *lacking}})


def _lacking(principal: str, results: dict[str, PolicyResult]) -> list[Lacking]:
    lacking = tuple(action for action, one in results.items() if one.allows is Ternary.NO)
    denying = next((one.statement for one in results.values() if one.effect is Effect.EXPLICIT_DENY), "")
    return [Lacking(principal, lacking, denying)] if lacking else []


def fix_of(found: list[Lacking], image: Image, account: str, call: str) -> str:
    """Say what to write into a policy.

    Args:
        found: what it lacks.
        image: for which it lacks it.
        account: of the functions.
        call: that renders it in the CDK.
    """
    denied = [
        f"leave {one.principal.rstrip(',')} out of what the statement {one.denying} denies"
        for one in found
        if one.denying
    ]
    arn = f"arn:{partition_of(image.region)}:lambda:{image.region}:{account}:function:*"
    parts = [
        f"to the service {LAMBDA}, under the condition StringLike aws:SourceArn '{arn}'"
        if one.principal.startswith(LAMBDA)
        else f"to {one.principal}"
        for one in found
        if not one.denying
    ]
    allowed = f"allow these actions in that policy {', and '.join(parts)}, as {call} renders it"
    return "; ".join([*denied, *([allowed] if parts else [])])
