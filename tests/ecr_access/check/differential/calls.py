"""The calls that a requirement stands for.

A requirement is met if every member of it is: one role, user or service by itself, each role and user of an account or
organization, each account that a service acts for. A member makes many calls: in every session, with and without each
key that only a call has, with a value that no policy names and with those that they name.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, Final

from tests.ecr_access.check.differential.keys import OPEN, Values, values_of
from tests.ecr_access.check.differential.rules.conditions import entries
from tests.ecr_access.check.differential.rules.decision import Policies, Request
from tests.ecr_access.check.differential.rules.operators import like, texts
from tests.ecr_access.check.differential.rules.principals import LENIENT, STRICT, Caller, Reading
from tests.ecr_access.check.differential.rules.statements import Asked, keys_read
from tests.ecr_access.check.differential.world import (
    ACCOUNTS,
    EPOCH,
    HERE,
    NAME,
    NOW,
    TAG,
    UNNAMED,
    Combination,
    role,
    session,
    user,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.ecr_access.check.differential.rules.conditions import Context

SESSIONS: Final = ("one", "two", "unnamed")
FUNCTIONS: Final = ("app", "unnamed")
_EVERYTHING: Final[tuple[dict[str, Any], ...]] = ({"Effect": "Allow", "Action": "*", "Resource": "*"},)


@dataclass(frozen=True)
class Member:
    """A principal that a requirement is about, with the policies that decide its calls."""

    identity: str
    account: str
    policies: Policies


@dataclass(frozen=True)
class Call:
    """One call: the request, and how AWS is read where its pages leave something open."""

    request: Request
    policies: Policies
    reading: Reading


def members_of(one: Combination) -> list[Member]:
    """List the principals that a requirement is about."""
    if one.kind == "service":
        return [Member(one.principal, account, _policies(one, "")) for account in one.accounts or (HERE,)]
    return [Member(arn, arn.split(":")[4], _policies(one, arn.split(":")[4])) for arn in _identities(one)]


def _identities(one: Combination) -> list[str]:
    if one.kind == "group":
        return [user(HERE, "ann"), user(HERE, "unnamed")]
    if one.kind == "pattern of roles":
        account = one.principal.split(":")[4]
        known = [role(account, name) for name in ("ci", "ci-1", "ci-12", "ci-unnamed", "team/build-1", "unnamed")]
        return [arn for arn in known if like(one.principal, arn)]
    if one.principal.startswith("arn:"):
        return [one.principal]
    if one.principal.isdigit():
        accounts = [one.principal]
    else:
        accounts = [account for account in (*ACCOUNTS, UNNAMED) if _is_in(one, account)]
    names = ("ci", "ci-1", "unnamed")
    return [
        arn
        for account in accounts
        for arn in (*(role(account, name) for name in names), user(account, "ann"), user(account, "unnamed"))
    ]


def _is_in(one: Combination, account: str) -> bool:
    """Whether an account is in the organization, or the unit, that a requirement names."""
    path = one.path(account)
    if "/" not in one.principal:
        return path.startswith(one.principal + "/")
    return like(one.principal, path)


def _policies(one: Combination, account: str) -> Policies:
    """Give a member its policies: what another account's allow is that account's to prove, and taken as given."""
    if one.level == "TOKEN":
        # It has no resource, so that no repository policy is about it.
        # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
        return Policies(one.identity, one.boundary, one.organization)
    repository, owner = one.repository or (), one.owner
    if one.is_simulated:
        if owner != HERE:
            # Nor can the repository policy of another account be read: that, too, is taken as given.
            repository = ({"Effect": "Allow", "Principal": "*", "Action": "*"},)
        return Policies(one.identity, one.boundary, one.organization, repository, owner)
    if account in ("", HERE):
        return Policies(repository=repository, account=owner)
    boundary = _EVERYTHING if one.world.bounded else None
    return Policies(_EVERYTHING, boundary, repository=repository, account=owner)


def calls_of(one: Combination, member: Member, action: str) -> Iterator[Call]:
    """Make the calls of a member for one action."""
    policies = member.policies
    statements = [*policies.identity, *(policies.boundary or ()), *policies.repository]
    statements += [statement for level in policies.organization for statement in level]
    relevant = {*keys_read(statements)} & OPEN.keys()
    named = named_values(statements)
    axes = [[(key, values) for values in _values(member, key, named.get(key, []))] for key in sorted(relevant)]
    readings = (
        (LENIENT, STRICT) if any("NotPrincipal" in statement for statement in policies.repository) else (LENIENT,)
    )
    asked = Asked(action, one.resource)
    for caller, fixed in _callers(one, member):
        for opened in product(*axes):
            context = fixed | {key: values for key, values in opened if values}
            for reading in readings:
                yield Call(Request(caller, asked, context), policies, reading)


def _values(member: Member, key: str, named: list[str]) -> list[Values]:
    values = values_of(key, named)
    is_role = ":role/" in member.identity
    if key == "aws:tokenissuetime" and is_role:
        return values[1:]  # a session's credentials are always temporary
    if key == "lambda:sourcefunctionarn" and not is_role:
        return values[:1]  # only a role's session has it
    return values


def named_values(statements: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Gather the values that policies name for each key; a tag may also be what a variable has to be."""
    found: dict[str, list[str]] = {f"aws:principaltag/{TAG}": [NAME]}
    for one in statements:
        for operator, key, values in entries(one.get("Condition")):
            if operator.lower() != "null":
                found.setdefault(key.lower(), []).extend(texts(values))
    return found


