"""The principals that the policies of repositories name.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.references import pseudo
from ecr_access.iam.arns import account_of, account_root
from ecr_access.iam.unknown_text import split

if TYPE_CHECKING:
    from ecr_access.rules.access.repositories import Repository
    from ecr_access.rules.access.resource_policies import ResourcePolicy

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
