"""What the policy simulator's answers say: their shape, their decisions, their limits.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prove_on_aws.outcome import Outcome, decided, held, refuted, skipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from prove_on_aws.outcome import Finding
    from prove_on_aws.reply import Reply

Entry = dict[str, Any]
ALLOWED: Final = "allowed"


def entries(reply: Reply) -> Iterator[tuple[tuple[str, str], Entry]]:
    """Yield the part of an answer that is about one action on one resource, in both shapes that AWS has had."""
    for result in reply.body.get("EvaluationResults", []):
        action = str(result.get("EvalActionName", ""))
        for entry in result.get("ResourceSpecificResults") or []:
            yield (action, str(entry.get("EvalResourceName", ""))), entry
        if not result.get("ResourceSpecificResults"):
            yield (action, str(result.get("EvalResourceName", ""))), result


def decisions(reply: Reply) -> dict[tuple[str, str], str]:
    """Return the decision on each action and resource."""
    return {
        key: str(entry.get("EvalResourceDecision") or entry.get("EvalDecision", "")) for key, entry in entries(reply)
    }


def one_decision(reply: Reply) -> str:
    """Return the only decision of an answer, whatever it calls the resource; empty without one."""
    found = list(decisions(reply).values())
    return found[0] if len(found) == 1 else ""


def decides(reply: Reply, expected: Mapping[str, str]) -> Finding:
    """Each action has the decision that its statements call for."""
    found = {action: decision for (action, _), decision in decisions(reply).items()}
    return decided(holds=found == dict(expected), note=f"decisions: {found or reply}")


def answers_all(reply: Reply, actions: Sequence[str], resources: Sequence[str]) -> Finding:
    """Every action is answered on every resource."""
    wanted = {(action, resource) for action in actions for resource in resources}
    missing = wanted - decisions(reply).keys()
    note = f"{len(wanted) - len(missing)} of {len(wanted)} pairs of action and resource answered"
    return decided(holds=not missing, note=note if reply.accepted else str(reply))


def refuses_too_many(asked: Sequence[tuple[Sequence[str], Reply]], action: str) -> Finding:
    """More resources than a call takes are refused with InvalidInput, and never left out in silence."""
    for resources, reply in asked:
        if not reply.accepted:
            return decided(holds=reply.code == "InvalidInput", note=f"{len(resources)} resources refused: {reply}")
        answered = answers_all(reply, [action], resources)
        if answered.outcome is Outcome.REFUTED:
            return refuted(f"a call with {len(resources)} resources is accepted, and {answered.note}")
    return skipped(f"a call with {len(asked[-1][0])} resources is still answered")


def pages(replies: Sequence[Reply], actions: Sequence[str]) -> Finding:
    """Pages of one result follow each other by markers that do not repeat, and hold every action together."""
    found = {action for reply in replies for action, _ in decisions(reply)}
    markers = [reply.body["Marker"] for reply in replies if reply.body.get("IsTruncated") and "Marker" in reply.body]
    note = f"{len(replies)} pages, {len(set(markers))} markers, {len(found)} of {len(actions)} actions"
    return decided(holds=found == set(actions) and len(markers) == len(set(markers)), note=note)


def names_policies(reply: Reply, names: Mapping[str, str]) -> Finding:
    """SourcePolicyId holds the name of the policy whose statement decided."""
    ids = {
        action: [str(one.get("SourcePolicyId", "")) for one in entry.get("MatchedStatements") or []]
        for (action, _), entry in entries(reply)
    }
    lacking = [name for action, name in names.items() if not any(name in one for one in ids.get(action, []))]
    return decided(holds=not lacking, note=f"SourcePolicyId: {ids or reply}")


def lists_missing_key(replies: Sequence[Reply], key: str) -> Finding:
    """Each entry, where there are entries, lists the key that it had no value for."""
    lists = [entry.get("MissingContextValues") or [] for reply in replies for _, entry in entries(reply)]
    at_top = any(
        key in (result.get("MissingContextValues") or [])
        for reply in replies
        for result in reply.body.get("EvaluationResults", [])
    )
    if lists and all(key in one for one in lists):
        return held(f"{key} is in all of the {len(lists)} entries")
    return refuted(f"{key} is at the top alone" if at_top else f"{key} is in none, or not in all: {lists}")


def lists_key_of_others(reply: Reply, key: str) -> Finding:
    """A decision also lists the missing keys of statements that are about another service."""
    lists = [entry.get("MissingContextValues") or [] for _, entry in entries(reply)]
    return decided(holds=bool(lists) and all(key in one for one in lists), note=f"MissingContextValues: {lists}")


def uses_context(given: Reply, other: Reply) -> Finding:
    """The keys that a call supplies are what the conditions are evaluated with."""
    with_key, without = one_decision(given), one_decision(other)
    holds = with_key == ALLOWED and without == "implicitDeny"
    return decided(holds=holds, note=f"with the right values {with_key or given}, with others {without or other}")


def takes_principal_keys(reply: Reply) -> Finding:
    """A call may supply the keys that describe the principal, and conditions on them are met."""
    return decided(holds=one_decision(reply) == ALLOWED, note=one_decision(reply) or str(reply))


def token_on_resource(on_repository: Reply, on_all: Reply) -> Finding:
    """A token allowed on a repository alone is allowed there, and not on ``*``."""
    there, everywhere = one_decision(on_repository), one_decision(on_all)
    note = f"on the repository {there or on_repository}, on * {everywhere or on_all}"
    return decided(holds=there == ALLOWED and everywhere == "implicitDeny", note=note)
