"""The token is allowed by the principal's own policies, never by a repository's.

The policy of a repository, a registry or a creation template names the token. The token belongs to no repository, so
none of these policies can allow it.

Fix: remove it there, and allow it in a policy of the role or user.

Not reported: ``ecr:*``, which is about the repository's other actions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.iam.actions import TOKEN_ACTION
from ecr_access.rules.access.statements import is_token_alone
from ecr_access.rules.finding import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.rules.access.application import Application


def _check(app: Application) -> Iterator[RuleFinding]:
    for policy in app.resource_policies:
        for one in policy.statements:
            # Not so "ecr:*", which is about the repository's other actions.
            if one.allows and any(map(is_token_alone, one.actions)):
                yield RuleFinding(
                    policy.resource,
                    f"{one.path}.Action",
                    f"{TOKEN_ACTION} is in a {policy.kind}, which cannot allow it: a token belongs to no repository",
                    f"leave it out of the statement, and allow {TOKEN_ACTION} on '*' in a policy of the role or user "
                    "itself, as ecr.AuthorizationToken.grant_read(role) does",
                )


RULE: Final = Rule(
    "token-in-resource-policy",
    Severity.ERROR,
    "ecr:GetAuthorizationToken is in no policy of a repository or registry",
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/set-repository-policy.html",
    _check,
)
