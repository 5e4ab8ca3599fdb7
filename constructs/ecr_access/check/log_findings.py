"""Writes what was found to the log, the most important last, where the end of a log is what people are shown.

First what cannot be seen from here, then a summary that counts, then what is undetermined, then what is denied.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecr_access.check import log
from ecr_access.check.finding import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ecr_access.check.aws.api_usage import ApiUsage
    from ecr_access.check.finding import Finding
    from ecr_access.iam.arns import Repository


def write(
    findings: Sequence[Finding],
    usage: ApiUsage,
    *,
    unseen: Sequence[Repository],
    seconds: float,
    log_allowed: bool = False,
) -> None:
    """Write it.

    Args:
        findings: all of them.
        usage: what it cost.
        unseen: the repositories that cannot be looked up from here.
        seconds: how long it took.
        log_allowed: whether what is allowed is a line each, rather than counted alone.
    """
    if log_allowed:
        _write(findings, Verdict.ALLOWED)
    elsewhere = [f"{one.principal} {one.access} {one.repository}: {one.elsewhere}" for one in findings if one.elsewhere]
    elsewhere += [f"{one.arn}: its registry cannot be seen from here" for one in unseen]
    if elsewhere:
        log.line(not_verifiable=elsewhere)
    counts = {kind.value: sum(one.verdict is kind for one in findings) for kind in Verdict}
    log.line(summary={**counts, "not_verifiable": len(elsewhere), **usage.entries(), "seconds": round(seconds, 3)})
    _write(findings, Verdict.UNDETERMINED)
    _write(findings, Verdict.DENIED)


def _write(findings: Sequence[Finding], verdict: Verdict) -> None:
    for one in findings:
        if one.verdict is verdict:
            log.line(finding=entry(one))


def entry(one: Finding) -> dict[str, str]:
    """Write one finding as JSON."""
    return {
        "principal": one.principal,
        "access": one.access,
        "repository": one.repository,
        "verdict": one.verdict.value,
        "cause": one.cause,
        "fix": one.fix,
    }
