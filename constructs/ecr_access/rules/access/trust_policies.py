"""Who may assume a role.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.template import is_function
from ecr_access.iam.ternary import Ternary, all_of, any_of
from ecr_access.iam.unknown_text import MARK, equal, is_mark
from ecr_access.rules.access.resource_policies import document_of
from ecr_access.rules.access.statements import is_whole, statements_of

if TYPE_CHECKING:
    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.identity import Identity
    from ecr_access.rules.access.statements import Statement

TRUST: Final = "AssumeRolePolicyDocument"
_ASSUME: Final = "sts:AssumeRole"
_SUFFIX: Final = "amazonaws.com"
# Whatever moves images by these roles gets a token by them: AWS's own policies and examples for each have it.
_SERVICES: Final = (
    *("bedrock-agentcore", "build.apprunner", "codebuild", "ec2", "ecs-tasks", "eks-fargate-pods", "pods.eks"),
    "sagemaker",
)
# Lambda pulls the images of functions by itself, so that a role's pull actions are of no use, as in many a sample, or
# for API calls, which need no token; but code that pushes, and so asks which layers are there, is a client of the
# registry. AWS's own roles for products of SageMaker upload by the API, and have no token.
_LAYERS_CHECKED: Final = "ecr:BatchCheckLayerAvailability"
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
    found = _statements(identity, app)
    if found is None:
        return True
    services = [name for one in found if one.allows for name in one.principals.get("Service", ())]
    if TRUST not in identity.resource.properties and identity.resource.type in _BY_SAM:
        services.append(_BY_SAM[identity.resource.type])
    may_be_client = what == "push" and _may(identity, _LAYERS_CHECKED)
    return not all(map(_known(_PUSHING if may_be_client else _SERVICES).match, services))


def trusts(identity: Identity, service: str, app: Application) -> Ternary:
    """Whether the trust policy of a role lets a service assume it: MAYBE under a condition.

    Args:
        identity: the role.
        service: its principal without the suffix, such as ``ecs-tasks``.
        app: that declares the role.
    """
    found = _statements(identity, app)
    if found is None or TRUST not in identity.resource.properties:
        return Ternary.MAYBE
    return any_of(_lets(one, service) for one in found if one.allows)


def trusted(identity: Identity, app: Application) -> list[str]:
    """Return the principals that the trust policy of a role names."""
    return [name for one in _statements(identity, app) or () for names in one.principals.values() for name in names]


def _may(identity: Identity, action: str) -> bool:
    """Whether a statement of an identity allows an action on anything, or may."""
    statements = [*(one for _, one in identity.granted), *identity.by_aws]
    return any(one.allows and one.names(action) is not Ternary.NO for one in statements)


def _lets(statement: Statement, service: str) -> Ternary:
    named = Ternary.MAYBE
    if "NotPrincipal" not in statement.raw:
        # A star is each principal, and what is not known may be one.
        stars = (Ternary.YES if one == "*" else _is_open(one) for one in statement.principals.get("AWS", ()))
        services = (_is_of(one, service) for one in statement.principals.get("Service", ()))
        named = any_of((*stars, *services))
    met = Ternary.MAYBE if "Condition" in statement.document else Ternary.YES
    return all_of((named, statement.names(_ASSUME), met))


def _is_open(name: str) -> Ternary:
    return Ternary.MAYBE if is_mark(name) else Ternary.NO


def _is_of(name: str, service: str) -> Ternary:
    """Whether a service principal is of a service; the suffix is another in some partitions."""
    return Ternary.YES if name == "*" or name.startswith(f"{service}.") else equal(name, f"{service}.{_SUFFIX}")


def _statements(identity: Identity, app: Application) -> list[Statement] | None:
    """Read the trust policy of a role; None if not all of it is known."""
    template, written = identity.resource.template, identity.resource.properties.get(TRUST)
    if written is None:
        return []
    document = document_of(written, app.resolver, template)
    found = [*statements_of(document, app.resolver, template, f"Properties.{TRUST}")]
    open_principal = any(is_function(one.raw.get("Principal")) for one in found)
    return found if is_whole(document) and not open_principal else None


def _known(services: tuple[str, ...]) -> re.Pattern[str]:
    """Write services as an expression; the suffix is another in some partitions, and may be AWS::URLSuffix."""
    return re.compile(rf"(?:{'|'.join(map(re.escape, services))})\.(?:amazonaws\.|{MARK})")
