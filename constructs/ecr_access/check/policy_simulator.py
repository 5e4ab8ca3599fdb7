"""Asks the policy simulator what a principal's own policies allow, in as few calls as it takes.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from ecr_access.check.aws.errors import UndeterminedError, code_of
from ecr_access.check.aws.rates import SIMULATED_AT_ONCE
from ecr_access.check.simulator_context import known, open_keys, other_values
from ecr_access.check.simulator_decisions import (
    ACTION,
    ALLOWED,
    IMPLICIT_DENY,
    NONE,
    REPORT,
    Decision,
    Decisions,
    add,
    marker,
    read,
)
from ecr_access.iam.arns import Registry
from ecr_access.iam.request_context import context_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ecr_access.check.aws.clients import Iam
    from ecr_access.check.aws.retry import RetryBudget
    from ecr_access.check.simulator_context import Entry
    from ecr_access.iam.principals import Principal

NO_SUCH_ENTITY: Final = "NoSuchEntity"
_INVALID_INPUT: Final = "InvalidInput"
_RESULTS_A_PAGE: Final = 1000
_EMPTY_PAGES: Final = 3

Pair = tuple[str, str]


class Simulation:
    """Simulates the calls of one principal, in one Region, on what one account has."""

    def __init__(self, iam: Iam, budget: RetryBudget, principal: Principal, *, region: str, account: str = "") -> None:
        """Take whose calls are simulated, and where.

        Args:
            iam: makes the calls of the simulator.
            budget: how long calls are tried.
            principal: a role, user or group of this account.
            region: the Region that the principal calls: many policies allow some Regions alone.
            account: the account of the repositories. Default: empty, for a token.
        """
        self._iam = iam
        self._budget = budget
        self._principal = principal
        self._calls = context_of(principal, Registry("", region, account))
        self._known = known(self._calls)
        self._size = SIMULATED_AT_ONCE

    def decisions(self, actions: Sequence[str], resources: Sequence[str], values: Sequence[Entry] = ()) -> Decisions:
        """Ask for every action on every resource; what gets no answer is left out.

        Args:
            actions: the actions.
            resources: ARNs of repositories, or ``*``.
            values: values of condition keys, beside the ones that are known of every call.

        Raises:
            ClientError: ``NoSuchEntity``, if there is no such principal.
            UndeterminedError: if there was no answer, or none that can be read.
        """
        decisions: Decisions = {}
        done = 0
        while done < len(resources):
            some = resources[done : done + self._size]
            try:
                decisions |= self._ask(actions, some, values)
            except ClientError as error:
                if code_of(error) != _INVALID_INPUT:
                    raise
                # How many resources a call takes is not published: one that is refused is made with half of them.
                self._size = len(some) // 2
            else:
                done += len(some)
        return decisions

    def with_other_values(self, decisions: Decisions, needed: Collection[Pair], granted: Collection[Pair]) -> Decisions:
        """Simulate once more what would be allowed, with values for the condition keys that had none.

        Args:
            decisions: the decisions without.
            needed: the actions and resources that matter.
            granted: the ones that the repository policy allows.

        Raises:
            ClientError: ``NoSuchEntity``, if there is no such principal any more.
        """
        open_ = {key: one for key, one in decisions.items() if key in needed and _is_open(one, granted=key in granted)}
        keys = list(dict.fromkeys(key for one in open_.values() for key in one.missing))
        actions, resources = (list(dict.fromkeys(pair[at] for pair in open_)) for at in (0, 1))
        supposed: list[Decisions | UndeterminedError] = []
        for values in other_values(keys):
            supposed.append(self._again(actions, resources, values))
            if isinstance(supposed[-1], UndeterminedError):
                break
        return decisions | {key: replace(one, supposed=_about(key, supposed)) for key, one in open_.items()}

    def _again(
        self, actions: Sequence[str], resources: Sequence[str], values: Sequence[Entry]
    ) -> Decisions | UndeterminedError:
        try:
            return self.decisions(actions, resources, values)
        except UndeterminedError as error:
            return error

    def _ask(self, actions: Sequence[str], resources: Sequence[str], values: Sequence[Entry]) -> Decisions:
        alone = len(resources) == 1
        # What was taken without values is refused for one of these.
        refusals = {NO_SUCH_ENTITY} if alone or values else {NO_SUCH_ENTITY, _INVALID_INPUT}
        request = {
            "PolicySourceArn": self._principal.name,
            "ActionNames": list(actions),
            "ResourceArns": list(resources),
            "ContextEntries": [*self._known, *values],
            "MaxItems": _RESULTS_A_PAGE,
        }
        decisions = self._pages(request, actions, resources, frozenset(refusals))
        if not alone:
            # An endpoint may look at the first resource alone, and what is told for all together is not told for each.
            for resource in resources:
                if lacking := [action for action in actions if (action, resource) not in decisions]:
                    decisions |= self._ask(lacking, [resource], values)
        return decisions

    def _pages(
        self, request: dict[str, object], actions: Sequence[str], resources: Sequence[str], expected: frozenset[str]
    ) -> Decisions:
        """Read every page."""
        decisions: Decisions = {}
        seen: set[str] = set()
        empty = 0
        # A page may be short, and a few may be empty, but not all of them.
        for _ in range(len(actions) * len(resources) + _EMPTY_PAGES):
            page = self._budget.call(
                partial(self._iam.simulate_principal_policy, **request),
                action=ACTION,
                on=self._principal.name,
                expected=expected,
            )
            found, results = read(page, actions, resources)
            add(decisions, {key: self._relevant(one) for key, one in found.items()})
            following = marker(page)
            if not following:
                return decisions
            empty += not results
            if following in seen or empty > _EMPTY_PAGES:
                break
            seen.add(following)
            request = {**request, "Marker": following}
        raise UndeterminedError(f"the pages of the answer of {ACTION} have no end", REPORT)

    def _relevant(self, decision: Decision) -> Decision:
        return replace(decision, missing=open_keys(decision.missing, self._calls))


def _is_open(decision: Decision, *, granted: bool) -> bool:
    allowed = decision.decision == ALLOWED or (granted and decision.decision == IMPLICIT_DENY)
    return allowed and decision.by_organization and bool(decision.missing)


def _about(key: Pair, supposed: Sequence[Decisions | UndeterminedError]) -> tuple[Decision | UndeterminedError, ...]:
    return tuple(one.get(key, Decision(NONE)) if isinstance(one, dict) else one for one in supposed)
