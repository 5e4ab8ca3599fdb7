"""Half a pull is none.

A repository policy allows ``BatchGetImage`` to another account or to a service, and lacks or denies
``GetDownloadUrlForLayer``, or the other way round. Or a role or user that signs in has one of both, with what else is
for layers. The manifest is read and no layer, or no manifest at all, and the pull ends in 403.

Fix: both actions, as ``AccessibleRepository.grant_pull`` renders them.

Not reported: a principal that also pushes or lists images, since it may only read manifests; a principal that may get
the other action elsewhere; a role that pulls an image of the app, which ``execution-role-cannot-pull`` is about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.iam.actions import TOKEN_ACTION, AccessLevel
from ecr_access.iam.arns import account_named
from ecr_access.iam.ternary import Ternary
from ecr_access.iam.unknown_text import equal, is_known
from ecr_access.rules.access.lacks import cause_of_lack
from ecr_access.rules.access.pair import is_trusted, repositories_of
from ecr_access.rules.access.policy_principals import is_denied, is_foreign, may_be_allowed, own_account
from ecr_access.rules.finding import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.identity import Identity
    from ecr_access.rules.access.repositories import Repository
    from ecr_access.rules.access.statements import Statement

_MANIFEST, _LAYER = AccessLevel.PULL.required_actions
_CHECK: Final = "ecr:BatchCheckLayerAvailability"
# Who has one of these may read manifests for another reason than to pull.
_MORE: Final = ("ecr:PutImage", "ecr:UploadLayerPart", "ecr:DescribeImages", "ecr:ListImages")
_GROUP: Final = "AWS::IAM::Group"  # its members may get the rest elsewhere
_FIX: Final = f"allow {_MANIFEST} and {_LAYER} together, as AccessibleRepository.grant_pull renders them"


def _check(app: Application) -> Iterator[RuleFinding]:
    pulling = {found.arn for one in app.images if one.puller and (found := app.identities.of_role(one.puller))}
    for identity in app.identities:
        signs_in = identity.may(TOKEN_ACTION, "*") is Ternary.YES
        if signs_in and identity.resource.type != _GROUP and identity.arn not in pulling:
            yield from _of_identity(identity, app)
    for repository in app.repositories:
        if repository.has_whole_policy and not app.registry_policies:  # which are enforced beside
            yield from _of_repository(repository)


def _of_identity(identity: Identity, app: Application) -> Iterator[RuleFinding]:
    """Report a role or user once, at the first statement that allows half a pull."""
    for holder, one in identity.granted:
        for resource in one.resources if one.allows else ():
            for has, lacks in ((_MANIFEST, _LAYER), (_LAYER, _MANIFEST)):
                if one.names(has) is Ternary.YES and _has_half(identity, resource, has, lacks, app):
                    problem = f"{identity.label} may {has} on '{resource}', but not {lacks}: every pull ends in 403"
                    cause = cause_of_lack(identity, [(lacks, resource)], app)
                    yield RuleFinding(holder, f"{one.path}.Action", problem, _FIX, cause)
                    return


def _has_half(identity: Identity, resource: str, has: str, lacks: str, app: Application) -> bool:
    arn = repositories_of(resource)
    # The manifest alone may be read for another reason than to pull.
    needed = (has, _CHECK) if has == _MANIFEST else (has,)
    return (
        bool(arn)
        and all(identity.may(action, arn) is Ternary.YES for action in needed)
        and all(identity.may(action, arn) is Ternary.NO for action in (lacks, *_MORE))
        and not is_trusted(identity, lacks, arn, app)
    )


def _of_repository(repository: Repository) -> Iterator[RuleFinding]:
    nothing_is_denied = not repository.denials.statements
    for one in repository.statements:
        for has, lacks in ((_MANIFEST, _LAYER), (_LAYER, _MANIFEST)):
            # What allows the rest itself, where nothing is denied, allows it to each of its principals.
            is_whole = nothing_is_denied and any(one.names(action) is not Ternary.NO for action in (lacks, *_MORE))
            if one.allows and one.names(has) is Ternary.YES and not is_whole:
                for principal in _only_here(one, repository):
                    if not is_denied(principal, has, repository) and not any(
                        may_be_allowed(principal, action, repository) for action in (lacks, *_MORE)
                    ):
                        who = "any principal of another account" if principal == "*" else f"'{principal}'"
                        problem = f"{who} may {has}, but not {lacks}: every pull ends in 403"
                        yield RuleFinding(repository.resource, f"{one.path}.Action", problem, _FIX)
                        break


def _only_here(statement: Statement, repository: Repository) -> list[str]:
    """Return the principals of a statement that no other policy can allow: of other accounts, and services."""
    foreign = [one for one in statement.principals.get("AWS", ()) if _is_foreign(one, repository)]
    return [*foreign, *statement.principals.get("Service", ())]


def _is_foreign(principal: str, repository: Repository) -> bool:
    # A whole account that is named by its id is another one, or else the statement is of no use.
    account = account_named(principal)
    is_open = is_known(principal) and equal(account, own_account(repository)) is Ternary.MAYBE
    return is_foreign(principal, repository) or (bool(account) and is_open)


RULE: Final = Rule(
    "pull-incomplete",
    Severity.WARNING,
    "a principal that pulls has both actions of a pull",
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html",
    _check,
)
