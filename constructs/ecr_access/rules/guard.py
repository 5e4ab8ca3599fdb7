"""Keeps one rule's own error from stopping a synthesis, and the other rules."""

from __future__ import annotations

import traceback
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.template import Resource, Template
from ecr_access.rules.finding import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.rules.access.application import Application

_LONGEST: Final = 300

NOT_APPLIED: Final = Rule(
    "rule-not-applied",
    Severity.WARNING,
    "a rule that fails is told, and the others are applied all the same",
    "https://docs.aws.amazon.com/cdk/v2/guide/policy-validation-synthesis.html",
    lambda _: (),
)
"""What is reported in the place of a rule that raises; in no catalogue, as nothing of an app can break it."""


def guarded(rule: Rule, app: Application) -> Iterator[tuple[Rule, RuleFinding]]:
    """Yield where an app breaks a rule; if the rule raises, that it could not be applied, and to what."""
    try:
        for finding in rule.check(app):
            yield rule, replace(finding, problem=app.named(finding.problem), fix=app.named(finding.fix))
    except Exception as error:  # noqa: BLE001 -- whatever it is: it is ours, and not the user's
        yield NOT_APPLIED, _failure(rule, app, error)


def _failure(rule: Rule, app: Application, error: Exception) -> RuleFinding:
    resource = _read_last(error)
    to = f"'{resource.logical_id}'" if resource else "the app"
    return RuleFinding(
        resource or _any_of(app),
        "Properties",
        f"the rule {rule.id} could not be applied to {to}, nor to what comes after it: {type(error).__name__}: "
        f"{str(error)[:_LONGEST]}; all other rules were applied",
        "check by hand what the rule demands, that "
        f"{rule.title}, and report this error of cdk-ecr-access with the template",
    )


def _read_last(error: Exception) -> Resource | None:
    """Find the resource that was read when it was raised: the innermost one that a function had at hand."""
    for frame, _ in reversed([*traceback.walk_tb(error.__traceback__)]):
        for value in frame.f_locals.values():
            one = value if isinstance(value, Resource) else getattr(value, "resource", None)
            if isinstance(one, Resource):
                return one
    return None


def _any_of(app: Application) -> Resource:
    """Return a resource to report at: a report needs one."""
    found = next((one for template in app.templates for one in template.resources.values()), None)
    return found or Resource(app.templates[0] if app.templates else Template("", {}), "", "", {})
