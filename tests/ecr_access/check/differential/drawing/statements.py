"""Draws statements, of each kind of policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.ecr_access.check.differential.drawing.conditions import condition, one_or_more
from tests.ecr_access.check.differential.world import (
    CODEBUILD,
    ELSEWHERE,
    HERE,
    LAMBDA,
    LEVELS,
    REPOSITORY,
    TAG,
    THERE,
    role,
    session,
    user,
)
from tests.ecr_access.check.fakes import PREFIX

if TYPE_CHECKING:
    from random import Random

    from tests.ecr_access.check.differential.rules.statements import Json

_EVERYTHING: Final = ("ecr:*", "*")
_ACTIONS: Final = (*LEVELS["PULL"], *LEVELS["PUSH"], "ecr:Batch*", "ecr:Get*", "ecr:batchgetimag?", "s3:*")
_RESOURCES: Final = (
    "*",
    REPOSITORY,
    PREFIX + "*",
    PREFIX + "other",
    f"arn:aws:ecr:*:*:repository/${{aws:PrincipalTag/{TAG}}}",
)
_DELETED: Final = "AROAIIIIIIIIIIIIIIIII"
LISTED: Final = (
    *(role(HERE, "ci"), role(HERE, "team/build"), user(HERE, "ann"), role(THERE, "ci"), role(THERE, "ci-1")),
    *(f"arn:aws:iam::{account}:root" for account in (HERE, THERE)),
    *(HERE, THERE, ELSEWHERE),
    *(session(role(account, "ci"), "one") for account in (HERE, THERE)),
    _DELETED,
)
_STARS: Final[tuple[object, ...]] = ("*", {"AWS": "*"}, {"AWS": "*", "Service": LAMBDA}, {"AWS": ["*"]})
_OF_ORGANIZATIONS: Final = ("aws:PrincipalOrgID", "aws:PrincipalOrgPaths")
_UNRELATED: Final[tuple[Json, ...]] = (
    {
        "Effect": "Allow",
        "Action": "s3:ListBucket",
        "Resource": "*",
        "Condition": {"StringLike": {"s3:prefix": "home/*"}},
    },
    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::a/${{aws:PrincipalTag/{TAG}}}"},
    {
        "Effect": "Deny",
        "Action": "s3:*",
        "Resource": "*",
        "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}},
    },
)


def own(random: Random, palette: tuple[str, ...], effect: str, *, conditional: float) -> Json:
    """Draw a statement of an identity policy, a boundary or a service control policy."""
    found: Json = {"Effect": effect, **_actions(random), "Resource": "*"}
    if random.random() < 0.3:
        found["Resource"] = one_or_more(random, _RESOURCES)
    if random.random() < 0.04:
        del found["Resource"]
        found["NotResource"] = one_or_more(random, (PREFIX + "other", REPOSITORY))
    if random.random() < conditional:
        found["Condition"] = condition(random, palette)
    return found


def unrelated(random: Random) -> Json:
    """Draw a statement about something else, with keys of its own."""
    return dict(random.choice(_UNRELATED))


def of_repository(random: Random, palette: tuple[str, ...], principal: str) -> Json:
    """Draw a statement of a repository policy."""
    effect = random.choice(("Allow", "Allow", "Deny"))
    element = "NotPrincipal" if random.random() < (0.25 if effect == "Deny" else 0.04) else "Principal"
    named = (_names if element == "NotPrincipal" else _principal)(random, principal)
    found: Json = {"Effect": effect, element: named, **_actions(random)}
    if random.random() < 0.1:
        found["Resource"] = one_or_more(random, _RESOURCES)
    if random.random() < 0.5:
        keys = _OF_ORGANIZATIONS if principal.startswith("o-") and random.random() < 0.6 else palette
        found["Condition"] = condition(random, keys)
    return found


def _actions(random: Random) -> Json:
    chance = random.random()
    if chance < 0.08:
        return {"NotAction": one_or_more(random, _ACTIONS)}
    return {"Action": random.choice(_EVERYTHING) if chance < 0.75 else one_or_more(random, _ACTIONS)}


def _principal(random: Random, principal: str) -> object:
    likely = 0.7 if principal.startswith("o-") else 0.35
    return random.choice(_STARS) if random.random() < likely else _names(random, principal)


def _names(random: Random, principal: str) -> object:
    """Draw names, often that of the requirement's principal."""
    chance = random.random()
    if principal.endswith(".amazonaws.com") and chance < 0.7:
        return {"Service": one_or_more(random, (principal, LAMBDA, CODEBUILD))}
    if chance < 0.5 and principal in LISTED:
        return {"AWS": _with_the_rest(random, principal)}
    return {"AWS": one_or_more(random, LISTED), **({"Service": LAMBDA} if chance > 0.95 else {})}


def _with_the_rest(random: Random, principal: str) -> Any:
    """List a principal, at times with its account and a session, as AWS asks of ``NotPrincipal``."""
    account = principal.split(":")[4] if ":" in principal else principal
    more = [account] if random.random() < 0.4 else []
    if more and ":role/" in principal and random.random() < 0.5:
        more.append(session(principal, "one"))
    return [principal, *more] if more else principal
