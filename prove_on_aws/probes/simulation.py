"""Asks the policy simulator, in the way that the check does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prove_on_aws.lab import allow, document
from prove_on_aws.reply import Reply, ask
from prove_on_aws.verdicts.simulator import ALLOWED, one_decision

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from prove_on_aws.lab import Lab

CONTROL: Final = "ecr:ListImages"
"""The action that a probe's role is allowed without conditions: once it is, the role's policies are known."""

_PAGES: Final = 30


def controlled(*statements: dict[str, Any]) -> str:
    """Write a policy with the control's statement besides its own."""
    return document(allow(CONTROL), *statements)


def simulate(
    lab: Lab,
    principal: str,
    actions: Sequence[str],
    resources: Sequence[str],
    *,
    context: Mapping[str, str] | None = None,
) -> Reply:
    """Return the answer on every action and resource, its pages joined."""
    replies = simulate_pages(lab, principal, actions, resources, context=context, a_page=1000)
    results = [one for reply in replies for one in reply.body.get("EvaluationResults", [])]
    return Reply({"EvaluationResults": results}) if replies[-1].accepted else replies[-1]


def simulate_pages(
    lab: Lab,
    principal: str,
    actions: Sequence[str],
    resources: Sequence[str],
    *,
    context: Mapping[str, str] | None = None,
    a_page: int,
) -> list[Reply]:
    """Return the pages of an answer, up to the first that is refused."""
    request: dict[str, Any] = {
        "PolicySourceArn": principal,
        "ActionNames": list(actions),
        "ResourceArns": list(resources),
        "ContextEntries": [_entry(key, value) for key, value in (context or {}).items()],
        "MaxItems": a_page,
    }
    replies: list[Reply] = []
    while len(replies) < _PAGES:
        reply = ask(lambda: lab.client("iam").simulate_principal_policy(**request))
        replies.append(reply)
        if not (reply.accepted and reply.body.get("IsTruncated") and reply.body.get("Marker")):
            break
        request["Marker"] = reply.body["Marker"]
    return replies


def seconds_until_simulated(lab: Lab, principal: str, action: str = CONTROL) -> float:
    """Wait until the simulator knows a policy, by an action that it allows; return the seconds that it took."""

    def known() -> bool:
        return one_decision(simulate(lab, principal, [action], ["*"])) == ALLOWED

    return lab.seconds_until(known, what=f"the simulator to know the policies of {principal}")


def _entry(key: str, value: str) -> dict[str, Any]:
    kind = "boolean" if value in ("true", "false") else "string"
    return {"ContextKeyName": key, "ContextKeyValues": [value], "ContextKeyType": kind}
