"""Lambda functions that run images of a repository, in its own and in other accounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from aws_cdk import aws_iam as iam

from cdk_ecr_access.principals.trust import source_condition
from ecr_access.codes import Code
from ecr_access.iam.arns import is_account_id
from ecr_access.iam.principals import LAMBDA
from ecr_access.tokens import is_token
from ecr_access.wording import quoted, value_shown

if TYPE_CHECKING:
    from aws_cdk import Stack

    from ecr_access.iam.arns import Registry


def lambda_principals(stack: Stack, registry: Registry, accounts: Sequence[str]) -> list[iam.IPrincipal]:
    """Name the principals that a repository trusts so that Lambda functions of accounts can pull from it.

    Lambda itself, for the functions of all the accounts, and each other account, whose roles create the functions.
    Trusting the repository's own account only delegates to its IAM policies; it grants no access.

    Args:
        stack: that grants; in it tokens are compared.
        registry: the repository's; Lambda runs the images of its own Region alone.
        accounts: of the functions.

    Raises:
        ValueError: with everything that is wrong with the accounts.

    https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#configuration-images-xaccount-permissions
    """
    if problems := _problems(stack, accounts):
        raise Code.LAMBDA_ACCOUNTS.error(f"cannot grant Lambda a pull: {'; '.join(problems)}")
    service = iam.ServicePrincipal(LAMBDA, conditions=source_condition(LAMBDA, registry, accounts))
    own = [stack.resolve(registry.account)]
    if registry.account == stack.account:
        own.append({"Ref": "AWS::AccountId"})
    others = [iam.AccountPrincipal(account) for account in accounts if stack.resolve(account) not in own]
    return [service, *others]


def _problems(stack: Stack, accounts: object) -> list[str]:
    """Say what is wrong with the accounts; nothing if nothing is."""
    if isinstance(accounts, str):
        return [f"accounts is the text {accounts!r}; allowed: a list of account ids, such as [{accounts!r}]"]
    if not isinstance(accounts, Sequence):
        return [f"accounts is {value_shown(accounts)}; allowed: a list of account ids"]
    if not accounts:
        return ["accounts is empty; name at least one account; the repository's own is allowed"]
    problems: list[str] = []
    seen: list[Any] = []
    for index, account in enumerate(accounts):
        if not isinstance(account, str) or not (is_token(account) or is_account_id(account)):
            shown = quoted(account) if isinstance(account, str) else value_shown(account)
            problems.append(
                f"accounts[{index}] is {shown}; allowed: 12 digits as a text, leading zeros included, or a token"
            )
            continue
        resolved = stack.resolve(account)
        if resolved in seen:
            problems.append(f"accounts[{index}] is {quoted(account)} again; name each account once")
        seen.append(resolved)
    return problems
