"""The rules beside a second evaluator, which knows nothing of ours: call by call, they decide alike.

Three things it decides otherwise than AWS's pages say; combinations with these are left out.
"""

from __future__ import annotations

import json
import re
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.ecr_access.check.differential.calls import Call, calls_of, members_of
from tests.ecr_access.check.differential.drawing.combinations import combinations
from tests.ecr_access.check.differential.rules.decision import decide
from tests.ecr_access.check.differential.rules.principals import LENIENT
from tests.ecr_access.check.evaluator.bridge import SecondEvaluator, second_evaluator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.ecr_access.check.differential.rules.decision import Policies
    from tests.ecr_access.check.differential.world import Combination

_COMBINATIONS: Final = 2_000
_SEED: Final = 5
_CALLS: Final = 4
_LISTS: Final = ("aws:principalorgpaths", "aws:resourceorgpaths", "aws:sourceorgpaths", "aws:principalservicenameslist")
# An absent key under ForAnyValue with IfExists is false there; IfExists makes any condition of an absent key true.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists
_ANY_IF_EXISTS: Final = re.compile(r"ForAnyValue:\w+IfExists")
_ACCOUNT: Final = re.compile(r'"(\d{12}|arn:aws:iam::\d{12}:root)"')


@pytest.fixture(scope="module")
def second() -> Iterator[SecondEvaluator]:
    """Run the second evaluator."""
    with second_evaluator() as running:
        yield running


def _is_comparable(one: Combination) -> bool:
    text = json.dumps([one.identity, one.boundary, one.organization, one.repository])
    return _ANY_IF_EXISTS.search(text) is None and not any(map(_spares_an_account, one.repository or ()))


def _spares_an_account(statement: dict[str, Any]) -> bool:
    """Whether a deny spares an account: there, that spares each of its roles and users as well.

    AWS's example lists an account and one user of it, so that the account's other users are denied.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
    """
    return statement["Effect"] == "Deny" and bool(_ACCOUNT.search(json.dumps(statement.get("NotPrincipal", ""))))


def _is_comparable_call(call: Call) -> bool:
    """Leave out addresses of IPv6: there, none is outside of a range of IPv4.

    AWS: ``NotIpAddress`` holds for "all IP addresses except the specified IP address or range".
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress
    """
    # How AWS treats what its pages leave open, the second evaluator decides in one way.
    return call.reading == LENIENT and ":" not in "".join(call.request.context.get("aws:sourceip", ()))


def _document(statements: tuple[dict[str, Any], ...]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _own(policies: Policies) -> dict[str, Any]:
    own = {
        "identity": [_document(policies.identity)] if policies.identity else [],
        "organization": [_document(level) for level in policies.organization],
    }
    return own if policies.boundary is None else own | {"boundary": [_document(policies.boundary)]}


def _asked(call: Call) -> dict[str, Any]:
    context = {key: [*values] if key in _LISTS else values[0] for key, values in call.request.context.items()}
    return {"principal": call.request.caller.arn, "action": call.request.asked.action, "context": context}


def _drawn(one: Combination, random: Random) -> Iterator[tuple[Policies, list[Call]]]:
    for member in members_of(one):
        calls = [call for action in one.actions for call in calls_of(one, member, action) if _is_comparable_call(call)]
        yield member.policies, random.sample(calls, min(len(calls), _CALLS))


def test_the_rules_decide_as_the_second_evaluator(second: SecondEvaluator) -> None:
    """Thousands of concrete calls, of every kind of principal, with policies of every kind."""
    random = Random(_SEED)  # noqa: S311 -- tests, not secrets
    compared, allowed, differing = 0, 0, []
    for one in filter(_is_comparable, combinations(_COMBINATIONS, _SEED)):
        for policies, calls in _drawn(one, random):
            repository = _document(policies.repository) if policies.repository else None
            answers = second.decides(_own(policies), repository, one.resource, one.owner, [*map(_asked, calls)])
            decisions = [decide(call.request, call.policies, call.reading) for call in calls]
            compared, allowed = compared + len(calls), allowed + sum(decisions)
            differing += [
                (decision, answer, one, _asked(call))
                for decision, answer, call in zip(decisions, answers, calls, strict=True)
                if decision is not (answer == "Allowed")
            ]
    assert not differing, f"{len(differing)} of {compared} calls, such as {differing[0]}"
    assert compared > 10_000
    assert 0.1 < allowed / compared < 0.9
