"""Step 3: ``cdk deploy`` makes the repository, and its check proves who can reach it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from walkthrough.expect import expect
from walkthrough.findings import findings
from walkthrough.walk import APPROVED

if TYPE_CHECKING:
    from walkthrough.walk import Walk


def deploy(walk: Walk) -> None:
    """Deploy app.py and print what the check verified."""
    with walk.report.step(3, "cdk deploy makes the repositories and proves who can reach them"):
        code, said = walk.cdk("deploy", *APPROVED)
        expect(code == 0, f"cdk deploy failed (exit code {code}):\n{said}")
        found = findings(walk)
        expect(found, "the access check wrote no finding to its log")
        rows = [
            (_short(one["principal"]), one["access"], _short(one["repository"]) or "(the registry)", one["verdict"])
            for one in found
        ]
        walk.report.table(("principal", "access", "repository", "verdict"), rows)
        denied = [row for row in rows if row[3] != "allowed"]
        expect(not denied, f"the deployment succeeded although the check found {denied}")


def _short(name: str) -> str:
    """Return what tells an ARN from the others of its account and Region."""
    return name.rpartition(":")[2].removeprefix("repository/")
