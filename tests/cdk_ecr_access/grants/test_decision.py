"""The table of principals, row by row: what a grant renders, and which check proves it."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from cdk_ecr_access.grants.decision import Decision, Situation, decide
from ecr_access.iam.principals import Kind

NOTHING = Decision(
    on_repository=False,
    compared=False,
    wrapped_token=False,
    handed_over=False,
    proved_there=False,
    proved_here=False,
)
IDENTITY = Situation(Kind.IAM_IDENTITY)
ACCOUNT = Situation(Kind.ACCOUNT, foreign=True)
SERVICE = Situation(Kind.SERVICE)
# Nothing is attached to what is no role, user or group.
EVERY = [
    Situation(kind, *flags)
    for kind in Kind
    for flags in product((False, True) if kind is Kind.IAM_IDENTITY else (False,), *[(False, True)] * 6)
]


@pytest.mark.parametrize(
    ("given", "decided"),
    [
        (replace(IDENTITY, attached=True), replace(NOTHING, proved_there=True)),
        (
            IDENTITY,
            replace(
                NOTHING, on_repository=True, compared=True, wrapped_token=True, handed_over=True, proved_there=True
            ),
        ),
        (
            replace(IDENTITY, attached=True, foreign=True),
            replace(NOTHING, on_repository=True, proved_there=True, proved_here=True),
        ),
        (
            replace(IDENTITY, foreign=True),
            replace(NOTHING, on_repository=True, wrapped_token=True, handed_over=True, proved_here=True),
        ),
        (ACCOUNT, replace(NOTHING, on_repository=True, handed_over=True, proved_here=True)),
        (
            Situation(Kind.ORGANIZATION),
            replace(NOTHING, on_repository=True, handed_over=True, proved_here=True),
        ),
        (SERVICE, replace(NOTHING, on_repository=True, compared=True, handed_over=True, proved_here=True)),
        (
            replace(ACCOUNT, foreign=False, perhaps_own=True),
            replace(NOTHING, on_repository=True, compared=True, handed_over=True),
        ),
        (
            replace(IDENTITY, foreign=True, at_home=False, declared=False),
            replace(NOTHING, on_repository=True, wrapped_token=True, handed_over=True),
        ),
    ],
    ids=[
        "a role that the app can attach to",
        "a role of this account that cannot be changed",
        "a role of another account in the same app",
        "a role of another account by its ARN",
        "an account",
        "an organization",
        "a service",
        "an account of functions that may be the repository's own",
        "a repository of another account",
    ],
)
def test_a_row_of_the_table(given: Situation, decided: Decision) -> None:
    """Nothing else is rendered, and no other check proves it."""
    assert decide(given) == decided


@pytest.mark.parametrize(
    ("given", "compared"),
    [
        (SERVICE, False),
        (replace(SERVICE, conditional=True, of_accounts=True), False),
        (replace(SERVICE, conditional=True), True),
        (replace(ACCOUNT, conditional=True), True),
    ],
    ids=["a service", "a service for accounts", "a service for a resource", "an account under a condition"],
)
def test_a_policy_of_an_owner_counts_by_its_effect(given: Situation, compared: bool) -> None:  # noqa: FBT001
    """Unless a condition is to be taken for met, which only a call meets."""
    assert decide(replace(given, declared=False)).compared is compared


@pytest.mark.parametrize("given", EVERY)
def test_every_grant_renders_something_and_is_proved_where_it_can_be(given: Situation) -> None:
    """No combination is dropped in silence."""
    decided = decide(given)
    assert given.attached or decided.on_repository
    assert decided.on_repository or not decided.compared
    proved = decided.proved_there or decided.proved_here
    assert proved or given.perhaps_own or not given.at_home
    if given.foreign and given.attached and given.at_home and not given.perhaps_own:
        assert decided.proved_there
        assert decided.proved_here
