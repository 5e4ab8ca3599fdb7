"""app.py with a task more, of an image that was never pushed.

Run by step 6 as ``python3 -m walkthrough.missing_image_app REPOSITORY TAG``.
"""

from __future__ import annotations

import sys

from aws_cdk import App
from aws_cdk import aws_ecs as ecs

from app import build
from cdk_ecr_access import ExistingRepository


def main(repository: str, tag: str) -> None:
    """Synthesize the app with the task, and require the images of all that runs one."""
    app = App(context={"cdk-ecr-access:images": True})
    (stack,) = build(app)
    of_the_image = ExistingRepository.from_repository_name(stack, "OfTheImage", repository)
    task = ecs.FargateTaskDefinition(stack, "Task")
    task.add_container("app", image=ecs.ContainerImage.from_ecr_repository(of_the_image, tag))
    app.synth()


if __name__ == "__main__":
    main(*sys.argv[1:])
