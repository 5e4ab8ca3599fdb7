"""A principal that is granted a pull or push must not be denied it by the repository.

A policy of a role or user names a repository and an action of a pull or push. A statement of the policy of that
repository, or of its registry, certainly denies the action to it: by its name, by ``*``, or by a ``NotPrincipal`` that
does not list it. An explicit deny wins, and the call ends in 403.

Fix: leave the principal out of the deny, by ``ArnNotLike`` on ``aws:PrincipalArn``, or do not grant the action.

Not reported: a grant by a wildcard, of which a deny may be an exception; a deny under a condition that only a call can
tell; a role that pulls an image of the repository, which ``execution-role-cannot-pull`` is about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.iam.actions import AccessLevel
from ecr_access.iam.ternary import Ternary
from ecr_access.rules.access.pair import Pair
from ecr_access.rules.finding import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.identity import Identity
    from ecr_access.rules.access.statements import Statement

_ACTIONS: Final = AccessLevel.PULL_PUSH.required_actions
_GROUP: Final = "AWS::IAM::Group"  # the policy of a repository names none


def _check(app: Application) -> Iterator[RuleFinding]:
    pulled: dict[str, set[str]] = {}
    for image in app.images:
        pulled.setdefault(image.puller, set()).add(image.repository)
    for identity in app.identities:
        if identity.resource.type != _GROUP:
            yield from _findings(identity, pulled.get(identity.arn, set()) | pulled.get(identity.name, set()), app)


def _findings(identity: Identity, seen: set[str], app: Application) -> Iterator[RuleFinding]:
    """Report each repository once that no image is pulled from, at the first statement that grants in vain."""
    for holder, one in identity.granted:
        for arn in one.resources if one.allows else ():
            repository = app.repositories.of_arn(arn)
            if not repository or arn in seen:
                continue
            pair = Pair(app, identity, arn, repository)
            if denied := _denied(pair, one):
                seen.add(arn)
                yield RuleFinding(
                    holder,
                    f"{one.path}.Action",
                    f"{identity.label} is allowed {' and '.join(denied)} on '{repository.name}', whose repository or "
                    "registry policy denies it: an explicit deny wins, and the call ends in 403",
                    f"{pair.undenied(denied[0])}, by a condition ArnNotLike aws:PrincipalArn, or do not grant it",
                )


def _denied(pair: Pair, statement: Statement) -> list[str]:
    """Return the actions that a statement names and grants, and that a policy of the other side certainly denies."""
    granted = [one for one in _ACTIONS if one.lower() in statement.actions]
    return [one for one in granted if pair.identity.may(one, pair.arn) is Ternary.YES and pair.undenied(one)]


RULE: Final = Rule(
    "denied-by-repository",
    Severity.WARNING,
    "what a policy of a role or user grants on a repository is not denied by the policy of that repository",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html",
    _check,
)
