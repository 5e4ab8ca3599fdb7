"""An action of a policy must exist.

A statement names an action of ECR that does not exist, such as ``ecr:UploadLayerParts``, or a wildcard that stands for
no action. IAM accepts the policy, and the statement neither allows nor denies anything by that name.

Fix: the action that the finding suggests.

Not reported: an action that is known only at deploy time; the actions of other services, such as ``ecr-public``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.iam.wildcards import has_wildcard
from ecr_access.rules.access.action_names import exists, meant
from ecr_access.rules.access.ecr_actions import AS_OF
from ecr_access.rules.access.lacks import cause_of_value
from ecr_access.rules.finding import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.documents.templates.template import Resource
    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.statements import Statement

_ELEMENTS: Final = ("Action", "NotAction")


def _check(app: Application) -> Iterator[RuleFinding]:
    for holder, statement in (*app.statements, *_of_resource_policies(app)):
        for element in _ELEMENTS:
            for action in statement.document.get(element, ()):
                if not exists(action):
                    cause = cause_of_value(action, holder, statement, app)
                    yield RuleFinding(holder, f"{statement.path}.{element}", *_problem(action), cause)


def _of_resource_policies(app: Application) -> Iterator[tuple[Resource, Statement]]:
    return ((policy.resource, one) for policy in app.resource_policies for one in policy.statements)


def _problem(action: str) -> tuple[str, str]:
    """Say what is wrong, and the fix."""
    kind = "a wildcard for no action" if has_wildcard(action) else "no action"
    near = meant(action)
    other = f"'{near}'" if near else "an action that exists"
    return (
        f"the statement names '{action}', which is {kind} of Amazon ECR as of {AS_OF}: it has no effect by that name",
        f"name {other} in the place of '{action}'",
    )


RULE: Final = Rule(
    "no-such-action",
    Severity.WARNING,
    "an action of Amazon ECR that a policy names exists",
    "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html",
    _check,
)
