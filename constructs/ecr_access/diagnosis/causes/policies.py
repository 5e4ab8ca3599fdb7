"""403: another policy forbids it, whatever the principal's own policies allow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.diagnosis import pages, wording
from ecr_access.diagnosis.cause import Cause, sign
from ecr_access.diagnosis.causes import policy_steps
from ecr_access.diagnosis.kinds import ErrorKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from ecr_access.diagnosis.cause import Step
    from ecr_access.diagnosis.reading import Reading

_REFUSED: Final = r"not authorized to perform:?\s*(?:ecr|ecr-public):[^\n]{0,700}?"
_BUCKET: Final = (
    r"not authorized to perform:?\s*s3:GetObject on resource:?[^\n]{0,60}starport-layer-bucket[^\n]{0,300}?"
)


def whose(r: Reading) -> str:
    """Return who was refused what, on what."""
    return f"{r.role or 'the caller'} may not {r.action or 'do this'}" + (
        f" on {r.repository}" if r.repository and "GetAuthorizationToken" not in (r.action or "") else ""
    )


def _policy(
    name: str, words: str, *, title: str, meaning: str, page: str, steps: Callable[[Reading], tuple[Step, ...]]
) -> Cause:
    return Cause(
        name=name,
        error=ErrorKind.DENIED,
        signs=(sign(_REFUSED + words),),
        summary=lambda r: f"{whose(r)}: {title}" + (f" ({r.policy})" if r.policy else ""),
        meaning=meaning,
        steps=steps,
        page=page,
    )


_DENY: Final = r"with an explicit deny in an? "

POLICIES: Final = (
    _policy(
        "organization-policy",
        rf"(?:{_DENY}(?:service|resource) control policy|because no (?:service|resource) control policy allows)",
        title="a policy of the organization denies it",
        meaning="A service control policy (or a resource control policy) stands above every policy of the account.",
        page=pages.DENIED,
        steps=policy_steps.organization,
    ),
    _policy(
        "permissions-boundary",
        rf"(?:{_DENY}permissions boundary|because no permissions boundary allows)",
        title="the role's permissions boundary does not allow it",
        meaning="A boundary limits what the role's own policies can give.",
        page=pages.BOUNDARY,
        steps=policy_steps.boundary,
    ),
    _policy(
        "endpoint-policy",
        rf"(?:{_DENY}VPC endpoint policy|because no VPC endpoint policy allows)",
        title="the policy of a VPC endpoint does not allow it",
        meaning="The call went through a VPC endpoint, whose own policy must allow it too.",
        page=pages.ENDPOINTS,
        steps=policy_steps.endpoint,
    ),
    Cause(
        name="layer-bucket",
        error=ErrorKind.DENIED,
        signs=(sign(_BUCKET), sign(r"starport-layer-bucket[^\n]{0,600}?(?:403 Forbidden|AccessDenied)")),
        summary=lambda r: f"the layers of the image lie in a bucket of ECR's{wording.region(r)}, which was refused",
        meaning="ECR stores layers in S3. The S3 gateway endpoint of the VPC has a policy that leaves ECR's bucket "
        "out, or a presigned address was used too late.",
        steps=policy_steps.endpoint,
        page=pages.ENDPOINTS,
    ),
    _policy(
        "session-policy",
        rf"(?:{_DENY}session policy|because no session policy allows)",
        title="the session's own policy does not allow it",
        meaning="The role was assumed with a session policy, which can only take away.",
        page=pages.DENIED,
        steps=policy_steps.session,
    ),
    _policy(
        "repository-policy-deny",
        rf"{_DENY}resource-based policy",
        title="the repository policy denies it explicitly",
        meaning="An explicit deny wins over every allow.",
        page=pages.REPOSITORY_POLICY,
        steps=policy_steps.repository_deny,
    ),
    _policy(
        "explicit-deny",
        r"with an explicit deny",
        title="one of its own policies denies it explicitly",
        meaning="An explicit deny wins over every allow.",
        page=pages.DENIED,
        steps=policy_steps.own_deny,
    ),
)
