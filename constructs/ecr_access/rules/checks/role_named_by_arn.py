"""A repository policy should name a role of another account through its account.

The policy names a role or user of another account by its ARN. ECR refuses the policy while that role does not exist.
If the role is deleted and made again, the statement does not match the new one.

Fix: the account as principal, with a condition on ``aws:PrincipalArn``. Grants of ``AccessibleRepository`` render it
so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.unknowns import shown
from ecr_access.iam.arns import account_of
from ecr_access.iam.ternary import Ternary
from ecr_access.iam.unknown_text import equal
from ecr_access.rules.access.policy_principals import is_personal, own_account, root_of
from ecr_access.rules.access.resource_policies import REPOSITORY_POLICY
from ecr_access.rules.finding import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.rules.access.application import Application


def _check(app: Application) -> Iterator[RuleFinding]:
    for policy in app.resource_policies:
        if policy.kind != REPOSITORY_POLICY:
            continue
        own = own_account(policy)
        for one in policy.statements:
            named = [name for name in one.principals.get("AWS", ()) if is_personal(name)]
            foreign = [name for name in named if equal(account_of(name), own) is Ternary.NO]
            if foreign:
                more = f", and {len(foreign) - 1} more" if len(foreign) > 1 else ""
                yield RuleFinding(
                    policy.resource,
                    f"{one.path}.Principal",
                    f"the statement names '{foreign[0]}' of another account{more}: ECR refuses the policy while "
                    "that principal does not exist, and once it is deleted the statement names its unique id, which no "
                    "new principal of that name has",
                    f"name the account, '{shown(root_of(foreign[0]))}', under the condition ArnLike aws:PrincipalArn "
                    f"'{shown(foreign[0])}', as AccessibleRepository renders it",
                )


RULE: Final = Rule(
    "role-named-by-arn",
    Severity.WARNING,
    "a repository policy names no role or user of another account by its ARN",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
    _check,
)
