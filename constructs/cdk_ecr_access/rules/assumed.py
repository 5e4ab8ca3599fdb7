"""Who may assume a role.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cdk_ecr_access.rules.statements import statements_of

if TYPE_CHECKING:
    from cdk_ecr_access.rules.application import Application
    from cdk_ecr_access.rules.identity import Identity

_TRUST: Final = "AssumeRolePolicyDocument"
# Whatever pulls by these roles gets a token by them: AWS's own policies and examples for each have it.
_SERVICES: Final = ("build.apprunner", "codebuild", "ec2", "ecs-tasks", "eks-fargate-pods", "sagemaker")
# What follows is "amazonaws.com", in some partitions with more, or written as AWS::URLSuffix.
_SIGNING_IN: Final = tuple(f"{one}.{suffix}" for one in _SERVICES for suffix in ("amazonaws.com", "\ue000"))


def may_pull_without_token(identity: Identity, app: Application) -> bool:
    """Whether a service may assume a role that is not known to sign in by it.

    Lambda pulls the images of functions by itself, so that a role's pull actions are of no use, as in many a sample, or
    for API calls, which need no token. AWS HealthOmics pulls by its role without one:
    https://docs.aws.amazon.com/omics/latest/dev/permissions-service.html
    """
    resource = identity.resource
    document = resource.properties.get(_TRUST)
    found = statements_of(document, app.resolver, resource.template, f"Properties.{_TRUST}")
    return any(
        not name.startswith(_SIGNING_IN) for one in found if one.allows for name in one.principals.get("Service", ())
    )
