"""The attributes of the custom resource, for outputs: all of them in every answer, because CloudFormation insists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecr_access.check.finding import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ecr_access.check.finding import Finding


def attributes(findings: Sequence[Finding], *, unseen: int, endpoint: str) -> dict[str, str]:
    """Tell what was found, as texts.

    Args:
        findings: all of them.
        unseen: how many repositories could not be looked up from here.
        endpoint: of the registry that a token is for.
    """
    counts = {kind: sum(one.verdict is kind for one in findings) for kind in Verdict}
    return {
        "Verified": str(counts[Verdict.ALLOWED] == len(findings)).lower(),
        "Allowed": str(counts[Verdict.ALLOWED]),
        "Denied": str(counts[Verdict.DENIED]),
        "Undetermined": str(counts[Verdict.UNDETERMINED]),
        "NotVerifiable": str(unseen + sum(bool(one.elsewhere) for one in findings)),
        "TokenEndpoint": endpoint,
    }


def of_rollback(endpoint: str) -> dict[str, str]:
    """Tell that nothing was found out."""
    return {**attributes([], unseen=0, endpoint=endpoint), "Verified": "false"}
