"""A repository policy should name only principals that are there for certain.

The policy names a role of its own template by a text, and nothing makes the repository wait for the role.
CloudFormation may make the repository first. ECR then answers ``Principal not found``, and the deployment fails. Or the
policy names a session of a role: ECR may refuse it, and no other session gets the access.

Fix: ``Fn::GetAtt`` of the role's ``Arn``, or ``DependsOn``; for a session, its role.

Not reported: a role of another template; one in a creation template, which puts its policy later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.references import REPOSITORY
from ecr_access.documents.templates.template import mapping
from ecr_access.rules.access.dependencies import comes_after
from ecr_access.rules.access.refused_principals import is_session, refused
from ecr_access.rules.access.resource_policies import REPOSITORY_POLICY
from ecr_access.rules.finding import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.resource_policies import ResourcePolicy


def _check(app: Application) -> Iterator[RuleFinding]:
    for policy in app.resource_policies:
        if policy.kind == REPOSITORY_POLICY:
            for one in policy.statements:
                for element in ("Principal", "NotPrincipal"):
                    for name in mapping(one.document.get(element)).get("AWS", ()):
                        if told := _not_there(name, policy, app):
                            yield RuleFinding(policy.resource, f"{one.path}.{element}", *told)


def _not_there(name: str, policy: ResourcePolicy, app: Application) -> tuple[str, str] | None:
    """Say why a principal may not be there, and what to do; None if nothing tells so."""
    if is_session(name) and not refused(name):
        problem = f"'{name}', a principal of the repository policy, is one session: ECR may refuse the policy, and no "
        return f"{problem}other session of that role gets the access", "name the role by its ARN"
    if policy.resource.type != REPOSITORY:
        return None
    identity = app.identities.of_arn(name)
    if identity is None or identity.resource.template != policy.resource.template:
        return None
    if comes_after(policy.resource, identity.resource):
        return None
    repository, made = policy.resource.logical_id, identity.resource.logical_id
    problem = (
        f"{identity.label}, a principal of the repository policy, is named by the text '{name}', and nothing makes "
        f"{repository} wait for {made}: where CloudFormation makes {repository} first, ECR answers 'Principal not "
        "found'"
    )
    fix = f"name it by Fn::GetAtt {made}.Arn, or write DependsOn: {made}"
    if comes_after(identity.resource, policy.resource):
        fix += f"; {made} waits for {repository} now, so move the policy that refers to it into an AWS::IAM::Policy"
    return problem, fix


RULE: Final = Rule(
    "principal-not-there",
    Severity.WARNING,
    "a repository policy names principals that are there when it is put",
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html",
    _check,
)
