"""Examples of AWS's own pages: the rules decide as these say."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.ecr_access.check.differential.rules.conditions import holds
from tests.ecr_access.check.differential.rules.decision import Policies, Request, decide
from tests.ecr_access.check.differential.rules.principals import LENIENT, STRICT, Caller
from tests.ecr_access.check.differential.rules.statements import Asked
from tests.ecr_access.check.differential.world import HERE, LAMBDA, REPOSITORY, THERE, role, session, user

if TYPE_CHECKING:
    from tests.ecr_access.check.differential.rules.conditions import Context

_ROLE, _USER, _FOREIGN = role(HERE, "ci"), user(HERE, "ann"), role(THERE, "ci")
_SESSION: Final = session(_ROLE, "one")
_CALLERS: Final = {
    "role": Caller(_SESSION, _ROLE, HERE),
    "user": Caller(_USER, _USER, HERE),
    "foreign": Caller(session(_FOREIGN, "one"), _FOREIGN, THERE),
    "service": Caller(LAMBDA, LAMBDA, ""),
}
_ALL: Final[dict[str, Any]] = {"Effect": "Allow", "Action": "*", "Resource": "*"}
_NOTHING: Final[dict[str, Any]] = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}


def _allow(principal: object) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": principal, "Action": "ecr:*"}


def _decide(caller: str, *, strict: bool = False, **policies: Any) -> bool:
    request = Request(_CALLERS[caller], Asked("ecr:BatchGetImage", REPOSITORY), {})
    return decide(request, Policies(account=HERE, **policies), STRICT if strict else LENIENT)


@pytest.mark.parametrize(
    ("caller", "principal", "allowed"),
    [
        ("role", {"AWS": _ROLE}, False),
        ("role", {"AWS": _SESSION}, True),
        ("role", "*", True),
        ("role", {"AWS": HERE}, False),
        ("user", {"AWS": _USER}, True),
        ("user", {"AWS": f"arn:aws:iam::{HERE}:root"}, False),
    ],
)
def test_a_boundary_limits_what_a_repository_policy_allows_a_role(
    caller: str, principal: object, *, allowed: bool
) -> None:
    """Not what it allows a user, a session, or every principal.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles
    """
    assert _decide(caller, boundary=(_NOTHING,), repository=(_allow(principal),)) is allowed


@pytest.mark.parametrize(
    ("caller", "identity", "principal", "allowed"),
    [
        ("role", (), {"AWS": _ROLE}, True),
        ("role", (_ALL,), {"AWS": _FOREIGN}, True),
        ("role", (), {"AWS": HERE}, False),
        ("foreign", (_ALL,), {"AWS": _FOREIGN}, True),
        ("foreign", (_ALL,), {"AWS": THERE}, True),
        ("foreign", (), {"AWS": _FOREIGN}, False),
        ("foreign", (_ALL,), {"AWS": _ROLE}, False),
        ("service", (), {"Service": LAMBDA}, True),
        ("service", (), {"AWS": HERE}, False),
    ],
)
def test_one_side_suffices_in_one_account_and_both_are_needed_across(
    caller: str, identity: tuple[dict[str, Any], ...], principal: object, *, allowed: bool
) -> None:
    """A statement for an account leaves the decision to that account's policies.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
    """
    assert _decide(caller, identity=identity, repository=(_allow(principal),)) is allowed


@pytest.mark.parametrize(
    ("listed", "bounded", "lenient", "strict"),
    [
        ([_ROLE], False, True, False),
        ([_ROLE, HERE], False, True, False),
        ([_ROLE, HERE, _SESSION], False, True, True),
        ([_ROLE, HERE, _SESSION], True, False, False),
        ([HERE], False, False, False),
        ([_FOREIGN], False, False, False),
    ],
)
def test_a_deny_for_all_but_the_listed_may_deny_a_listed_role(
    listed: list[str], *, bounded: bool, lenient: bool, strict: bool
) -> None:
    """Unless its account and session are listed, too; one with a permissions boundary is always denied.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
    """
    deny = {"Effect": "Deny", "NotPrincipal": {"AWS": listed}, "Action": "*"}
    policies: dict[str, Any] = {"identity": (_ALL,), "boundary": (_ALL,) if bounded else None, "repository": (deny,)}
    assert _decide("role", **policies) is lenient
    assert _decide("role", strict=True, **policies) is strict


@pytest.mark.parametrize("where", ["identity", "boundary", "organization", "repository"])
def test_a_deny_of_any_policy_outweighs_every_allow(where: str) -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html."""
    policies: dict[str, Any] = {
        "identity": (_ALL,),
        "boundary": (_ALL,),
        "organization": ((_ALL,),),
        "repository": (_allow("*"),),
    }
    assert _decide("role", **policies)
    deny = {"Effect": "Deny", "Principal": "*", "Action": "ecr:*", "Resource": "*"}
    policies[where] = ((_ALL, deny),) if where == "organization" else (*policies[where], deny)
    assert not _decide("role", **policies)


