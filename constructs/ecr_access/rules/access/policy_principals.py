"""The principals that the policies of repositories name.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.references import pseudo
from ecr_access.iam.arns import account_of, account_root
from ecr_access.iam.principals import principal_of
from ecr_access.iam.ternary import Ternary
from ecr_access.iam.unknown_text import equal, split

if TYPE_CHECKING:
    from ecr_access.rules.access.repositories import Repository
    from ecr_access.rules.access.resource_policies import ResourcePolicy
    from ecr_access.rules.access.statements import Statement

_PERSONAL: Final = ("role/", "user/")


def root_of(principal: str) -> str:
    """Return the ARN that stands for the account of a principal that is an ARN itself."""
    account = account_of(principal)
    return account_root(split(principal, ":")[1], account) if account not in ("", principal) else principal


def own_account(one: Repository | ResourcePolicy) -> str:
    """Return the account that a repository, or its policy, is in, as a text."""
    return str(pseudo("AWS::AccountId", one.resource.template))


def is_personal(principal: str) -> bool:
    """Whether it is one role or user, and not a whole account."""
    return account_of(principal) not in ("", principal) and split(principal, ":")[5].startswith(_PERSONAL)


def is_foreign(principal: str, repository: Repository) -> bool:
    """Whether only the policy of a repository can allow it: for others of the account their own policies may."""
    account = account_of(principal)
    return principal == "*" or (bool(account) and equal(account, own_account(repository)) is Ternary.NO)


def may_be_allowed(principal: str, action: str, repository: Repository) -> bool:
    """Whether the policy of a repository may allow an action to a principal, an account or a service."""
    return not is_denied(principal, action, repository) and any(
        one.allows and one.names(action) is not Ternary.NO and ("NotPrincipal" in one.raw or _names(one, principal))
        for one in repository.statements
    )


def is_denied(principal: str, action: str, repository: Repository) -> bool:
    """Whether the policy of a repository certainly denies an action to a principal, as it is written in a policy."""
    if principal == "*":
        denying = [one for one in repository.statements if one.raw["Effect"] == "Deny" and not one.condition]
        stars = [one for one in denying if "*" in one.principals.get("AWS", ())]
        return any(one.names(action) is Ternary.YES for one in stars)
    found = principal_of(principal)
    return found is not None and repository.denials.judge(found, action).denies is Ternary.YES


def _names(statement: Statement, principal: str) -> bool:
    names = statement.principals.get("AWS", ())
    if principal in names or any(_covers(name, principal) for name in names):
        return True
    return any(equal(name, principal) is not Ternary.NO for name in statement.principals.get("Service", ()))


def _covers(name: str, principal: str) -> bool:
    """Whether a principal may be another, or of it, or have it as a part: an account has all its principals."""
    if "*" in (name, principal) or equal(name, principal) is not Ternary.NO:
        return True
    account = account_of(name)
    is_whole = any(one.endswith((":root", account)) for one in (name, principal))
    return not account or (is_whole and equal(account, account_of(principal)) is not Ternary.NO)
