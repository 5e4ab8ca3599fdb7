"""Describes a missing repository and suggests similar names."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from ecr_access.check.aws.errors import UndeterminedError
from ecr_access.check.aws.parallel import each
from ecr_access.check.finding import Explanation
from ecr_access.check.repository_lookup import names_in, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ecr_access.check.aws.clients import Clients
    from ecr_access.check.aws.retry import RetryBudget
    from ecr_access.iam.arns import Repository

_LIST_SECONDS: Final = 10.0
"""How long the names of a registry are waited for: they only serve to suggest."""

_SUGGESTED: Final = 50
"""Missing repositories for which a name is suggested: a message shows fewer, and comparing names takes time."""


class Absence:
    """Describes a missing repository and suggests similar names."""

    def __init__(
        self, clients: Clients, budget: RetryBudget, existing: Iterable[Repository], present: Iterable[Repository]
    ) -> None:
        """Take the repositories that this app does not declare, and the ones that are known to exist."""
        self._clients = clients
        self._budget = budget
        self._existing = frozenset(existing)
        self._present = list(present)
        self._listed: dict[str, list[str]] = {}
        self._said: dict[Repository, Explanation] = {}

    def __call__(self, missing: Repository) -> Explanation:
        """Say where it is missing, and name the nearest; the same for everyone who needs it."""
        if missing not in self._said:
            self._said[missing] = self._problem(missing)
        return self._said[missing]

    def _problem(self, missing: Repository) -> Explanation:
        where = f"no repository of that name in the registry of account {missing.account} in {missing.region}"
        names = self._names(missing) if len(self._said) < _SUGGESTED else ()
        close = [f'"{name}"' for name in nearest(missing.name, names)]
        if close:
            return Explanation(f"{where}; closest: {', '.join(close)}", "correct the name, or declare the repository")
        return Explanation(where, "declare the repository, or correct its name, account or Region")

    def _names(self, missing: Repository) -> list[str]:
        known = [one.name for one in self._present if (one.region, one.account) == (missing.region, missing.account)]
        # The check's role may list the registry only if a checked repository is not declared in the app.
        if missing not in self._existing:
            return known
        region = missing.region
        if region not in self._listed:
            brief = self._budget.within(_LIST_SECONDS)
            listing = partial(names_in, self._clients, brief, account=missing.account)
            found = each(listing, [region], left=brief.left, workers=1)[region]
            self._listed[region] = [] if isinstance(found, UndeterminedError) else found
        return [*known, *self._listed[region]]
