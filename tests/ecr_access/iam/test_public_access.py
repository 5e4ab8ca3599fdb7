"""Which statements are for every caller, and which Deny may exempt some."""

from __future__ import annotations

from typing import Any

import pytest

from ecr_access.iam.public_access import is_public, may_exempt_some
from ecr_access.iam.unknown_text import unknown

SOME = unknown("Some")
ROLE = "arn:aws:iam::111122223333:role/ci"


def under(operator: str, key: str, value: object) -> dict[str, Any]:
    """A statement for every principal under a condition."""
    return {"Principal": "*", "Condition": {operator: {key: value}}}


@pytest.mark.parametrize(
    "statement",
    [
        {"Principal": "*"},
        {"Principal": {"AWS": [ROLE, "*"]}},
        {"NotPrincipal": {"AWS": ROLE}},
        under("Bool", "aws:SecureTransport", "true"),
        under("StringNotEquals", "aws:PrincipalArn", ROLE),
        under("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/ci"),
        under("ArnLike", "aws:PrincipalArn", f"arn:{SOME}:iam::*:role/ci"),
        under("StringLike", "aws:PrincipalOrgID", ["o-*"]),
        under("StringLike", "aws:SourceVpc", "**"),
        under("StringEqualsIfExists", "aws:PrincipalOrgID", "o-abc1234567"),
        under("IpAddress", "aws:SourceIp", ["10.0.0.0/8", "0.0.0.0/0"]),
    ],
)
def test_a_condition_that_all_callers_can_meet_keeps_none_out(statement: dict[str, Any]) -> None:
    """Nor does one that keeps out a few."""
    assert is_public(statement)


@pytest.mark.parametrize(
    "statement",
    [
        {},
        {"Principal": {"AWS": ROLE}},
        {"Principal": {"AWS": SOME}},
        {"Principal": {"Service": "*"}},
        {"NotPrincipal": {"AWS": SOME}},
        under("StringEquals", "aws:PrincipalOrgID", "o-abc1234567"),
        under("ArnLike", "aws:PrincipalArn", "arn:aws:iam::111122223333:role/*"),
        under("ArnLike", "aws:PrincipalArn", SOME),
        under("StringEquals", "aws:PrincipalArn", "*"),
        under("Null", "aws:PrincipalArn", "false"),
        under("IpAddress", "aws:SourceIp", "10.0.0.0/8"),
        under("StringEquals", SOME, SOME),
    ],
)
def test_any_other_condition_may_keep_some_out(statement: dict[str, Any]) -> None:
    """Also one of which not all is known."""
    assert not is_public(statement)


@pytest.mark.parametrize(
    ("statement", "exempts"),
    [
        ({"Principal": "*"}, True),
        ({"Principal": {"AWS": ROLE}}, False),
        ({"Principal": {"AWS": SOME}}, True),
        ({"NotPrincipal": {"AWS": ROLE}}, True),
        (under("StringNotEquals", "aws:PrincipalOrgID", "o-abc1234567"), True),
        (under("Bool", "aws:SecureTransport", "false"), False),
    ],
)
def test_a_deny_may_exempt_the_callers_that_are_meant(statement: dict[str, Any], *, exempts: bool) -> None:
    """Unless its conditions are about how they call."""
    assert may_exempt_some(statement) is exempts
