"""What names an image."""

from __future__ import annotations

import pytest

from ecr_access.ecr.image_names import image_error, platform_error, split_name

DIGEST = f"sha256:{'0a' * 32}"


@pytest.mark.parametrize(
    ("name", "repository", "image"),
    [
        ("team/app:1.4", "team/app", "1.4"),
        ("team/app", "team/app", "latest"),
        (f"team/app@{DIGEST}", "team/app", DIGEST),
        (f"team/app:1.4@{DIGEST}", "team/app", DIGEST),
        ("${Token[Name.1]}:${Token[Tag.2]}", "${Token[Name.1]}", "${Token[Tag.2]}"),
    ],
)
def test_a_name_is_taken_apart(name: str, repository: str, image: str) -> None:
    """ECR goes by the digest where both are named."""
    assert split_name(name) == (repository, image)


@pytest.mark.parametrize("image", ["1.4", "_x", "V-1_2.3", "v" * 128, DIGEST])
def test_a_tag_or_a_digest_is_taken(image: str) -> None:
    """As ECR takes it."""
    assert image_error(image) is None


@pytest.mark.parametrize("image", ["", "-x", ".x", "a/b", "1+2", "v" * 129, f"{DIGEST}0", DIGEST.upper(), "1.4\n"])
def test_what_is_neither_is_told(image: str) -> None:
    """With the value and what is allowed."""
    assert (image_error(image) or "").startswith("the image is '")


@pytest.mark.parametrize("platform", ["linux/amd64", "linux/arm/v7", "windows/amd64"])
def test_a_platform_is_taken(platform: str) -> None:
    """A system, an architecture, perhaps a variant."""
    assert platform_error(platform) is None


@pytest.mark.parametrize("platform", ["", "arm64", "linux/", "Linux/arm64", "linux/arm/v7/x", "linux arm64"])
def test_what_is_no_platform_is_told(platform: str) -> None:
    """With the value and what is allowed."""
    assert (platform_error(platform) or "").startswith("the platform is '")
