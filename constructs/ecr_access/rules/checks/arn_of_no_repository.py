"""The resource of a statement about ECR must be the ARN of a repository.

A statement names the URI or the name of a repository in the place of its ARN, or an ARN that no repository has: without
``repository/``, with the URI after it, with a tag or digest, with an uppercase letter, without account or Region. IAM
refuses a resource that is no ARN when the policy is deployed. An ARN that no repository has never matches, so that the
statement has no effect on it.

Fix: ``repository.repository_arn``, or ``Fn::GetAtt`` of ``Arn``.

Not reported: parts that are known only at deploy time; an ARN of fewer parts, whose last ``*`` may stand for
the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.rules.access.ecr_resources import wrong_resource
from ecr_access.rules.access.lacks import cause_of_value
from ecr_access.rules.access.resource_policies import REGISTRY_POLICY
from ecr_access.rules.finding import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.rules.access.application import Application

_FIX: Final = (
    "name 'arn:PARTITION:ecr:REGION:ACCOUNT:repository/NAME', in the CDK repository.repository_arn, in a template "
    "Fn::GetAtt of the repository's Arn"
)


def _check(app: Application) -> Iterator[RuleFinding]:
    registries = [one for one in app.resource_policies if one.kind == REGISTRY_POLICY]
    statements = [*app.statements, *((one.resource, it) for one in registries for it in one.statements)]
    for holder, statement in statements:
        for resource in statement.resources:
            if wrong := wrong_resource(resource, statement, app):
                yield RuleFinding(
                    holder,
                    f"{statement.path}.Resource",
                    f"the statement names '{resource}', {wrong}",
                    _FIX,
                    cause_of_value(resource, holder, statement, app),
                )


RULE: Final = Rule(
    "arn-of-no-repository",
    Severity.WARNING,
    "the resource of a statement about repositories is the ARN of one, or a pattern for some",
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/security_iam_service-with-iam.html",
    _check,
)
