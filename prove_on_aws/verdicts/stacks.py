"""What CloudFormation does: events that a custom resource gets, and what becomes of resources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from prove_on_aws.outcome import decided, refuted, skipped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from prove_on_aws.outcome import Finding
    from prove_on_aws.reply import Reply

LAMBDA_ACTIONS: Final = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")


@dataclass(frozen=True)
class Sent:
    """One request that CloudFormation sent, and the status that the stack had then."""

    kind: str
    digest: str
    physical_id: str = ""
    status: str = ""


def repeats_digest(after_failure: Sequence[Sent], *, digest: str, physical_id: str) -> Finding:
    """A failed update is rolled back by an Update with the properties and the physical id from before, or by none."""
    expected = ("Update", digest, physical_id)
    found = [(one.kind, one.digest, one.physical_id) for one in after_failure]
    return decided(holds=all(one == expected for one in found), note=f"sent: {found or 'nothing'}")


def shows_rollback(after_failure: Sequence[Sent]) -> Finding:
    """While the Update of a rollback is under way, the stack's status says so."""
    seen = [one.status for one in after_failure if one.kind == "Update"]
    if not seen:
        return skipped("the rollback sent no Update")
    return decided(holds=all("ROLLBACK" in one for one in seen), note=f"status: {seen}")


def deletes_new(after_failure: Sequence[Sent], *, new: str) -> Finding:
    """What changed its physical id is rolled back by a Delete of the new one, and by no Update."""
    found = [(one.kind, one.physical_id) for one in after_failure]
    return decided(holds=found == [("Delete", new)], note=f"sent: {found or 'nothing'}")


def response_limit(at: str, beyond: str, reason: str) -> Finding:
    """An answer of 4,096 bytes is accepted, and a longer one replaced by an error about its size."""
    note = f"4,096 bytes: {at}; 4,097: {beyond}, {reason!r}"
    holds = (at, beyond) == ("CREATE_COMPLETE", "CREATE_FAILED") and "too long" in reason.lower()
    return decided(holds=holds, note=note)


def service_timeout(status: str, seconds: float, *, limit: float, slack: float) -> Finding:
    """A request that is not answered fails after ServiceTimeout, and not after an hour."""
    if status != "CREATE_FAILED":
        return refuted(f"the resource is {status} after {seconds:.0f} s")
    holds = limit - 1 <= seconds <= limit + slack
    return decided(holds=holds, note=f"failed after {seconds:.0f} s; ServiceTimeout is {limit:.0f} s")


def keeps_service_token(status: str, reason: str) -> Finding:
    """An update that changes the ServiceToken is refused."""
    return decided(holds=status == "UPDATE_FAILED" and "service token" in reason.lower(), note=f"{status}: {reason}")


def repository_is(*, there: bool, wanted: bool, status: str) -> Finding:
    """The repository is there, or gone, as it has to be."""
    return decided(
        holds=there is wanted, note=f"the repository {'is there' if there else 'is gone'}; the stack was {status}"
    )


def imports(status: str, before: str, after: str) -> Finding:
    """A repository with RetainExceptOnCreate is imported, and is the one from before."""
    done = status in ("CREATE_COMPLETE", "IMPORT_COMPLETE")
    return decided(holds=done and before == after, note=f"{status}; created {before}, after the import {after}")


def drops_policy(policy: Reply) -> Finding:
    """An import into a template without a policy leaves the repository without one."""
    return decided(holds=policy.code == "RepositoryPolicyNotFoundException", note=str(policy))


def already_exists(status: str, reason: str) -> Finding:
    """The creation of a repository that exists fails."""
    return decided(holds=status == "CREATE_FAILED" and "exist" in reason.lower(), note=f"{status}: {reason}")


def own_statement(statements: Sequence[Mapping[str, Any]], functions: str) -> Finding:
    """Lambda adds a statement for itself, for the functions of the account in this Region."""
    for one in statements:
        principal = one.get("Principal")
        service = principal.get("Service") if isinstance(principal, dict) else None
        if _texts(service) != ["lambda.amazonaws.com"]:
            continue
        actions = {str(action).lower() for action in _texts(one.get("Action"))}
        conditions = {
            (str(operator).lower(), str(key).lower()): _texts(value)
            for operator, keys in (one.get("Condition") or {}).items()
            for key, value in keys.items()
        }
        pulls = {action.lower() for action in LAMBDA_ACTIONS} <= actions
        source = conditions.get(("stringlike", "aws:sourcearn"), [])
        return decided(holds=pulls and source == [functions], note=str(dict(one)))
    return refuted(f"no statement of the {len(statements)} is for lambda.amazonaws.com")


def _texts(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]
