"""A repository policy should say for which account a service acts.

The policy trusts a service without a source, so it also trusts the service when it acts for other accounts.

Fix: a condition on ``aws:SourceAccount`` or ``aws:SourceArn``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.template import is_function, listed, mapping
from ecr_access.rules.access.resource_policies import REPOSITORY_POLICY
from ecr_access.rules.finding import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.statements import Statement

_SOURCES: Final = frozenset({"aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths"})
_LAMBDA: Final = "lambda.amazonaws.com"


def _check(app: Application) -> Iterator[RuleFinding]:
    for policy in app.resource_policies:
        for one in policy.statements:
            services = one.principals.get("Service", ()) if policy.kind == REPOSITORY_POLICY else ()
            if one.allows and services and not _may_be_confined(one):
                yield RuleFinding(
                    policy.resource,
                    f"{one.path}.Condition",
                    f"the statement trusts the service '{services[0]}' for the resources of any account: it has no "
                    "condition on aws:SourceAccount, aws:SourceArn or aws:SourceOrgID",
                    _fix(services[0]),
                )


def _may_be_confined(statement: Statement) -> bool:
    written = (statement.raw.get("Condition"), *statement.condition.values())
    tests = [one for keys in statement.condition.values() for one in mapping(keys).items()]
    confined = any(key.lower() in _SOURCES and "*" not in listed(value) for key, value in tests)
    return confined or any(is_function(one) for one in written)


def _fix(service: str) -> str:
    if service == _LAMBDA:
        return (
            "add the condition StringLike aws:SourceArn arn:aws:lambda:REGION:ACCOUNT:function:*, as "
            "AccessibleRepository.grant_lambda_pull does"
        )
    return (
        "add the condition StringEquals aws:SourceAccount with the account that it acts for, as "
        "AccessibleRepository.grant_pull(iam.ServicePrincipal(...)) does"
    )


RULE: Final = Rule(
    "service-without-source",
    Severity.WARNING,
    "a repository policy that trusts a service has a condition on its source",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
    _check,
)
