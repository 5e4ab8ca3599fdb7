"""Step 8: destroying the stack loses no image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from walkthrough.expect import expect
from walkthrough.steps.push import image_digests
from walkthrough.walk import FIRST_TAG, SECOND_TAG, STACK

if TYPE_CHECKING:
    from walkthrough.walk import Walk


def destroy(walk: Walk) -> None:
    """Destroy the stack and look whether the images are still there."""
    repository = walk.target.repository
    with walk.report.step(8, f"cdk destroy leaves {repository} and its images"):
        code, said = walk.cdk("destroy", "--force")
        expect(code == 0, f"cdk destroy failed (exit code {code}):\n{said}")
        expect(not _stacks(walk), "the stack is still there after cdk destroy")
        images = image_digests(walk)
        expect(images.keys() >= {FIRST_TAG, SECOND_TAG}, f"images are gone, there is only {images or 'nothing'}")
        walk.report.detail(f"still there: {', '.join(f'{repository}:{tag}' for tag in sorted(images))}")


def _stacks(walk: Walk) -> list[str]:
    stacks = walk.cloud.client("cloudformation").describe_stacks()["Stacks"]
    return [stack["StackName"] for stack in stacks if stack["StackName"] == STACK]
