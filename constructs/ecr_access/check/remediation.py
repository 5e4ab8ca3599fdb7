"""What to do about a denial: a line of CDK code where one helps, and the statement that a policy lacks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from ecr_access.iam.principals import LAMBDA, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ecr_access.iam.arns import Repository
    from ecr_access.iam.principals import Principal

_STATEMENT: Final = '{"Effect":"Allow","Action":{actions},"Resource":{resources}}'
DENY: Final = "remove that statement, or exclude {actions} from it"
ORGANIZATION: Final = "ask the administrators of the organization to allow {actions} for this account"
BOUNDARY: Final = f"add to the permissions boundary: {_STATEMENT}"
NOT_PRINCIPAL: Final = "deny under the condition ArnNotEquals aws:PrincipalArn in the place of NotPrincipal"
SHOWN: Final = 10
"""How many accounts a text names: what is pasted has to stay whole where the message is full."""


def token(principal: Principal) -> str:
    """Say how a principal comes to its token, which no repository policy can allow."""
    statement = '{"Effect":"Allow","Action":"ecr:GetAuthorizationToken","Resource":"*"}'
    noun = principal.noun
    # An imported one takes no policy: the line helps only in the app that declares it.
    return f"ecr.AuthorizationToken.grant_read({noun}) where the {noun} is declared, or in a policy of it: {statement}"


def identity(principal: Principal, access: str) -> str:
    """Say how a principal's own policies come to allow an access level."""
    return f"{_grant(access, principal)}, or in a policy of the {principal.noun}: {_STATEMENT}"


def repository(
    principal: Principal, access: str, place: Repository, accounts: Sequence[str] = (), *, existing: bool = False
) -> str:
    """Say how the policy of a repository comes to allow an access level.

    Args:
        principal: the one that is not allowed.
        access: the access level.
        place: the repository.
        accounts: the accounts for which a service acts and is not allowed. Default: the repository's own.
        existing: whether the app does not declare the repository, so that no grant can write its policy.
    """
    named, rest = list(accounts or (place.account,))[:SHOWN], len(accounts) - SHOWN
    statements = [_statement(*_names(principal, place, named))]
    if principal.name == LAMBDA and (others := [one for one in named if one != place.account]):
        # The roles that create functions of another account pull as well.
        # https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#configuration-images-xaccount-permissions
        roots = [f"arn:{place.arn.split(':')[1]}:iam::{one}:root" for one in others]
        statements.append(_statement({"AWS": _one_or_all(roots)}, {}))
    written = statements[0] if len(statements) == 1 else f"[{','.join(statements)}]"
    more = f" and the same for {rest} more accounts" if rest > 0 else ""
    if existing:
        return f"ask the owner of the repository to add to its policy: {written}{more}"
    return f"{_grant(access, principal, place, named)}, or in the repository policy: {written}{more}"


def _statement(who: object, condition: dict[str, Any]) -> str:
    conditions = f',"Condition":{_json(condition)}' if condition else ""
    return f'{{"Effect":"Allow","Principal":{_json(who)},"Action":{{actions}}{conditions}}}'


def _grant(access: str, principal: Principal, place: Repository | None = None, accounts: Sequence[str] = ()) -> str:
    if principal.name == LAMBDA:
        return f"repository.grant_lambda_pull(accounts={_json(accounts)})"
    argument = principal.noun.replace(" ", "_")
    if principal.kind is Kind.SERVICE and place and list(accounts) != [place.account]:
        argument = f"iam.ServicePrincipal({_json(principal.name)}, conditions={_json(_source_accounts(accounts))})"
    return f"repository.grant_{access.lower()}({argument})"


def _names(principal: Principal, place: Repository, accounts: Sequence[str]) -> tuple[Any, dict[str, Any]]:
    """Name a principal as the library's own grants do: another account's role under its account."""
    if principal.name == LAMBDA:
        # Lambda sends the ARN of the function, and is not said to send its account.
        partition = place.arn.split(":")[1]
        functions = [f"arn:{partition}:lambda:{place.region}:{one}:function:*" for one in accounts]
        return {"Service": principal.name}, {"StringLike": {"aws:SourceArn": _one_or_all(functions)}}
    if principal.kind is Kind.SERVICE:
        return {"Service": principal.name}, _source_accounts(accounts)
    if principal.kind is Kind.ORGANIZATION:
        return "*", {"StringEquals": {"aws:PrincipalOrgID": principal.name}}
    if principal.kind is Kind.ORGANIZATIONAL_UNIT:
        return "*", {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": principal.name}}
    if principal.kind is Kind.ACCOUNT:
        return {"AWS": principal.account}, {}
    return {"AWS": principal.account}, {"ArnLike": {"aws:PrincipalArn": principal.name}}


def _source_accounts(accounts: Sequence[str]) -> dict[str, Any]:
    return {"StringEquals": {"aws:SourceAccount": _one_or_all(accounts)}}


def _one_or_all(values: Sequence[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
