"""All rules, in the order in which they are reported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cdk_ecr_access.rules.each import token_missing, token_on_resource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cdk_ecr_access.rules.application import Application
    from cdk_ecr_access.rules.finding import Finding, Rule

RULES: Final[tuple[Rule, ...]] = (
    token_missing.RULE,
    token_on_resource.RULE,
)


def findings_of(app: Application) -> Iterator[tuple[Rule, Finding]]:
    """Yield where an app breaks a rule, rule by rule."""
    for rule in RULES:
        for finding in rule.check(app):
            yield rule, finding
