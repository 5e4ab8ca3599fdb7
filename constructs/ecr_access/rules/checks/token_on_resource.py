"""The token can be allowed on ``*`` only.

A statement allows the token on the ARN of a repository, alone or beside the actions of pulling and pushing. The
action has no resource type. IAM compares it with ``*``, so the statement never matches.

Fix: a statement of its own, on ``*``.

Not reported: a resource that is known only at deploy time, since it may be ``*``; a principal that gets the token by
another statement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.iam.actions import TOKEN_ACTION
from ecr_access.iam.ternary import Ternary
from ecr_access.rules.access.lacks import cause_of_value, restricted_to
from ecr_access.rules.finding import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.documents.templates.template import Resource
    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.statements import Statement

_FIX: Final = f"allow {TOKEN_ACTION} on '*', in a statement of its own"


def _check(app: Application) -> Iterator[RuleFinding]:
    for holder, statement in restricted(app):
        if _is_missed(holder, statement, app):
            cause = cause_of_value(restricted_to(statement), holder, statement, app)
            yield RuleFinding(holder, f"{statement.path}.Resource", problem_of(statement), _FIX, cause)


def restricted(app: Application) -> Iterator[tuple[Resource, Statement]]:
    """Yield the statements that allow the token on something narrower than ``*``, each with what holds it."""
    for holder, statement in app.statements:
        if restricted_to(statement):
            yield holder, statement


def problem_of(statement: Statement) -> str:
    """Say what is wrong with such a statement."""
    return f"{TOKEN_ACTION} is allowed on '{statement.resources[0]}' alone, where it has no effect"


def _is_missed(holder: Resource, statement: Statement, app: Application) -> bool:
    """Whether an identity that has a statement gets no token by another; an unknown one may not either.

    Amazon's own example has the token in both, and works:
    https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/docker-configuration.remote-repo.html
    """
    identities = app.holders_of(holder, statement)
    return not identities or any(one.may(TOKEN_ACTION, "*") is Ternary.NO for one in identities)


RULE: Final = Rule(
    "token-on-resource",
    Severity.ERROR,
    "ecr:GetAuthorizationToken is allowed on * and on nothing narrower",
    "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html",
    _check,
)
