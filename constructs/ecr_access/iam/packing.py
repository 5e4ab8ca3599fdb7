"""Permissions spread over as few policies as IAM's limits allow: one inside the role, then managed ones.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from ecr_access.codes import Code

if TYPE_CHECKING:
    from collections.abc import Callable

INLINE: Final = 10_240
"""Characters that all policies inside one role may have, white space not counted."""

MANAGED: Final = 6_144
"""Characters that one managed policy may have, white space not counted."""

MOST_MANAGED: Final = 10
"""Managed policies that a role may have, unless its account's quota is raised."""

_EMPTY: Final = len('{"Version":"2012-10-17","Statement":[]}')
_STATEMENT: Final = len('{"Action":[],"Effect":"Allow","Resource":[]},')
_QUOTED: Final = len('"",')


@dataclass
class PolicyBin:
    """One policy: resources by the actions that are allowed on them."""

    limit: int
    size: int = _EMPTY
    allowed: dict[tuple[str, ...], list[str]] = field(default_factory=dict)

    def take(self, actions: tuple[str, ...], resource: str, length: int) -> bool:
        """Allow actions on one more resource of so many characters, if there is room."""
        more = length + _QUOTED
        if actions not in self.allowed:
            more += _STATEMENT + sum(len(action) + _QUOTED for action in actions)
        if self.size + more > self.limit:
            return False
        self.size += more
        self.allowed.setdefault(actions, []).append(resource)
        return True

    def document(self, resolve: Callable[[list[str]], list[Any]] = list) -> dict[str, Any]:
        """Render the policy document, each statement's resources in the order of what they resolve to.

        Tokens are numbered, so that their own order would change with whatever is declared before them.
        """
        return {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": _one_or_all([*actions]),
                    "Resource": _one_or_all(_ordered(resources, resolve)),
                }
                for actions, resources in self.allowed.items()
            ],
        }


@dataclass
class PolicyBins:
    """The policies of one role, the first inside it; each permission goes where the last one went, while it fits."""

    pages: list[PolicyBin] = field(default_factory=lambda: [PolicyBin(INLINE)])

    def allow(self, actions: tuple[str, ...], resource: str, length: int) -> PolicyBin | None:
        """Allow actions on a resource of so many characters; return the page that had to be opened for it, if any.

        Raises:
            ValueError: if a role cannot hold that much.
        """
        if self.pages[-1].take(actions, resource, length):
            return None
        if len(self.pages) > MOST_MANAGED:
            raise Code.CHECK_ROLE_FULL.error(
                f"no room to allow the access check {' and '.join(actions)} on {resource}: its role's own policy and "
                f"{MOST_MANAGED} managed policies are full, {INLINE + MOST_MANAGED * MANAGED:,} characters in all; "
                "declare some of the repositories or principals in another stack, whose check has a role of its own; "
                "in a stack whose account is given, env=Environment(account=..., region=...), principals of other "
                "accounts need no permission"
            )
        page = PolicyBin(MANAGED)
        page.take(actions, resource, length)
        self.pages.append(page)
        return page


def _ordered(resources: list[str], resolve: Callable[[list[str]], list[Any]]) -> list[str]:
    keys = [json.dumps(one, sort_keys=True) for one in resolve(resources)]
    return [one for _, one in sorted(zip(keys, resources, strict=True))]


def _one_or_all(values: list[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else values
