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
_CONDITION: Final = len(',"Condition":{"StringEquals":{"":""}}')

Only = tuple[tuple[str, str], ...]
"""Keys of a condition, each with the value that it must have."""


@dataclass
class PolicyBin:
    """One policy: resources by the actions that are allowed on them."""

    limit: int
    size: int = _EMPTY
    allowed: dict[tuple[tuple[str, ...], Only], list[str]] = field(default_factory=dict)

    def take(self, actions: tuple[str, ...], resource: str, length: int, only: Only = ()) -> bool:
        """Allow actions on one more resource of so many characters, under a condition if need be, if there is room."""
        more = length + _QUOTED
        if (actions, only) not in self.allowed:
            more += _STATEMENT + sum(len(action) + _QUOTED for action in actions)
            more += sum(_CONDITION + len(key) + len(value) for key, value in only)
        if self.size + more > self.limit:
            return False
        self.size += more
        self.allowed.setdefault((actions, only), []).append(resource)
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
                    **({"Condition": {"StringEquals": dict(only)}} if only else {}),
                }
                for (actions, only), resources in self.allowed.items()
            ],
        }


@dataclass
class PolicyBins:
    """The policies of one role, the first inside it; each permission goes where the last one went, while it fits.

    A role is in one account. Where that is known to the deployment alone, what matters in one account is in managed
    policies of its own, and only one account's count.
    """

    own: PolicyBin = field(default_factory=lambda: PolicyBin(INLINE))
    managed: dict[str, list[PolicyBin]] = field(default_factory=dict)
    """By the account that they matter in; those of ``""`` matter in any."""

    def allow(
        self, actions: tuple[str, ...], resource: str, length: int, *, account: str = "", only: Only = ()
    ) -> PolicyBin | None:
        """Allow actions on a resource of so many characters; return the managed policy that had to be opened, if any.

        Args:
            actions: the actions.
            resource: what they are allowed on.
            length: its characters.
            account: the account that the permission matters in alone. Default: it matters in any.
            only: the condition that it is under. Default: none.

        Raises:
            ValueError: if a role cannot hold that much.
        """
        pages = self.managed.setdefault(account, [])
        if (pages[-1] if pages else self.own).take(actions, resource, length, only):
            return None
        if self._beside(account) >= MOST_MANAGED:
            raise Code.CHECK_ROLE_FULL.error(
                f"no room to allow the access check {' and '.join(actions)} on {resource}: its role's own policy and "
                f"{MOST_MANAGED} managed policies are full, {INLINE + MOST_MANAGED * MANAGED:,} characters in all; "
                "declare some of the repositories or principals in another stack, whose check has a role of its own; "
                "in a stack whose account is given, env=Environment(account=..., region=...), principals of other "
                "accounts need no permission"
            )
        page = PolicyBin(MANAGED)
        page.take(actions, resource, length, only)
        pages.append(page)
        return page

    def _beside(self, account: str) -> int:
        """Count the managed policies that a role has already, in the account where it has most if any will do."""
        counts = {one: len(pages) for one, pages in self.managed.items() if one}
        of_one = counts.get(account, 0) if account else max(counts.values(), default=0)
        return len(self.managed.get("", ())) + of_one


def _ordered(resources: list[str], resolve: Callable[[list[str]], list[Any]]) -> list[str]:
    keys = [json.dumps(one, sort_keys=True) for one in resolve(resources)]
    return [one for _, one in sorted(zip(keys, resources, strict=True))]


def _one_or_all(values: list[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else values
