"""Denied calls that no check can find with the simulator: where an "allowed" is not counted as false.

The simulator is asked without the keys that only a call has, and once more with all of them, each of a value that no
policy names. What this cannot show is counted by itself, and printed:

- a value that the principal's own policies name, such as a deny for one address;
- some keys present and others absent in one call;
- the conditions of service control policies: the simulator neither reports their keys nor shows their statements.

A repository policy is read, so that nothing in it is excused; but a condition that the app itself declares there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tests.ecr_access.check.differential.calls import Call, Member, calls_of, members_of, named_values
from tests.ecr_access.check.differential.keys import OPEN, default_of, is_of_type, kind_of
from tests.ecr_access.check.differential.rules.conditions import entries, holds
from tests.ecr_access.check.differential.rules.decision import allowed_by_repository, decide, denied_by_repository
from tests.ecr_access.check.differential.rules.operators import like, texts
from tests.ecr_access.check.differential.rules.principals import Match
from tests.ecr_access.check.differential.rules.statements import Json, allows, denies

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.ecr_access.check.differential.rules.decision import Policies
    from tests.ecr_access.check.differential.simulator import Answer
    from tests.ecr_access.check.differential.world import Combination

DECLARED: Final = "declared by the app"
ORGANIZATION: Final = "a condition of a service control policy"
DENIED_VALUE: Final = "a deny for a value that an own policy names"
OTHER_VALUE: Final = "an allow that leaves out a value that an own policy names"
MIXTURE: Final = "some keys present and others absent"

_CHECKED: Final = frozenset(
    {"aws:principalarn", "aws:principalaccount", "aws:principaltype", "aws:principalisawsservice"}
    | {"aws:principalservicename", "aws:securetransport", "aws:viaawsservice", "aws:requestedregion"}
    | {"aws:resourceaccount", "aws:sourceaccount", "aws:sourcearn"}
)
"""Keys that a check can tell from the requirement."""


def excuse_of(one: Combination, member: Member, call: Call, answers: Iterable[Answer]) -> str | None:
    """Return why an "allowed" is not false for a call that AWS denies; None where it is."""
    if one.declared:
        call = replace(call, policies=_as_declared(one, member, call))
        if decide(call.request, call.policies, call.reading):
            return DECLARED
    asked = [answer for answer in answers if answer.asked == call.request.asked]
    if not asked or not _is_thorough(asked, call) or not all(_shows_an_allow(answer, call) for answer in asked):
        return None
    return _kind_of(call, asked)


def _as_declared(one: Combination, member: Member, call: Call) -> Policies:
    """Return the policies as they are for calls that meet the conditions which the app declares.

    The app's author knows what only a call can tell. What the check can hold against the requirement is no excuse,
    even if the app declared it.
    """
    statements = []
    for statement in call.policies.repository:
        if statement in one.declared and _concerns_some(one, statement, call):
            continue
        known = _without_open(one, member, call, statement) if statement in one.declared else statement
        if known == statement or statement["Effect"] == "Allow":
            statements.append(known)
    return replace(call.policies, repository=tuple(statements))


def _concerns_some(one: Combination, statement: Json, call: Call) -> bool:
    """Whether a Deny is about some of several callers alone: its author knows which."""
    members = members_of(one)
    if statement["Effect"] != "Deny" or len(members) == 1:
        return False
    alone = replace(call.policies, repository=(statement,))
    calls = [next(iter(calls_of(one, each, call.request.asked.action))) for each in members]
    return not all(denied_by_repository(other.request, alone, other.reading) for other in calls)


def _without_open(one: Combination, member: Member, call: Call, statement: Json) -> Json:
    """Leave out what only a call can tell: the session, policy variables, and the values of most keys."""
    known = dict(statement)
    if "Condition" in statement:
        known["Condition"] = _known_conditions(one, member, call, statement["Condition"])
    if "${" in str(statement.get("Resource")):
        del known["Resource"]
    if f":assumed-role/{call.request.caller.identity.rpartition('/')[2]}/" in str(statement.get("Principal")):
        known["Principal"] = {"AWS": [call.request.caller.arn, *texts(statement["Principal"]["AWS"])]}
    return known


def _known_conditions(one: Combination, member: Member, call: Call, condition: Json) -> Json:
    rest: Json = {}
    for operator, key, values in entries(condition):
        alone = {operator: {key: values}}
        # Which of several callers meet a condition on the caller, the app's author knows too.
        members = members_of(one) if key.lower().startswith("aws:principal") else [member]
        others = [other for each in members for other in calls_of(one, each, call.request.asked.action)]
        if key.lower() in _CHECKED and len({holds(alone, other.request.context) for other in others}) == 1:
            rest.setdefault(operator, {})[key] = values
    return rest


def _is_thorough(asked: list[Answer], call: Call) -> bool:
    """Whether the simulator was asked again with every key that it lacked and a call may have, booleans both ways."""
    lacking = [key for key in map(str.lower, asked[0].missing) if key in OPEN or key in call.request.context]
    if not lacking:
        return True
    supplied = [answer.context for answer in asked if all(_is_supplied(key, answer) for key in lacking)]
    booleans = [key for key in lacking if kind_of(key) == "boolean"]
    return bool(supplied) and all(len({context[key] for context in supplied}) > 1 for key in booleans)


def _is_supplied(key: str, answer: Answer) -> bool:
    return all(is_of_type(kind_of(key), value) for value in answer.context.get(key, ("",)))


def _shows_an_allow(answer: Answer, call: Call) -> bool:
    """Whether the call would be allowed if the principal's side were as an answer says."""
    if denied_by_repository(call.request, call.policies, call.reading):
        return False
    if answer.decision == "explicitDeny" or answer.by_organization is False:
        return False
    by_repository = allowed_by_repository(call.request, call.policies, call.reading)
    in_one_account = call.policies.account in ("", call.request.caller.account)
    if answer.decision == "allowed":
        return in_one_account or by_repository is not Match.NONE
    if not in_one_account:
        return False
    return by_repository is Match.ITSELF or (by_repository is Match.ROLE and answer.by_boundary is not False)


def _kind_of(call: Call, asked: list[Answer]) -> str | None:
    policies, request = call.policies, call.request
    about = request.asked, request.context
    levels = policies.organization
    if not all(allows(level, *about) and not denies(level, *about) for level in levels):
        return ORGANIZATION
    lacking = {key.lower() for key in asked[0].missing}
    present = {key: request.context.get(key, ()) for key in lacking}
    named = named_values([*policies.identity, *(policies.boundary or ())])
    tried = {key: {answer.context[key] for answer in asked if key in answer.context} for key in lacking}
    if any(
        values and values not in tried[key] and _is_named(key, values, named.get(key, []))
        for key, values in present.items()
    ):
        own = denies(policies.identity, *about) or denies(policies.boundary or (), *about)
        return DENIED_VALUE if own else OTHER_VALUE
    return MIXTURE if len({bool(values) for values in present.values()}) > 1 else None


def _is_named(key: str, values: tuple[str, ...], named: list[str]) -> bool:
    """Whether a policy names the value of a key; of numbers, a policy may name a range."""
    if kind_of(key) == "numeric":
        return True
    if kind_of(key) in ("ip", "date"):
        return values != (default_of(key),)
    return any(like(pattern, value) for pattern in named for value in values)
