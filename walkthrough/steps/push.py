"""Step 4: the role that was proved to reach the repository does reach it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from walkthrough.expect import expect
from walkthrough.pushing import push_as_role
from walkthrough.walk import FIRST_TAG

if TYPE_CHECKING:
    from walkthrough.walk import Walk


def push(walk: Walk) -> None:
    """Push as the role, pull back, and compare with what ECR says."""
    repository, key = walk.target.repository, walk.target.role_key
    with walk.report.step(4, f"the {key} role gets a token, pushes {repository}:{FIRST_TAG} and pulls it back"):
        digest = push_as_role(walk, tag=FIRST_TAG)
        images = image_digests(walk)
        expect(images.get(FIRST_TAG) == digest, f"ECR lists {images}, not {FIRST_TAG} as {digest}")
        walk.report.detail(f"as {walk.role_arn()}")
        walk.report.detail(f"{digest}, and the same bytes came back")


def image_digests(walk: Walk) -> dict[str, str]:
    """Return the digests of the repository's images by their tags, as the ECR API lists them."""
    pages = walk.cloud.client("ecr").get_paginator("describe_images")
    return {
        tag: image["imageDigest"]
        for page in pages.paginate(repositoryName=walk.target.repository)
        for image in page["imageDetails"]
        for tag in image.get("imageTags", [])
    }