def _callers(one: Combination, member: Member) -> Iterator[tuple[Caller, Context]]:
    common = _common(one)
    if one.kind == "service":
        yield from ((Caller(member.identity, member.identity, ""), common | about) for about in _sources(one, member))
        return
    common |= _of_identity(one, member)
    if ":user/" in member.identity:
        name = member.identity.rpartition("/")[2]
        about: Context = {"aws:principaltype": ("User",), "aws:username": (name,), "aws:userid": (f"AIDA{name}",)}
        yield Caller(member.identity, member.identity, member.account), common | about
        return
    for name in SESSIONS:
        about = {"aws:principaltype": ("AssumedRole",), "aws:userid": (f"AROACI:{name}",)}
        yield Caller(session(member.identity, name), member.identity, member.account), common | about


def _common(one: Combination) -> Context:
    found: Context = {
        "aws:securetransport": ("true",),
        "aws:viaawsservice": ("false",),
        "aws:requestedregion": (one.region,),
        "aws:currenttime": (NOW,),
        "aws:epochtime": (EPOCH,),
        "aws:useragent": ("docker/28",),
        "aws:resourceaccount": (one.owner,),
        **_organized("aws:resource", one.path(one.owner)),
    }
    if one.world.tag and one.level != "TOKEN":
        found |= {f"aws:resourcetag/{TAG}": (one.world.tag,), f"ecr:resourcetag/{TAG}": (one.world.tag,)}
    return found


def _of_identity(one: Combination, member: Member) -> Context:
    return {
        "aws:principalarn": (member.identity,),
        "aws:principalaccount": (member.account,),
        "aws:principalisawsservice": ("false",),
        **_organized("aws:principal", one.path(member.account)),
    }


def _organized(prefix: str, path: str) -> Context:
    return {prefix + "orgid": (path.partition("/")[0],), prefix + "orgpaths": (path,)} if path else {}


def _sources(one: Combination, member: Member) -> Iterator[Context]:
    """Return what a service adds about the resource that it acts for: one of the member's account, in this Region."""
    service = member.identity.partition(".")[0]
    kind = {"lambda": "function:", "codebuild": "project/"}[service]
    account: Context = {"aws:sourceaccount": (member.account,)}
    # Lambda sends the function's ARN, and no page says that it sends the account as well.
    # https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#configuration-images-xaccount-permissions
    accounts: list[Context] = [account, {}] if service == "lambda" else [account]
    for name, source in product(FUNCTIONS, accounts):
        yield source | {
            "aws:principalisawsservice": ("true",),
            "aws:principalservicename": (member.identity,),
            "aws:principalservicenameslist": (member.identity,),
            "aws:sourcearn": (f"arn:aws:{service}:{one.region}:{member.account}:{kind}{name}",),
            **_organized("aws:source", one.path(member.account)),
        }
