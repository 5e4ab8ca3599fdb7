"""What ECR and IAM answer where the code tells one error from another, or counts characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prove_on_aws.outcome import decided

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prove_on_aws.outcome import Finding
    from prove_on_aws.reply import Reply


def refused_with(reply: Reply, code: str) -> Finding:
    """The call is refused with this error."""
    return decided(holds=reply.code == code, note=str(reply))


def accepted(reply: Reply) -> Finding:
    """The call is accepted."""
    return decided(holds=reply.accepted, note=str(reply))


def seen_at_once(replies: Sequence[Reply]) -> Finding:
    """Every look right after the creation finds the repository."""
    failed = [reply for reply in replies if not reply.accepted]
    return decided(holds=bool(replies) and not failed, note=f"{len(replies)} looks, {len(failed)} of them in vain")


def limited_to(at: Reply, beyond: Reply, limit: int) -> Finding:
    """So many characters are accepted, and one more is refused."""
    note = f"{limit:,} characters: {at}; one more: {beyond}"
    return decided(holds=at.accepted and not beyond.accepted, note=note)
