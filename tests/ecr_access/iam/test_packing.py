"""Permissions fill one policy after the other, each within IAM's limits."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_access.iam.packing import INLINE, MANAGED, MOST_MANAGED, Only, PolicyBin, PolicyBins

SIMULATE = ("iam:SimulatePrincipalPolicy",)
ONLY = st.sampled_from([(), (("cloudwatch:namespace", "EcrAccess"),), (("a:b", "c"), ("d:e", "f"))])
LOOK_UP = ("ecr:DescribeRepositories", "ecr:GetRepositoryPolicy")


def arn(number: int, length: int = 90) -> str:
    """Make an ARN of so many characters."""
    return f"arn:aws:iam::111122223333:role/{number:0{length - 31}}"


def filled(count: int) -> PolicyBins:
    """Allow the simulation of so many roles."""
    pages = PolicyBins()
    for number in range(count):
        pages.allow(SIMULATE, arn(number), 90)
    return pages


def pages_of(bins: PolicyBins) -> list[PolicyBin]:
    """List every policy, the role's own first."""
    return [bins.own, *(page for pages in bins.managed.values() for page in pages)]


def rendered(page: PolicyBin) -> int:
    """Count the characters as IAM does, without white space."""
    return len(json.dumps(page.document(), separators=(",", ":")))


def test_what_fits_is_in_one_policy() -> None:
    """A hundred roles are named inside the role's own policy."""
    assert len(pages_of(filled(100))) == 1


def test_what_is_beyond_opens_a_policy() -> None:
    """The first permission without room is told, and nothing before it is moved."""
    pages = PolicyBins()
    opened = [number for number in range(200) if pages.allow(SIMULATE, arn(number), 90)]
    first, second = pages_of(pages)[:2]
    assert opened[0] == len(first.allowed[SIMULATE, ()])
    assert second.allowed[SIMULATE, ()][0] == arn(opened[0])


@given(st.lists(st.tuples(st.sampled_from([SIMULATE, LOOK_UP]), st.integers(40, 300), ONLY), max_size=300))
def test_every_policy_is_within_its_limit(wanted: list[tuple[tuple[str, ...], int, Only]]) -> None:
    """Whatever is allowed, in whatever order, no policy is larger than IAM takes, and nothing is lost."""
    pages = PolicyBins()
    for number, (actions, length, only) in enumerate(wanted):
        pages.allow(actions, arn(number, length), length, only=only)
    first, *others = pages_of(pages)
    assert rendered(first) <= first.size <= INLINE
    assert all(rendered(page) <= page.size <= MANAGED for page in others)
    held = [resource for page in pages_of(pages) for resources in page.allowed.values() for resource in resources]
    assert sorted(held) == sorted(arn(number, length) for number, (_, length, _only) in enumerate(wanted))


def test_more_than_a_role_can_hold_is_refused() -> None:
    """The error says what has no room, how much there is, and the way out."""
    with pytest.raises(ValueError, match=r"no room to allow the access check .*71,680 characters.*another stack"):
        filled(2000)
    assert len(pages_of(filled(700))) <= 1 + MOST_MANAGED


def test_only_one_of_the_accounts_that_a_role_may_be_in_counts() -> None:
    """Each may fill what is left of ten managed policies, and what matters in any account counts with each."""
    pages = PolicyBins()

    def fill(actions: tuple[str, ...], *accounts: str) -> None:
        for number in range(2000):
            pages.allow(actions, arn(number), 90, account=accounts[number % len(accounts)])

    fill(SIMULATE, "first", "second", "third", "fourth")
    assert {len(found) for found in pages.managed.values()} == {8}
    with pytest.raises(ValueError, match="no room"):
        fill(LOOK_UP, "")
    assert len(pages.managed[""]) == MOST_MANAGED - 8
    with pytest.raises(ValueError, match="no room"):
        fill(SIMULATE, "second")


def test_one_resource_is_no_list() -> None:
    """A policy of one resource reads as one writes it by hand."""
    (statement,) = filled(1).own.document()["Statement"]
    assert statement == {"Effect": "Allow", "Action": SIMULATE[0], "Resource": arn(0)}


def test_resources_are_in_the_order_of_what_they_resolve_to() -> None:
    """Tokens are numbered, and the hundredth sorts before the ninety-ninth: no template changes for that."""
    page = filled(0).own
    names = {"${Token[TOKEN.99]}": "One", "${Token[TOKEN.100]}": "Two"}
    for token in names:
        assert page.take(("iam:SimulatePrincipalPolicy",), token, 100)
    (statement,) = page.document(lambda tokens: [{"Ref": names[one]} for one in tokens])["Statement"]
    assert statement["Resource"] == [*names]


def test_a_permission_under_a_condition_is_a_statement_of_its_own() -> None:
    """Others of the same action are not under it."""
    page = filled(0).own
    assert page.take(SIMULATE, "*", 1, (("aws:RequestedRegion", "eu-west-1"),))
    assert page.take(SIMULATE, arn(1), 90)
    conditional, other = page.document()["Statement"]
    assert conditional["Condition"] == {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}
    assert "Condition" not in other
