"""A statement of a repository policy must not have a ``Resource``.

A statement has ``Resource`` or ``NotResource``. ECR answers ``Invalid repository policy provided``.

Fix: remove the element.

Not reported: the policy of a registry, which needs the element.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.template import NO_VALUE, is_function
from ecr_access.rules.access.resource_policies import REPOSITORY_POLICY
from ecr_access.rules.finding import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.rules.access.application import Application

_ELEMENTS: Final = ("Resource", "NotResource")


def _check(app: Application) -> Iterator[RuleFinding]:
    for policy in app.resource_policies:
        if policy.kind != REPOSITORY_POLICY:  # a registry policy needs the element
            continue
        for one in policy.statements:
            for element in _ELEMENTS:
                value = one.raw.get(element, NO_VALUE)
                if value == NO_VALUE or (is_function(value) and "Fn::If" in value):
                    continue
                named = app.resolver.texts(value, policy.resource.template)
                yield RuleFinding(
                    policy.resource,
                    f"{one.path}.{element}",
                    f"the statement has the element {element} ({_quoted(named)}), and ECR refuses a repository policy "
                    "that has it: 'Invalid repository policy provided'",
                    f"leave {element} out of the statement: the policy is about its own repository and no other",
                )


def _quoted(names: list[str]) -> str:
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return f"'{names[0]}'{more}" if names else "empty"


RULE: Final = Rule(
    "resource-in-repository-policy",
    Severity.ERROR,
    "a repository policy has no element Resource",
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html",
    _check,
)
