"""The judgement of repository policies beside a second evaluator, which knows nothing of ours.

A judgement is about all the calls that a principal stands for (``calls``); the second evaluator is asked call by call.
In two things it differs from AWS, so that it gets other policies there. A ``NotPrincipal`` that lists an account
spares, for it, every role and user of the account from a deny; AWS spares the account's root user alone. And a lone
``*`` is, for it, no pattern of an ARN.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html

AWS says that a deny which lists a role or user in ``NotPrincipal`` may deny it all the same. Ours leaves that open; the
second evaluator takes it for spared.
"""

from __future__ import annotations

import json
import re
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from ecr_access.iam.arns import repository_of
from ecr_access.iam.principals import Kind, Source, principal_of
from ecr_access.iam.repository_policy import Effect, PolicyResult, RepositoryPolicy
from tests.ecr_access.check.evaluator.bridge import SecondEvaluator, second_evaluator
from tests.ecr_access.check.evaluator.calls import calls_of
from tests.ecr_access.check.fakes import PULL, REGION
from tests.ecr_access.check.policies import (
    FOREIGN,
    HERE,
    KEYS,
    ORGANIZATION,
    REPOSITORY,
    ROLE,
    SERVICE,
    SOME_ROLES,
    THERE,
    UNIT,
    USER,
    actions,
    open_policies,
    policies,
    principals,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_ACCOUNT = re.compile(r"\d{12}|arn:aws:iam::\d{12}:root")
_DRAWN = settings(derandomize=True, deadline=None, max_examples=500, database=None)
_OPEN_DRAWN = settings(_DRAWN, max_examples=200, suppress_health_check=[HealthCheck.filter_too_much])
_QUESTION = st.tuples(policies | open_policies() | open_policies(), principals, actions)
_OPEN_QUESTION = st.tuples(open_policies(), principals, actions)
_ONE = {ROLE, USER, FOREIGN}

Question = tuple[dict[str, Any], str, str]


@pytest.fixture(scope="module")
def second() -> Iterator[SecondEvaluator]:
    """Run the second evaluator."""
    with second_evaluator() as running:
        yield running


def _judge(policy: dict[str, Any], principal: str, action: str) -> PolicyResult:
    repository, one = repository_of(REPOSITORY), principal_of(principal)
    assert repository is not None
    assert one is not None
    source = Source(HERE, REGION) if one.kind is Kind.SERVICE else None
    return RepositoryPolicy.parse(repository, json.dumps(policy)).judge(one, action, source)


def _written_out(values: object) -> object:
    return ["arn:*:*:*:*:*" if one == "*" else one for one in (values if isinstance(values, list) else [values])]


def _for_second(policy: dict[str, Any]) -> dict[str, Any]:
    """Take the accounts out of NotPrincipal, or let the Deny name all principals; write out what matches every ARN."""
    found = deepcopy(policy)
    for statement in found["Statement"]:
        for operator, keys in statement.get("Condition", {}).items():
            if operator.startswith("Arn"):
                keys.update({key: _written_out(values) for key, values in keys.items()})
        if statement["Effect"] == "Deny" and "NotPrincipal" in statement:
            listed = statement.pop("NotPrincipal")
            arns = listed.pop("AWS", [])
            arns = [one for one in ([arns] if isinstance(arns, str) else arns) if not _ACCOUNT.fullmatch(one)]
            spared = listed | ({"AWS": arns} if arns else {})
            statement.update({"NotPrincipal": spared} if spared else {"Principal": "*"})
    return found


def _answers(second: SecondEvaluator, policy: dict[str, Any], principal: str, action: str) -> list[list[str]]:
    """Ask about every call: for each value of what is left open, "allowed", "denied" or "silent" for each caller."""
    groups = calls_of(principal, policy)
    flat = [call for group in groups for call in group]
    said = second.says(_for_second(policy), REPOSITORY, action, flat)
    words = [
        "allowed"
        if call.is_allowed_by(one)
        else "denied"
        if one in ("ExplicitlyDenied", "DeniedForAccount")
        else "silent"
        for call, one in zip(flat, said, strict=True)
    ]
    return [words[start : start + len(groups[0])] for start in range(0, len(words), len(groups[0]))]


def _alone(policy: dict[str, Any]) -> list[dict[str, Any]]:
    """Make a policy of each statement."""
    return [policy | {"Statement": [one]} for one in policy["Statement"]]


@_DRAWN
@given(_QUESTION)
def test_what_is_judged_is_what_the_second_evaluator_says(second: SecondEvaluator, question: Question) -> None:
    """Whatever is open, what is allowed is allowed to every caller, what is denied is explicitly denied to one.

    Where the policy is silent, one role or user is not allowed, and no statement by itself allows every one of
    several callers. (Two may do so together, each a part; that is not looked for.) What is conditional, the next
    property is about.
    """
    policy, principal, action = question
    effect = _judge(policy, principal, action).effect
    if effect is Effect.ALLOWED:
        for said in _answers(second, policy, principal, action):
            assert {*said} == {"allowed"}
    elif effect is Effect.EXPLICIT_DENY:
        assert all("denied" in said for said in _answers(second, policy, principal, action))
    elif effect is Effect.IMPLICIT_DENY:
        if principal in _ONE:
            assert all("allowed" not in said for said in _answers(second, policy, principal, action))
        for one in _alone(policy) if not _is_in_doubt(policy, principal) else ():
            assert all({*said} != {"allowed"} for said in _answers(second, one, principal, action))


def _is_in_doubt(policy: dict[str, Any], principal: str) -> bool:
    """Whether our evaluator leaves open what the second one does not."""
    text = json.dumps(policy)
    if "NotPrincipal" in text and '"Deny"' in text:
        return True  # the second evaluator exempts each principal that a deny lists
    if principal == SOME_ROLES and (":assumed-role/ci/" in text or "*:role/ci" in text):
        return True  # a role whose path the pattern covers, and whose name is another
    if principal == SERVICE and "${" in text:
        return True  # no tag is a service's name
    # No name has a wildcard, so that none equals a text that has one.
    return re.search(r'"String(Not)?Equals": {"aws:principalarn": [^}]*[*?]', text, re.IGNORECASE) is not None


@_OPEN_DRAWN
@given(_OPEN_QUESTION)
def test_what_is_conditional_goes_both_ways(second: SecondEvaluator, question: Question) -> None:
    """Where one condition or one principal leaves it open, some call is allowed, and some other is not."""
    policy, principal, action = question
    assume(_judge(policy, principal, action).effect is Effect.CONDITIONAL)
    assume(not _is_in_doubt(policy, principal))
    said = {one for group in _answers(second, policy, principal, action) for one in group}
    assert "allowed" in said
    assert said != {"allowed"}


def _without(policy: dict[str, Any], element: str, key: str = "") -> dict[str, Any]:
    """Take an element, or one key of it, out of every statement."""
    found = deepcopy(policy)
    for statement in found["Statement"]:
        for keys in statement.get(element, {}).values() if key else ():
            for name in [one for one in keys if one.lower() == key.lower()]:
                del keys[name]
        if not key and statement.pop(element, None) is not None:
            statement[element.removeprefix("Not")] = "*"
    return found


@pytest.fixture(scope="module")
def drawn() -> list[Question]:
    """Draw as the properties do, as many."""
    found: list[Question] = []
    for how, questions in ((_DRAWN, _QUESTION), (_OPEN_DRAWN, _OPEN_QUESTION)):

        @settings(how, phases=[Phase.generate])
        @given(questions)
        def draw(question: Question) -> None:
            found.append(question)

        draw()
    return found


@pytest.mark.parametrize(
    "those",
    [_ONE, {SOME_ROLES, THERE}, {ORGANIZATION, UNIT, UNIT + "*"}, {SERVICE}],
    ids=["one", "several of an account", "an organization's", "a service"],
)
def test_every_judgement_of_every_kind_of_principal_is_drawn(drawn: list[Question], those: set[str]) -> None:
    """The properties never hold for want of cases."""
    found = {_judge(*question).effect for question in drawn if question[1] in those}
    assert found == {*Effect}


@pytest.mark.parametrize("element", ["NotPrincipal", "NotAction", *KEYS])
def test_every_element_and_key_that_is_drawn_decides(drawn: list[Question], element: str) -> None:
    """Without it, some policy that is drawn is judged differently."""
    place = ("Condition", element) if element in KEYS else (element,)
    decides = (_judge(*one).effect is not _judge(_without(one[0], *place), *one[1:]).effect for one in drawn)
    assert any(decides)


@pytest.mark.parametrize(
    ("principal", "listed", "ours", "theirs"),
    [
        (ROLE, HERE, Effect.EXPLICIT_DENY, "Allowed"),
        (FOREIGN, f"arn:aws:iam::{THERE}:root", Effect.EXPLICIT_DENY, "Allowed"),
        (ROLE, [HERE, ROLE], Effect.CONDITIONAL, "Allowed"),
    ],
)
def test_they_differ_on_an_account_that_a_deny_spares(
    second: SecondEvaluator, principal: str, listed: object, ours: Effect, theirs: str
) -> None:
    """The documented difference, for which the second evaluator gets other policies."""
    allow = {"Effect": "Allow", "Principal": "*", "Action": "ecr:*"}
    policy = {"Statement": [allow, {"Effect": "Deny", "NotPrincipal": {"AWS": listed}, "Action": "ecr:*"}]}
    assert _judge(policy, principal, PULL[0]).effect is ours
    (calls,) = calls_of(principal, policy)
    assert {*second.says({"Version": "2012-10-17", **policy}, REPOSITORY, PULL[0], calls)} == {theirs}


def test_what_the_second_evaluator_does_not_take_for_a_policy_is_no_answer(second: SecondEvaluator) -> None:
    """A policy that it refuses is never counted as one that it denies, and it answers the next question."""
    (calls,) = calls_of(ROLE, {})
    with pytest.raises(RuntimeError, match="refused"):
        second.says({"Statement": [{"Effect": "Perhaps"}]}, REPOSITORY, PULL[0], calls)
    assert second.says({"Version": "2012-10-17", "Statement": []}, REPOSITORY, PULL[0], calls)
