"""What deployments of the real check by the real CDK CLI say."""

from __future__ import annotations

from prove_on_aws.outcome import Finding, decided


def passes(code: int, verified: str) -> Finding:
    """A deployment whose permissions are complete succeeds, and its check says that all was proved."""
    return decided(holds=code == 0 and verified == "true", note=f"exit status {code}, Verified: {verified or 'absent'}")


def fails(code: int, printed: str, *, status: str) -> Finding:
    """A deployment that denies the token fails, says why, and is rolled back."""
    return _fails(code, printed, status, rolled_back=True)


def fails_express(code: int, printed: str, *, status: str) -> Finding:
    """In express mode too, where the CLI turns the rollback off unless it is asked for."""
    return _fails(code, printed, status, rolled_back=False)


def _fails(code: int, printed: str, status: str, *, rolled_back: bool) -> Finding:
    said = "explicitly denied" in " ".join(printed.split())
    note = f"exit status {code}, the reason {'is' if said else 'is not'} printed, the stack is {status}"
    ends = ("UPDATE_ROLLBACK_COMPLETE",) if rolled_back else ("UPDATE_ROLLBACK_COMPLETE", "UPDATE_FAILED")
    return decided(holds=code != 0 and said and status in ends, note=note)


def leaves_no_log_group(before: int, after: int) -> Finding:
    """The check's log group goes with its stack, and no late line of the function makes it anew."""
    return decided(holds=before > 0 and after == 0, note=f"{before} log groups before cdk destroy, {after} after")
