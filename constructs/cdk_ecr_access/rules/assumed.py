"""Who may assume a role.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cdk_ecr_access.rules.statements import statements_of
from cdk_ecr_access.rules.trusted import names_service

if TYPE_CHECKING:
    from cdk_ecr_access.rules.application import Application
    from cdk_ecr_access.rules.identity import Identity

_TRUST: Final = "AssumeRolePolicyDocument"
_LAMBDA: Final = "lambda.amazonaws.com"


def is_for_functions(identity: Identity, app: Application) -> bool:
    """Whether Lambda may assume a role, which pulls its functions' images by itself.

    The role's own pull actions are then of no use, as in many a sample, or are API calls, which need no token.
    """
    resource = identity.resource
    document = resource.properties.get(_TRUST)
    found = statements_of(document, app.resolver, resource.template, f"Properties.{_TRUST}")
    return any(one.allows and names_service(one, _LAMBDA) for one in found)
