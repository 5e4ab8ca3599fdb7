"""What to do about a denial: a line of CDK code where one helps, and the statement that somebody has to write."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from access_check.principals import Kind

if TYPE_CHECKING:
    from access_check.arns import Repository
    from access_check.principals import Principal

_STATEMENT: Final = '{"Effect":"Allow","Action":{actions},"Resource":{resources}}'
DENY: Final = "remove that statement, or exclude {actions} from it"
ORGANIZATION: Final = "ask those who manage the organization to allow {actions} for this account"
BOUNDARY: Final = f"add to the permissions boundary: {_STATEMENT}"


def token(principal: Principal) -> str:
    """Say how a principal comes to its token, which no repository policy can allow."""
    statement = '{"Effect":"Allow","Action":"ecr:GetAuthorizationToken","Resource":"*"}'
    noun = principal.noun
    # An imported one takes no policy: the line helps only in the app that declares it.
    return f"ecr.AuthorizationToken.grant_read({noun}) where the {noun} is declared, or in a policy of it: {statement}"


def identity(principal: Principal, access: str) -> str:
    """Say how a principal's own policies come to allow an access level."""
    return f"{_grant(access, principal)}, or in a policy of the {principal.noun}: {_STATEMENT}"


def repository(principal: Principal, access: str, place: Repository) -> str:
    """Say how the policy of a repository comes to allow an access level."""
    who, condition = _names(principal, place)
    statement = f'{{"Effect":"Allow","Principal":{_json(who)},"Action":{{actions}}'
    statement += f',"Condition":{_json(condition)}}}' if condition else "}"
    return f"{_grant(access, principal)}, or in the repository policy: {statement}"


def _grant(access: str, principal: Principal) -> str:
    argument = "accounts=[...]" if access == "LAMBDA_PULL" else principal.noun.replace(" ", "_")
    return f"repository.grant_{access.lower()}({argument})"


def _names(principal: Principal, place: Repository) -> tuple[Any, dict[str, Any]]:
    """Name a principal as the library's own grants do: another account's role under its account."""
    if principal.kind is Kind.SERVICE:
        # Lambda names the function alone, and not its account.
        functions = f"{':'.join(place.arn.split(':')[:2])}:lambda:{place.region}:{place.account}:function:*"
        is_lambda = principal.name == "lambda.amazonaws.com"
        source = (
            ("StringLike", "aws:SourceArn", functions)
            if is_lambda
            else ("StringEquals", "aws:SourceAccount", place.account)
        )
        return {"Service": principal.name}, {source[0]: {source[1]: source[2]}}
    if principal.kind is Kind.ORGANIZATION:
        return "*", {"StringEquals": {"aws:PrincipalOrgID": principal.name}}
    if principal.kind is Kind.UNIT:
        return "*", {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": principal.name}}
    if principal.kind is Kind.ACCOUNT:
        return {"AWS": principal.account}, {}
    return {"AWS": principal.account}, {"ArnLike": {"aws:PrincipalArn": principal.name}}


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
