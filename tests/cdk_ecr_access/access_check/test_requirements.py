"""How requirements travel to the access check."""

from __future__ import annotations

from itertools import permutations

from cdk_ecr_access.access_check.requirements import DeclaredRequirement, as_properties
from ecr_access.iam.actions import AccessLevel
from tests.reading import PUSH, REQUIRED_PULL, TOKEN


def test_requirements_are_grouped_by_principal() -> None:
    """One entry a principal: its token, and its repositories by level."""
    found = as_properties(
        [
            DeclaredRequirement("ci", AccessLevel.PUSH, "app", token=True),
            DeclaredRequirement("web", AccessLevel.PULL, "app"),
            DeclaredRequirement("ci", AccessLevel.PUSH, "base"),
            DeclaredRequirement("ci", AccessLevel.PULL, "app"),
        ]
    )
    assert found["Requirements"] == [
        {"Principal": "ci", "Token": True, "Access": {"PUSH": ["app", "base"], "PULL": ["app"]}},
        {"Principal": "web", "Access": {"PULL": ["app"]}},
    ]


def test_only_the_levels_in_use_bring_their_actions() -> None:
    """The table of required actions travels with the request, as far as it is needed."""
    found = as_properties(
        [DeclaredRequirement("ci", AccessLevel.PUSH, "app"), DeclaredRequirement("ci", AccessLevel.PULL, "app")]
    )
    assert found["Actions"] == {"TOKEN": [TOKEN], "PULL": REQUIRED_PULL, "PUSH": sorted(PUSH)}


def test_a_service_has_an_entry_for_each_set_of_accounts_that_it_acts_for() -> None:
    """What is required for one account is not taken for another's; the check's own account is not named."""
    service, level = "lambda.amazonaws.com", AccessLevel.LAMBDA_PULL
    found = as_properties(
        [
            DeclaredRequirement(service, level, "app"),
            DeclaredRequirement(service, level, "app", accounts=("444455556666", "777788889999")),
            DeclaredRequirement(service, level, "base", accounts=("444455556666",)),
            DeclaredRequirement(service, level, "web", accounts=("444455556666",)),
        ]
    )
    assert found["Requirements"] == [
        {"Principal": service, "Access": {"LAMBDA_PULL": ["app"]}},
        {"Principal": service, "Accounts": ["444455556666", "777788889999"], "Access": {"LAMBDA_PULL": ["app"]}},
        {"Principal": service, "Accounts": ["444455556666"], "Access": {"LAMBDA_PULL": ["base", "web"]}},
    ]


def test_only_principals_of_the_same_accounts_share_an_entry() -> None:
    """Two services that act for one account do; a role, and a service that acts for another account, do not."""
    found = as_properties(
        [
            DeclaredRequirement("one.amazonaws.com", AccessLevel.PULL, "app", accounts=("444455556666",)),
            DeclaredRequirement("two.amazonaws.com", AccessLevel.PULL, "app", accounts=("444455556666",)),
            DeclaredRequirement("three.amazonaws.com", AccessLevel.PULL, "app", accounts=("777788889999",)),
            DeclaredRequirement("role", AccessLevel.PULL, "app"),
        ]
    )
    assert [(one["Principal"], one.get("Accounts")) for one in found["Requirements"]] == [
        (["one.amazonaws.com", "two.amazonaws.com"], ["444455556666"]),
        ("three.amazonaws.com", ["777788889999"]),
        ("role", None),
    ]


def test_a_token_may_be_all_that_is_required() -> None:
    """A principal that is only to sign in is asked for no repository."""
    assert as_properties([DeclaredRequirement("ci", token=True)]) == {
        "Actions": {"TOKEN": [TOKEN]},
        "Requirements": [{"Principal": "ci", "Token": True, "Access": {}}],
    }


def test_nothing_required_is_nothing_asked() -> None:
    """Without requirements the check is asked to prove nothing."""
    assert as_properties([])["Requirements"] == []


def test_a_token_once_required_stays_required() -> None:
    """The order of the requirements of a principal does not matter for its token."""
    grants = (
        DeclaredRequirement("ci", AccessLevel.READ, "app"),
        DeclaredRequirement("ci", AccessLevel.PULL, "app", token=True),
        DeclaredRequirement("ci", AccessLevel.PULL, "app"),
    )
    for order in permutations(grants):
        (entry,) = as_properties([*order])["Requirements"]
        assert entry["Token"] is True
        assert entry["Access"] == {"READ": ["app"], "PULL": ["app"]}


def test_principals_with_the_same_requirements_share_an_entry() -> None:
    """A thousand principals of one repository fit into an event, which holds each of their names once."""
    found = as_properties(DeclaredRequirement(f"role{n}", AccessLevel.PULL, "app", token=True) for n in range(1000))
    (entry,) = found["Requirements"]
    assert entry["Access"] == {"PULL": ["app"]}
    assert entry["Principal"] == [f"role{n}" for n in range(1000)]


def test_principals_with_other_requirements_do_not() -> None:
    """Neither another level, nor another repository, nor the token are taken for the same."""
    others = [
        DeclaredRequirement("one", AccessLevel.PULL, "app"),
        DeclaredRequirement("two", AccessLevel.PUSH, "app"),
        DeclaredRequirement("three", AccessLevel.PULL, "base"),
        DeclaredRequirement("four", AccessLevel.PULL, "app", token=True),
    ]
    assert [one["Principal"] for one in as_properties(others)["Requirements"]] == ["one", "two", "three", "four"]
