"""Step 6: a deployment of an image that was never pushed fails before anything runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from walkthrough.expect import expect
from walkthrough.steps.deny import ROLLED_BACK, printed_reason
from walkthrough.walk import MISSING_TAG, SECOND_TAG

if TYPE_CHECKING:
    from walkthrough.walk import Walk


def miss(walk: Walk) -> None:
    """Deploy a task of an image that is not there, expect the refusal, the nearest tag and the rollback."""
    repository = walk.target.repository
    with walk.report.step(
        6, f"a deployment of {repository}:{MISSING_TAG}, which was never pushed, fails and rolls back"
    ):
        code, said = walk.deploy_changed("missing_image_app", repository, MISSING_TAG)
        expect(code != 0, f"cdk deploy succeeded although {repository}:{MISSING_TAG} was never pushed")
        reason = printed_reason(said)
        for part in (repository, MISSING_TAG, SECOND_TAG):
            expect(part in reason, f"the reason that the CLI printed lacks {part!r}:\n{said}")
        status = walk.stack()["StackStatus"]
        expect(status == ROLLED_BACK, f"the stack is {status}, not {ROLLED_BACK}")
        walk.report.detail(f"the CLI said: {reason}")
        walk.report.detail(f"the stack is {status}")
