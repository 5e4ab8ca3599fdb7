"""The causes that are recognised, the most telling first: the first whose words are in a text is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.diagnosis.causes.credentials import CREDENTIALS
from ecr_access.diagnosis.causes.declared import DECLARED
from ecr_access.diagnosis.causes.denied import DENIED
from ecr_access.diagnosis.causes.elsewhere import ELSEWHERE
from ecr_access.diagnosis.causes.images import IMAGES
from ecr_access.diagnosis.causes.lambda_images import LAMBDA
from ecr_access.diagnosis.causes.network import NETWORK
from ecr_access.diagnosis.causes.policies import POLICIES
from ecr_access.diagnosis.causes.public import PUBLIC
from ecr_access.diagnosis.causes.repositories import REPOSITORIES
from ecr_access.diagnosis.causes.roles import ROLES
from ecr_access.diagnosis.causes.sign_in import NOT_SIGNED_IN, SIGN_IN, SIGN_IN_FAILED
from ecr_access.diagnosis.causes.storage import STORAGE
from ecr_access.diagnosis.causes.throttling import THROTTLING
from ecr_access.diagnosis.causes.unclear import UNCLEAR

if TYPE_CHECKING:
    from ecr_access.diagnosis.cause import Cause

CAUSES: Final[tuple[Cause, ...]] = (
    *THROTTLING,
    *POLICIES,
    *DENIED,
    *ROLES,
    *DECLARED,
    *STORAGE,
    *LAMBDA,
    *PUBLIC,
    *SIGN_IN,
    *CREDENTIALS,
    *NOT_SIGNED_IN,
    *IMAGES,
    *REPOSITORIES,
    *NETWORK,
    *SIGN_IN_FAILED,
    *UNCLEAR,
    *ELSEWHERE,
)
