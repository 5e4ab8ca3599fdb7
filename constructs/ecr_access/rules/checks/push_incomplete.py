"""A principal that pushes needs every action of a push.

A role or user may sign in and may do some of what ``docker push`` calls, and lacks ``InitiateLayerUpload``,
``UploadLayerPart``, ``CompleteLayerUpload``, ``BatchCheckLayerAvailability`` or ``PutImage``. The push of an image with
a new layer ends in 403.

Fix: ``AccessibleRepository.grant_push``, or add the action.

Not reported: a principal that may upload no layer, since it only retags images; an action that the policy of the
repository allows; a principal with a managed policy that is not at hand; ``BatchGetImage``, which
``push-without-batch-get-image`` is about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.unknowns import shown
from ecr_access.iam.actions import TOKEN_ACTION, AccessLevel
from ecr_access.iam.ternary import Ternary
from ecr_access.rules.access.lacks import cause_of_lack
from ecr_access.rules.access.pair import is_trusted, repositories_of
from ecr_access.rules.finding import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.identity import Identity

_LAYERS: Final = frozenset({"ecr:CompleteLayerUpload", "ecr:InitiateLayerUpload", "ecr:UploadLayerPart"})
_PUT: Final = "ecr:PutImage"
_READ: Final = "ecr:BatchGetImage"
_ACTIONS: Final = tuple(one for one in AccessLevel.PUSH.required_actions if one != _READ)
_GROUP: Final = "AWS::IAM::Group"  # its members may get the rest elsewhere
_ENOUGH: Final = 2


def _check(app: Application) -> Iterator[RuleFinding]:
    for identity in app.identities:
        if identity.resource.type != _GROUP and identity.may(TOKEN_ACTION, "*") is Ternary.YES:
            yield from _findings(identity, app)


def _findings(identity: Identity, app: Application) -> Iterator[RuleFinding]:
    """Report each set of actions that is lacking once, at the first statement that allows some of the others."""
    seen: set[tuple[str, ...]] = set()
    for holder, one in identity.granted:
        if not one.allows or all(one.names(action) is Ternary.NO for action in _ACTIONS):
            continue
        for resource in one.resources:
            arn = repositories_of(resource)
            lacking = _lacking(identity, arn, app) if arn else ()
            if lacking and lacking not in seen:
                seen.add(lacking)
                yield RuleFinding(
                    holder,
                    f"{one.path}.Action",
                    f"{identity.label} may sign in and push to '{resource}', but not {' and '.join(lacking)}: the push "
                    "of an image with a new layer ends in 403",
                    _fix(identity, resource, arn, lacking),
                    cause_of_lack(identity, [(action, arn) for action in lacking], app),
                )


def _fix(identity: Identity, resource: str, arn: str, lacking: tuple[str, ...]) -> str:
    if undenied := next(filter(None, (identity.undenied(action, arn) for action in lacking)), ""):
        return undenied
    if any(identity.is_bounded(action, arn) for action in lacking):
        return f"allow the actions in the permissions boundary of the {identity.kind} too"
    grant = f"AccessibleRepository.grant_push({identity.kind})"
    return (
        f"allow {' and '.join(lacking)} on '{shown(resource)}' too; in the CDK, {grant} renders all actions of a push"
    )


def _lacking(identity: Identity, arn: str, app: Application) -> tuple[str, ...]:
    """Return the actions that an identity, which certainly pushes there, certainly lacks on some repositories."""
    may = {action: identity.may(action, arn) for action in _ACTIONS}
    certain = {action for action, one in may.items() if one is Ternary.YES}
    # PutImage and no layer is what a role has that retags; one action of layers alone may be there for another reason.
    if not certain & _LAYERS or len(certain & {*_LAYERS, _PUT}) < _ENOUGH:
        return ()
    lacking = (action for action, one in may.items() if one is Ternary.NO)
    return tuple(action for action in lacking if not is_trusted(identity, action, arn, app))


RULE: Final = Rule(
    "push-incomplete",
    Severity.WARNING,
    "a principal that signs in and pushes has every action of a push",
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html",
    _check,
)
