"""403: no policy allows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.diagnosis import cdk_lines, commands, pages, services, statements, wording
from ecr_access.diagnosis.cause import Belongs, Cause, Step, sign
from ecr_access.diagnosis.causes.policies import whose
from ecr_access.diagnosis.kinds import ErrorKind
from ecr_access.iam.actions import TOKEN_ACTION, AccessLevel

if TYPE_CHECKING:
    from ecr_access.diagnosis.reading import Reading

_REFUSED: Final = (sign(r"not authorized to perform:?\s*ecr:[A-Za-z]{1,60}"),)
_IMPORTS: Final = ("BatchImportUpstreamImage", "CreateRepository")
_LEVELS: Final = frozenset({*AccessLevel.PULL_PUSH.actions, *AccessLevel.READ.actions})


def _two_accounts(r: Reading) -> bool:
    """Whether the repository is another account's; where that is masked, AWS's naming the repository policy tells."""
    return r.other_account or (r.side == "resource-based" and not (r.account and r.principal_account))


def _sides(r: Reading) -> str:
    missing = {"resource-based": "the repository policy does not allow it", "identity-based": "its own policies do not"}
    return f"{missing[r.side]}; " if r.side else ""


def _cross_account(r: Reading) -> tuple[Step, ...]:
    return (
        Step(f"In the app that declares the repository, in account {commands.account(r)}:", cdk_lines.granted(r)),
        statements.repository(r),
        Step(
            f"In account {r.principal_account or 'of the principal'}, its own policies must allow the same, and the "
            f"token.",
            cdk_lines.granted_token(r),
        ),
        statements.identity(r),
        Step(
            "If that account was not meant: sign in to the repository's account, and see who you are.",
            commands.WHO_AM_I,
        ),
        Step("Prove it, with credentials of the principal's account.", commands.check(r)),
    )


def _same_account(r: Reading) -> tuple[Step, ...]:
    return (
        Step("In the CDK app:", cdk_lines.granted(r)),
        statements.identity(r),
        Step("Deploy, and prove it; the answer names the policy that is missing.", commands.check(r)),
    )


def _is_cut(r: Reading) -> bool:
    """Whether the action is the beginning of one: Fargate ends a reason after 255 characters, wherever that is."""
    name = (r.action or "").removeprefix("ecr:")
    known = services.OPERATIONS | services.SHARED_OPERATIONS
    return name not in known and any(one.startswith(name) for one in known)


def _other_action(r: Reading) -> tuple[Step, ...]:
    return (
        Step(
            f"Pulling and pushing do not need {r.action or 'this action'}: see whether the tool can leave it out "
            "(creating repositories, reading policies, scanning)."
        ),
        Step("If it is needed, allow it by itself:", cdk_lines.allowed(r, (r.action or "ACTION").removeprefix("ecr:"))),
        statements.one_action(r, "Or as a statement of the principal's own policies:"),
        Step("What you want of the repository is better declared than done by a pipeline.", cdk_lines.declared(r)),
    )


DENIED: Final = (
    Cause(
        name="token-not-allowed",
        error=ErrorKind.DENIED,
        signs=(sign(r"not authorized to perform:?\s*ecr:GetAuthorizationToken"),),
        summary=lambda r: f"{r.role or 'the caller'} may not {TOKEN_ACTION}, so it cannot sign in to the registry",
        meaning="The action has no resource: it must be allowed on *, in a policy of the principal itself, in a "
        "statement of its own. A repository policy cannot allow it.",
        steps=lambda r: (
            Step("In the CDK app:", cdk_lines.granted_token(r)),
            Step(
                "Or in a policy of the principal:",
                statements.token(),
            ),
            Step("Try it as that principal.", commands.token(r)),
        ),
        page=pages.SIGN_IN,
    ),
    Cause(
        name="public-token-not-allowed",
        error=ErrorKind.DENIED,
        signs=(
            sign(r"not authorized to perform:?\s*ecr-public:[A-Za-z]{1,60}"),
            sign(r"not authorized to perform:?\s*sts:GetServiceBearerToken", Belongs.WITH_PUBLIC),
        ),
        summary=lambda r: f"{whose(r)}, which the public registry, public.ecr.aws, asks for",
        meaning="Signing in to the public registry takes ecr-public:GetAuthorizationToken and "
        "sts:GetServiceBearerToken, both on *. The permissions of a private registry do not help.",
        steps=lambda r: (
            Step(
                "In the CDK app:",
                f"{cdk_lines.granted_token(r).splitlines()[0]}\necr.PublicGalleryAuthorizationToken.grant_read(principal)",
            ),
            Step(
                "Or as a statement of the principal's own policies:",
                statements.allow(["ecr-public:GetAuthorizationToken", "sts:GetServiceBearerToken"], "*"),
            ),
            Step("Try it as that principal. The API is in us-east-1 alone.", commands.sign_in_public()),
        ),
        page=pages.PUBLIC_SIGN_IN,
        when=lambda r: bool(r.action and r.action.startswith(("ecr-public:", "sts:"))),
    ),
    Cause(
        name="cache-not-allowed",
        error=ErrorKind.DENIED,
        signs=(sign(r"not authorized to perform:?\s*ecr:(?:BatchImportUpstreamImage|CreatePullThroughCacheRule)"),),
        summary=lambda r: (
            f"{whose(r)}: the first pull of an image through the cache imports it, which takes more than a pull"
        ),
        meaning="A pull through cache rule makes the repository and imports the image at its first pull.",
        steps=lambda r: (
            Step(
                "Allow the principal the import, and the creation of repositories below the rule's prefix:",
                cdk_lines.allowed(r, *_IMPORTS),
            ),
            Step(
                "Or as a statement of the principal's own policies:",
                statements.allow([f"ecr:{one}" for one in _IMPORTS], statements.where(r)),
            ),
            Step("See the rules.", f"aws ecr describe-pull-through-cache-rules --region {commands.region(r)}"),
        ),
        page=pages.CACHE,
    ),
    Cause(
        name="cross-account",
        error=ErrorKind.DENIED,
        signs=_REFUSED,
        summary=lambda r: f"{whose(r)}{wording.place(r)}: {_sides(r)}across accounts both sides must allow it",
        meaning="The repository policy must name the principal, or its account, and the principal's own policies "
        "must allow the actions and the token.",
        steps=_cross_account,
        page=pages.REPOSITORY_POLICY,
        when=_two_accounts,
    ),
    Cause(
        name="action-not-allowed",
        error=ErrorKind.DENIED,
        signs=_REFUSED,
        summary=lambda r: f"{whose(r)}: no policy allows it",
        meaning="Within one account it is enough that the principal's own policies allow it, or that the repository "
        "policy names the principal.",
        steps=_same_account,
        page=pages.PUSH,
        when=lambda r: r.action in _LEVELS,
    ),
    Cause(
        name="other-action-not-allowed",
        error=ErrorKind.DENIED,
        signs=_REFUSED,
        summary=lambda r: f"{whose(r)}: no policy allows it, and neither pulling nor pushing needs it",
        meaning="A tool does more than to pull and push.",
        steps=_other_action,
        page=pages.DENIED,
        when=lambda r: not _is_cut(r),
    ),
)
