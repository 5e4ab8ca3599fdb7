"""A principal that may pull or push must be able to sign in.

A role or user may move images: it has ``BatchGetImage`` with ``GetDownloadUrlForLayer``, or ``PutImage`` with
``UploadLayerPart``. It cannot get ``ecr:GetAuthorizationToken`` on ``*``: no statement allows it, a statement denies
it, or the permissions boundary leaves it out. ``docker login`` ends in 403, and so does each pull and push.

Fix: ``ecr.AuthorizationToken.grant_read(role)``. A grant of ``AccessibleRepository`` renders both.

Not reported: a group, since its members may get the token elsewhere; a role that creates Lambda functions, which
reads images without a token; a role of Lambda that only pulls, or that pushes and asks for no layers; a role of a
service that is not known to sign in.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ecr_access.iam.actions import TOKEN_ACTION
from ecr_access.iam.ternary import Ternary
from ecr_access.iam.unknown_text import MARK
from ecr_access.rules.access.lacks import cause_of_lack
from ecr_access.rules.access.trust_policies import may_do_without_token
from ecr_access.rules.finding import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.documents.templates.template import Resource
    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.identity import Identity
    from ecr_access.rules.access.statements import Statement

_MOVES: Final = {
    # One action is also what a program reads manifests with; who gets layers, or puts images, is a registry client.
    "pull": ("ecr:batchgetimage", "ecr:getdownloadurlforlayer"),
    "push": ("ecr:putimage", "ecr:uploadlayerpart"),
}

_DEPLOYS: Final = ("lambda:CreateFunction", "lambda:UpdateFunctionCode")
_GROUP: Final = "AWS::IAM::Group"  # its members may get the token elsewhere
# What else holds none of Amazon ECR: an action such as "*" on a bucket moves no image.
_OF_ECR: Final = re.compile(f"[*]+|arn:(?:{MARK}|[^:])*:(?:ecr|[*]).*|arn:[*].*")


def _check(app: Application) -> Iterator[RuleFinding]:
    for identity in app.identities:
        if identity.resource.type == _GROUP or identity.may(TOKEN_ACTION, "*") is not Ternary.NO:
            continue
        for what, actions in _MOVES.items():
            if (what == "pull" and _creates_functions(identity)) or may_do_without_token(what, identity, app):
                continue
            if found := _statement(identity, actions):
                holder, statement = found
                yield RuleFinding(
                    holder,
                    statement.path,
                    f"{identity.label} may {what}, but not {TOKEN_ACTION} on '*': every {what} ends in 403",
                    _fix(identity, what),
                    cause_of_lack(identity, [(TOKEN_ACTION, "*")], app),
                )
                break


def _fix(identity: Identity, what: str) -> str:
    if fix := identity.undenied(TOKEN_ACTION, "*"):
        return fix
    if identity.is_bounded(TOKEN_ACTION, "*"):
        return f"allow {TOKEN_ACTION} on '*' in the permissions boundary of the {identity.kind} too"
    grant = f"AccessibleRepository.grant_{what}({identity.kind})"
    return (
        f"allow {TOKEN_ACTION} on '*' in a statement of its own; in the CDK, "
        f"ecr.AuthorizationToken.grant_read({identity.kind}), or {grant}, which renders both"
    )


def _statement(identity: Identity, actions: tuple[str, ...]) -> tuple[Resource, Statement] | None:
    """Find a statement that, by itself or with others, certainly allows all of some actions on something."""
    certain = [(holder, one) for holder, one in identity.granted if _is_certain(one)]
    first, *others = actions
    for holder, one in certain:
        if one.names(first) is Ternary.YES and not _is_denied(identity, one, actions):
            beside = [two for _, two in certain if two is one or _is_on_the_same(one, two)]
            if all(any(two.names(action) is Ternary.YES for two in beside) for action in others):
                return holder, one
    return None


def _is_denied(identity: Identity, statement: Statement, actions: tuple[str, ...]) -> bool:
    """Whether one of its actions is denied on each of its resources, or left out by a permissions boundary."""
    return all(
        any(identity.undenied(action, arn) or identity.is_bounded(action, arn) for action in actions)
        for arn in statement.resources or ("*",)
    )


def _is_certain(statement: Statement) -> bool:
    """Whether it certainly allows its actions, on what is of Amazon ECR."""
    named = bool(statement.actions) and all(action.startswith("ecr:") for action in statement.actions)
    of_ecr = named or any(map(_OF_ECR.fullmatch, statement.resources))
    return statement.allows and not statement.condition and of_ecr


def _is_on_the_same(one: Statement, other: Statement) -> bool:
    found = [other.is_on(arn) for arn in one.resources] + [one.is_on(arn) for arn in other.resources]
    return Ternary.YES in found


def _creates_functions(identity: Identity) -> bool:
    """Whether it may deploy with Lambda, which demands that it can read the image, and then pulls by itself."""
    statements = [*(one for _, one in identity.granted), *identity.by_aws]
    return any(one.allows and one.names(action) is not Ternary.NO for one in statements for action in _DEPLOYS)


RULE: Final = Rule(
    "token-missing",
    Severity.ERROR,
    "a principal that may pull or push also has ecr:GetAuthorizationToken on *",
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html",
    _check,
)
