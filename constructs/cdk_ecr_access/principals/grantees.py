"""Who is granted: a CDK grantee taken apart into the principals that IAM will see."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, cast

from aws_cdk import Fn
from aws_cdk import aws_iam as iam

from cdk_ecr_access.cdk.interfaces import asked, offers
from cdk_ecr_access.cdk.per_construct import per_construct
from cdk_ecr_access.cdk.stacks import registry_of, stack_of
from cdk_ecr_access.principals.by_class import MADE_HERE, account_of, arn_of, asked_once, is_itself
from cdk_ecr_access.principals.grantee import Grantee
from cdk_ecr_access.principals.texts import OWN_ACCOUNT, PART, named, text_with_tokens, written, written_here
from ecr_access.codes import Code
from ecr_access.iam.arns import is_account_id
from ecr_access.iam.principal_names import account_error
from ecr_access.iam.principals import Kind
from ecr_access.tokens import are_different, is_token
from ecr_access.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_cdk import Stack
    from constructs import IConstruct

_IAM_ARN: Final = re.compile(rf"^arn:{PART}:iam::(?P<account>{PART}):(?P<name>root$|role/|user/|group/|\$\{{)")
_ONE_TOKEN: Final = re.compile(r"\$\{[^}]*\}")
_UNRESOLVED: Final = "${"
_ORGANIZATION: Final = "aws:PrincipalOrgID"
# Only operators whose meaning the statement that is rendered keeps; keys are written in any case.
_SCOPE_KEYS: Final = {
    ("StringEquals", "aws:principalorgid"): Kind.ORGANIZATION,
    ("ForAnyValue:StringLike", "aws:principalorgpaths"): Kind.ORGANIZATIONAL_UNIT,
}


def grantees_of(grantee: iam.IGrantable | str, *, scope: IConstruct) -> tuple[Grantee, ...]:
    """Take a grantee apart, a composite into each of its principals; a text names one.

    Raises:
        ValueError: for a principal that ECR cannot be asked to trust, with the reason.
    """
    return principal_and_grantees(grantee, scope=scope)[1]


def principal_and_grantees(
    grantee: iam.IGrantable | str, *, scope: IConstruct
) -> tuple[iam.IPrincipal | str, tuple[Grantee, ...]]:
    """Take a grantee apart as ``grantees_of`` does, and return the principal behind it, a text as it is.

    Raises:
        ValueError: for a principal that ECR cannot be asked to trust, with the reason.
    """
    if isinstance(grantee, str):
        if not is_token(grantee):
            return grantee, (named(grantee),)
        return grantee, (_with_tokens(grantee, scope),)
    if isinstance(grantee, (iam.Policy, iam.ManagedPolicy)):
        raise Code.PRINCIPAL.error(
            f"cannot grant to policy {_path(grantee)}: a policy is not a principal, so its access cannot be verified; "
            "grant to the roles, users or groups that it is attached to"
        )
    principal = _principal_of(grantee)
    if type(principal) is iam.ServicePrincipal or isinstance(principal, MADE_HERE):
        return principal, _once(stack_of(scope), principal)
    return principal, _of(principal, scope, of=grantee)


def _with_tokens(text: str, scope: IConstruct) -> Grantee:
    resolved = text_with_tokens(text, scope=scope)
    if resolved == OWN_ACCOUNT:
        return Grantee(Kind.ACCOUNT, text, resolved)
    return _in_account(text, resolved, None, {})


@per_construct
def _once(stack: Stack, principal: iam.IPrincipal) -> tuple[Grantee, ...]:
    """Take a principal that never changes, and that many repositories may be granted to, apart once a stack."""
    return _of(principal, stack, of=principal)


def _of(principal: iam.IPrincipal, scope: IConstruct, *, of: object) -> tuple[Grantee, ...]:
    try:
        principals, conditions = _fragment(principal)
    except RuntimeError as error:
        if isinstance(principal, iam.UnknownPrincipal):
            why = "it has no known role; give the imported resource its role, or grant to the role itself"
        else:
            why = f"{error}; grant to each of its principals by itself"
        raise Code.PRINCIPAL.error(f"cannot grant to {_path(of) or type(principal).__name__}: {why}") from error
    if opaque := [operator for operator, keys in conditions.items() if not isinstance(keys, Mapping)]:
        raise Code.PRINCIPAL.error(
            f"cannot grant under condition '{opaque[0]}': its keys are a token; write them out, their values may be "
            "tokens"
        )
    found = [
        one
        for scheme, values in principals.items()
        for value in values
        for one in _one(scheme, value, _resolved(value, principal, scope), principal, conditions)
    ]
    return tuple(found)


def iam_principal_of(grantee: iam.IGrantable | str) -> iam.IPrincipal | str:
    """Return the principal behind a grantee, which most grantees are themselves."""
    return grantee if isinstance(grantee, str) else _principal_of(grantee)


def _principal_of(grantee: iam.IGrantable) -> iam.IPrincipal:
    return cast("iam.IPrincipal", grantee if is_itself(grantee) else asked(grantee, "grant_principal"))


def is_construct(principal: iam.IPrincipal | str) -> bool:
    """Whether a principal is in the construct tree; the CDK is asked only where its class does not tell."""
    return offers(principal, "node")


def is_foreign(grantee: Grantee, account: str) -> bool:
    """Whether a grantee is known to live in another account; doubt is left to the check."""
    return grantee.account is not None and are_different(grantee.account, account)


def _fragment(principal: iam.IPrincipal) -> tuple[Mapping[str, Sequence[str]], dict[str, Any]]:
    """Read how a policy names a principal, and under which conditions."""
    # Most principals are read in one crossing into the CDK's process, once, and the others in three.
    if type(principal) is iam.AccountPrincipal and is_account_id(account := asked_once(principal, "account_id")):
        return {"AWS": [account]}, {}
    if type(principal) is iam.OrganizationPrincipal:
        return {"AWS": ["*"]}, {"StringEquals": {_ORGANIZATION: asked_once(principal, "organization_id")}}
    if arn := arn_of(principal):
        return {"AWS": [arn]}, {}
    fragment = asked(principal, "policy_fragment")
    # The values stay tokens: resolved here, a value of another stack would lose the reference to it.
    return fragment.principal_json, dict(fragment.conditions)


def _home(principal: iam.IPrincipal, scope: IConstruct) -> Stack:
    """Return the stack to read a principal's names in: its own, unless that is known to be of another account.

    IAM is one for all Regions, but the CDK resolves the ARN of a role in another environment only if it is named, and
    takes one that is not written out for another.
    """
    stack = stack_of(scope)
    own = stack_of(cast("IConstruct", principal)) if is_construct(principal) else stack
    return stack if are_different(registry_of(own).account, registry_of(stack).account) else own


def _resolved(value: str, principal: iam.IPrincipal, scope: IConstruct) -> str:
    text = written_here(value)
    if not is_token(text):
        return text
    home = _home(principal, scope)
    # In its own stack, what an app makes is named by an attribute, which says no more than that.
    is_attribute = isinstance(principal, MADE_HERE) and value == arn_of(principal) and _ONE_TOKEN.fullmatch(value)
    return value if is_attribute and home is stack_of(cast("IConstruct", principal)) else written(home.resolve(value))


def _one(
    scheme: str, value: str, text: str, principal: iam.IPrincipal, conditions: dict[str, Any]
) -> Iterator[Grantee]:
    """Yield the principals that one entry of a policy fragment stands for; ``text`` is the value resolved."""
    if scheme == "Service":
        yield Grantee(Kind.SERVICE, value if _UNRESOLVED in text else text, conditions=conditions)
    elif scheme == "AWS" and text != "*":
        yield _in_account(value, text, principal, conditions)
    elif text == "*" and (named := _organizations_in(conditions)):
        yield from named
    else:
        raise Code.PRINCIPAL.error(
            f"cannot grant to {'' if text == '*' else f'{scheme} '}principal '{text}': a private repository trusts "
            "roles, users, accounts, organizations, organizational units and services; for all principals of an "
            "organization use OrganizationPrincipal, for all principals of a unit StarPrincipal with the condition "
            "ForAnyValue:StringLike aws:PrincipalOrgPaths"
        )


def _in_account(value: str, text: str, principal: iam.IPrincipal | None, conditions: dict[str, Any]) -> Grantee:
    """Read an account id, the ARN of an account's root, or of a role, user or group; given as a text, it is no more."""
    if text.isdigit():
        _refuse_account(text)
        return Grantee(Kind.ACCOUNT, text, text, conditions)
    match = _IAM_ARN.match(text)
    if match:
        _refuse_account(match["account"], of=text)
    if match and match["name"] == "root":
        account = match["account"]
        if _UNRESOLVED not in account:
            return Grantee(Kind.ACCOUNT, account, account, conditions)
        name = account_of(principal) or Fn.select(4, Fn.split(":", value))
        return Grantee(Kind.ACCOUNT, name, account, conditions)
    # A role of Role.customize_roles has no name before another team makes it. The CDK only writes a report for it.
    if match is None and _UNRESOLVED not in text and not isinstance(principal, MADE_HERE):
        raise Code.PRINCIPAL.error(
            f"cannot grant to '{text}': allowed: the ARN of an IAM role or user, such as "
            "'arn:aws:iam::111122223333:role/ci'; for a session, grant to its role"
        )
    if match and match["name"] == "group/" and not offers(principal, "group_name"):
        raise Code.PRINCIPAL.error(
            f"cannot grant to '{text}': no policy can name a group; "
            "grant to Group.from_group_name(...), whose policies are attached to it, or to a role"
        )
    known = match is not None and match["account"].isdigit()
    return Grantee(Kind.IAM_IDENTITY, value, match["account"] if match and known else account_of(principal), conditions)


def _refuse_account(account: str, *, of: str = "") -> None:
    """Refuse an account that is known and none."""
    if _UNRESOLVED not in account and (problem := account_error(account)):
        raise Code.PRINCIPAL.error(f"cannot grant to {quoted(of or account)}: account {problem}")


def _organizations_in(conditions: dict[str, Any]) -> list[Grantee]:
    """Read the organizations or units that conditions on ``*`` name; none if it is open to others."""
    for operator, keys in conditions.items():
        for key, names in keys.items():
            if kind := _SCOPE_KEYS.get((operator, key.lower())):
                rest = {**conditions, operator: {k: v for k, v in keys.items() if k != key}}
                others = {k: v for k, v in rest.items() if v}
                return [
                    Grantee(kind, name, conditions=others) for name in ([names] if isinstance(names, str) else names)
                ]
    return []


def _path(grantee: object) -> str:
    node = getattr(grantee, "node", None)
    return f"'{node.path}'" if node is not None else ""
