"""What the policy simulator says of principals: absent, foreign, groups, under a boundary, in an organization."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prove_on_aws.outcome import decided
from prove_on_aws.verdicts.simulator import ALLOWED, entries, one_decision

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prove_on_aws.outcome import Finding
    from prove_on_aws.reply import Reply


def no_such_entity(reply: Reply) -> Finding:
    """A role that does not exist is answered with NoSuchEntity."""
    return decided(holds=reply.code == "NoSuchEntity", note=one_decision(reply) or str(reply))


def refuses_foreign(reply: Reply) -> Finding:
    """A principal of another account is refused, with whatever error."""
    return decided(holds=not reply.accepted, note=one_decision(reply) or str(reply))


def allows(reply: Reply) -> Finding:
    """The decision is allowed."""
    return decided(holds=one_decision(reply) == ALLOWED, note=one_decision(reply) or str(reply))


def denies_implicitly(reply: Reply) -> Finding:
    """The decision is implicitDeny."""
    return decided(holds=one_decision(reply) == "implicitDeny", note=one_decision(reply) or str(reply))


def boundary_detail(replies: Sequence[Reply]) -> Finding:
    """A boundary that does not allow makes implicitDeny, and says so, at the top or in each entry."""
    seen = [
        (decision, _detail(reply, "PermissionsBoundaryDecisionDetail", "AllowedByPermissionsBoundary"))
        for reply in replies
        for decision in _decisions(reply)
    ]
    holds = bool(seen) and all(one == ("implicitDeny", False) for one in seen)
    return decided(holds=holds, note=f"(decision, AllowedByPermissionsBoundary): {seen}")


def boundary_deny(reply: Reply) -> Finding:
    """A Deny statement of a boundary makes explicitDeny."""
    return decided(holds=one_decision(reply) == "explicitDeny", note=one_decision(reply) or str(reply))


def denied_by_organization(reply: Reply) -> Finding:
    """A service control policy that denies makes AllowedByOrganizations false."""
    detail = _detail(reply, "OrganizationsDecisionDetail", "AllowedByOrganizations")
    return decided(holds=detail is False, note=f"AllowedByOrganizations: {detail}; {one_decision(reply) or reply}")


def denied_by_condition(reply: Reply, key: str) -> Finding:
    """A condition of a service control policy is evaluated without its key, which is not listed as missing."""
    detail = _detail(reply, "OrganizationsDecisionDetail", "AllowedByOrganizations")
    listed = any(key in (entry.get("MissingContextValues") or []) for _, entry in entries(reply))
    return decided(
        holds=detail is False and not listed, note=f"AllowedByOrganizations: {detail}; {key} listed: {listed}"
    )


def _decisions(reply: Reply) -> list[str]:
    return [str(entry.get("EvalResourceDecision") or entry.get("EvalDecision", "")) for _, entry in entries(reply)]


def _detail(reply: Reply, detail: str, name: str) -> bool | None:
    """Return a flag wherever it stands; the worst where several contradict each other, None where there is none."""
    tops: list[dict[str, Any]] = list(reply.body.get("EvaluationResults", []))
    found = [one[detail].get(name) for one in [*tops, *(entry for _, entry in entries(reply))] if one.get(detail)]
    return None if not found else all(one is not False for one in found)