def test_every_level_of_the_organization_has_to_allow() -> None:
    """https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html."""
    assert not _decide("role", identity=(_ALL,), organization=((_ALL,), (_NOTHING,)))
    assert _decide("foreign", identity=(_ALL,), repository=(_allow("*"),))


_ABSENT: Final[dict[str, bool]] = {
    "StringEquals": False,
    "StringNotEquals": True,
    "NotIpAddress": True,
    "StringEqualsIfExists": True,
    "ForAllValues:StringEquals": True,
    "ForAllValues:StringNotEquals": True,
    "ForAnyValue:StringEquals": False,
    "ForAnyValue:StringNotEquals": False,
    "ForAnyValue:StringEqualsIfExists": True,
}


@pytest.mark.parametrize(("operator", "expected"), _ABSENT.items())
def test_an_absent_key(operator: str, *, expected: bool) -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html."""
    assert holds({operator: {"aws:Key": "10.0.0.0/8"}}, {}) is expected


@pytest.mark.parametrize(
    ("operator", "values", "context", "expected"),
    [
        ("Null", "true", {}, True),
        ("Null", True, {}, True),
        ("Null", ["True"], {}, True),
        ("Null", False, {}, False),
        ("Null", "false", {"aws:key": ("x",)}, True),
        ("StringEquals", 111122223333, {"aws:key": ("111122223333",)}, True),
        ("StringEquals", ["a", "b"], {"aws:key": ("b",)}, True),
        ("StringNotEquals", ["a", "b"], {"aws:key": ("b",)}, False),
        ("StringLike", "a?c*", {"aws:key": ("abc",)}, True),
        ("Bool", True, {"aws:key": ("true",)}, True),
        ("ForAllValues:StringLike", "a*", {"aws:key": ("a", "b")}, False),
        ("ForAnyValue:StringLike", "a*", {"aws:key": ("a", "b")}, True),
        ("ForAnyValue:StringNotEquals", "a", {"aws:key": ("a", "b")}, True),
        ("ForAllValues:StringNotEquals", "a", {"aws:key": ("a", "b")}, False),
        ("ArnLike", "arn:aws:iam::*:role/ci", {"aws:key": (_ROLE,)}, True),
        ("ArnLike", "arn:aws:*:role/ci", {"aws:key": (_ROLE,)}, False),
        ("IpAddress", "10.0.0.0/8", {"aws:key": ("10.1.2.3",)}, True),
        ("NumericLessThan", 3600, {"aws:key": ("77",)}, True),
        ("DateGreaterThan", "2020-01-01T00:00:00Z", {"aws:key": ("2026-11-27T12:00:00Z",)}, True),
        ("StringEquals", "${aws:other}", {"aws:key": ("x",), "aws:other": ("x",)}, True),
        ("StringEquals", "${aws:other}", {"aws:key": ("x",)}, False),
    ],
)
def test_operators(operator: str, values: object, context: Context, *, expected: bool) -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html."""
    assert holds({operator: {"aws:Key": values}}, context) is expected


def test_the_rules_import_nothing_of_what_they_judge() -> None:
    """Nor of anything else in the project."""
    for path in Path(__file__).with_name("rules").glob("*.py"):
        modules = [
            one.module for one in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(one, ast.ImportFrom)
        ]
        ours = [one for one in modules if one and one.startswith(("ecr_access", "cdk_ecr_access", "tests"))]
        assert all(one.startswith("tests.ecr_access.check.differential.rules.") for one in ours), path
