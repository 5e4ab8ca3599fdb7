"""What real calls say about how AWS evaluates policies."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prove_on_aws.outcome import decided, refuted, skipped

if TYPE_CHECKING:
    from prove_on_aws.outcome import Finding
    from prove_on_aws.reply import Reply

_UNIQUE_ID: Final = re.compile(r"AROA[A-Z0-9]{12,}")


def let_in(reply: Reply) -> Finding:
    """The call is authorized, whatever comes of it afterwards."""
    return _elsewhere(reply) or decided(holds=not reply.forbidden, note=str(reply))


def kept_out(reply: Reply) -> Finding:
    """The call is not authorized."""
    return _elsewhere(reply) or decided(holds=reply.forbidden, note=str(reply))


def _elsewhere(reply: Reply) -> Finding | None:
    """Skip a call that did not reach the probe's repository: its policy was not evaluated."""
    return skipped(f"not evaluated: {reply}") if reply.code == "RepositoryNotFoundException" else None


def within(seconds: float | None, *, window: float) -> Finding:
    """A change was effective before a denial is believed."""
    if seconds is None:
        return refuted(f"not effective after {window:.0f} s")
    return decided(holds=seconds <= window, note=f"effective after {seconds:.1f} s, the window is {window:.0f} s")


def session_arn(arn: str, role: str) -> Finding:
    """A session's ARN has the role's name, and not its path."""
    return decided(holds=f":assumed-role/{role}/" in arn and arn.count("/") == 2, note=arn)  # noqa: PLR2004


def deleted_principal(text: str, arn: str) -> Finding:
    """The policy names a deleted role by its unique id."""
    if arn in text:
        return refuted("the policy still has the role's ARN")
    return decided(holds=_UNIQUE_ID.search(text) is not None, note=text[:200])


def pulls(manifest: int, layer: int) -> Finding:
    """A manifest and a layer come with the token and two actions alone."""
    return decided(holds=(manifest, layer) == (200, 200), note=f"HTTP status {manifest} and {layer}")


def tells_missing_digest(present: int, absent: int) -> Finding:
    """A digest that the repository does not have is answered with 404 or 403."""
    if present != 200:  # noqa: PLR2004 -- the control
        return skipped(f"the image that is there is answered with {present}")
    return decided(holds=absent in (403, 404), note=f"HTTP status {absent}")
