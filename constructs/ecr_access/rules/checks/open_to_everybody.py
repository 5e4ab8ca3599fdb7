"""A repository must not be open to every AWS account.

The policy of a repository or registry allows a pull or push to every principal of every account. Its principal is
``*``, or ``NotPrincipal`` excludes only a few, and no condition restricts it. A condition does not count if any
caller can meet it, such as ``aws:SecureTransport``, ``aws:UserAgent``, or an ``aws:PrincipalArn`` of any account.

Fix: name the principals, or add ``aws:PrincipalOrgID``. Public images belong in Amazon ECR Public.

Not reported: a policy with a statement that denies the other accounts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.iam.public_access import is_public, may_exempt_some
from ecr_access.iam.ternary import Ternary
from ecr_access.rules.access.statements import is_whole
from ecr_access.rules.finding import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.resource_policies import ResourcePolicy
    from ecr_access.rules.access.statements import Statement

_MOVES: Final = {
    "pull": ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"),
    "push": ("ecr:PutImage", "ecr:UploadLayerPart", "ecr:ReplicateImage"),
}


def _check(app: Application) -> Iterator[RuleFinding]:
    for policy in app.resource_policies:
        for one in policy.statements:
            moves = [what for what, actions in _MOVES.items() if any(_lets(one, it, policy) for it in actions)]
            if moves and is_public(one.document):
                yield RuleFinding(
                    policy.resource,
                    f"{one.path}.Principal",
                    f"a {policy.kind} lets every principal, of every account, {' and '.join(moves)}: {_whom(one)}"
                    f"{_under(one)}",
                    "name the principals that may, such as iam.AccountPrincipal(...), or add a condition such as "
                    "StringEquals aws:PrincipalOrgID; images for the public belong in Amazon ECR Public",
                )


def _lets(statement: Statement, action: str, policy: ResourcePolicy) -> bool:
    """Whether a statement certainly allows an action, and no other takes it from those who are not meant."""
    denying = [one for one in policy.statements if not one.allows and one.names(action) is not Ternary.NO]
    certain = is_whole(policy.document) and not any(may_exempt_some(one.document) for one in denying)
    return certain and statement.allows and statement.names(action) is Ternary.YES


def _whom(statement: Statement) -> str:
    return (
        "NotPrincipal excludes only the few that it names"
        if "NotPrincipal" in statement.raw
        else "the principal is '*'"
    )


def _under(statement: Statement) -> str:
    keys = sorted({str(key) for keys in statement.condition.values() if isinstance(keys, dict) for key in keys})
    return f" under a condition on {', '.join(keys)}, which every caller can meet" if keys else ", without a condition"


RULE: Final = Rule(
    "open-to-everybody",
    Severity.ERROR,
    "no policy of a repository or registry allows every AWS account to pull or push",
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html",
    _check,
)
