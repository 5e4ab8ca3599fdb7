"""A repository should have a lifecycle policy.

Without one the repository keeps, and bills, every image that was ever pushed.

Fix: at least a rule for untagged images, which is the default of ``AccessibleRepository``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.template import NO_VALUE
from ecr_access.rules.finding import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.rules.access.application import Application

_EMPTY: Final = (None, "", NO_VALUE)


def _check(app: Application) -> Iterator[RuleFinding]:
    for repository in app.repositories:
        policy = repository.resource.properties.get("LifecyclePolicy", {})
        written = not isinstance(policy, dict) or any(
            policy.get(key) not in _EMPTY for key in policy if key != "RegistryId"
        )
        if not written:
            yield RuleFinding(
                repository.resource,
                "Properties.LifecyclePolicy",
                "has no lifecycle policy: every image that was ever pushed is kept and billed, and beyond the quota, "
                "100,000 by default, pushes are refused",
                "add a rule that expires what is not used, untagged images at least, as AccessibleRepository does by "
                "default: repository.add_lifecycle_rule(...)",
            )


RULE: Final = Rule(
    "no-lifecycle",
    Severity.WARNING,
    "a repository has a lifecycle policy",
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html",
    _check,
)
