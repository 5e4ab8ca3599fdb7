"""Who may assume a role.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.template import is_function
from ecr_access.iam.unknown_text import MARK
from ecr_access.rules.access.statements import is_whole, statements_of

if TYPE_CHECKING:
    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.identity import Identity

_TRUST: Final = "AssumeRolePolicyDocument"
# Whatever moves images by these roles gets a token by them: AWS's own policies and examples for each have it.
_SERVICES: Final = ("build.apprunner", "codebuild", "ec2", "ecs-tasks", "eks-fargate-pods", "pods.eks", "sagemaker")
# Lambda pulls the images of functions by itself, so that a role's pull actions are of no use, as in many a sample, or
# for API calls, which need no token; but code that pushes is a client of the registry.
_PUSHING: Final = (*_SERVICES, "lambda")
# The services that may assume the roles that SAM makes.
_BY_SAM: Final = {
    "AWS::Serverless::Function": "lambda.amazonaws.com",
    "AWS::Serverless::StateMachine": "states.amazonaws.com",
}


def may_do_without_token(what: str, identity: Identity, app: Application) -> bool:
    """Whether a service may assume a role that is not known to sign in by it, to ``pull`` or to ``push``.

    AWS HealthOmics is one that pulls without a token:
    https://docs.aws.amazon.com/omics/latest/dev/permissions-service.html
    """
    resource = identity.resource
    document = resource.properties.get(_TRUST)
    found = [*statements_of(document, app.resolver, resource.template, f"Properties.{_TRUST}")]
    if (document is not None and not is_whole(document)) or any(is_function(one.raw.get("Principal")) for one in found):
        return True
    services = [name for one in found if one.allows for name in one.principals.get("Service", ())]
    if document is None and resource.type in _BY_SAM:
        services.append(_BY_SAM[resource.type])
    return not all(map(_known(_PUSHING if what == "push" else _SERVICES).match, services))


def _known(services: tuple[str, ...]) -> re.Pattern[str]:
    """Write services as an expression; the suffix is another in some partitions, and may be AWS::URLSuffix."""
    return re.compile(rf"(?:{'|'.join(map(re.escape, services))})\.(?:amazonaws\.|{MARK})")
