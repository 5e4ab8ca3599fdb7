"""An action of a policy must exist.

A statement names an action of ECR that does not exist, such as ``ecr:UploadLayerParts``, or a wildcard that stands for
no action. IAM accepts the policy, and the statement neither allows nor denies anything by that name.

Fix: the action that the finding suggests.

Not reported: an action that is known only at deploy time; the actions of other services, such as ``ecr-public``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.iam.ternary import Ternary
from ecr_access.iam.wildcards import has_wildcard, is_action_matched
from ecr_access.rules.access.ecr_actions import ACTIONS, AS_OF
from ecr_access.rules.finding import Rule, RuleFinding, Severity
from ecr_access.wording import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.documents.templates.template import Resource
    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.statements import Statement

_PREFIX: Final = "ecr:"
_ELEMENTS: Final = ("Action", "NotAction")


def _check(app: Application) -> Iterator[RuleFinding]:
    for holder, statement in (*app.statements, *_of_resource_policies(app)):
        for element in _ELEMENTS:
            for action in statement.document.get(element, ()):
                if action.lower().startswith(_PREFIX) and not _exists(action):
                    yield _finding(holder, f"{statement.path}.{element}", action)


def _of_resource_policies(app: Application) -> Iterator[tuple[Resource, Statement]]:
    return ((policy.resource, one) for policy in app.resource_policies for one in policy.statements)


def _exists(action: str) -> bool:
    """Whether it is an action, may be one, or is a wildcard for at least one."""
    return any(is_action_matched(action, f"{_PREFIX}{one}") is not Ternary.NO for one in ACTIONS)


def _finding(holder: Resource, path: str, action: str) -> RuleFinding:
    kind = "a wildcard for no action" if has_wildcard(action) else "no action"
    return RuleFinding(
        holder,
        path,
        f"names '{action}', which is {kind} of Amazon ECR as of {AS_OF}: the statement has no effect by it",
        f"name an action that exists{did_you_mean(action, [f'{_PREFIX}{one}' for one in ACTIONS])}",
    )


RULE: Final = Rule(
    "no-such-action",
    Severity.WARNING,
    "an action of Amazon ECR that a policy names exists",
    "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html",
    _check,
)
