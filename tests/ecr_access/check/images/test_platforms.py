"""A platform is allowed only where the index, or the media type, says that it is there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ecr_access.check.aws.errors import UnreadableError
from ecr_access.check.images.manifests import has_platform, platforms
from tests.ecr_access.check.images.test_judge import ARM, THEIRS, deploy, reason, required

if TYPE_CHECKING:
    from tests.ecr_access.check.fakes import Aws, Clock


def index(*listed: Any) -> str:
    """Write the manifest of an index, with the platform of each entry, or None for none."""
    return json.dumps({"manifests": [{} if one is None else {"platform": one} for one in listed]})


@pytest.mark.parametrize(
    ("wanted", "built", "runs"),
    [
        ("linux/arm64", "linux/arm64", True),
        ("linux/arm64", "linux/arm64/v8", True),
        ("linux/arm64/v8", "linux/arm64", True),
        ("linux/arm64/v9", "linux/arm64/v8", True),
        ("linux/arm64/v8.2", "linux/arm64/v8.1", True),
        ("linux/arm64/v9", "linux/arm64/v8.7", False),
        ("linux/arm64", "linux/arm64/v9", False),
        ("linux/arm64", "linux/arm64/v8.1", False),
        ("linux/amd64", "linux/amd64/v1", True),
        ("linux/amd64/v3", "linux/amd64", True),
        ("linux/amd64", "linux/amd64/v3", False),
        ("linux/arm", "linux/arm/v6", True),
        ("linux/arm/v6", "linux/arm", False),
        ("linux/arm/v6", "linux/arm/v7", False),
        ("linux/arm64/v8", "linux/arm64/odd", False),
        ("linux/arm64", "linux/arm", False),
        ("linux/amd64", "windows/amd64", False),
        ("linux/s390x", "linux/s390x", True),
        ("linux/ppc64le/power9", "linux/ppc64le", False),
    ],
)
def test_a_processor_runs_its_variant_and_earlier_ones(wanted: str, built: str, runs: bool) -> None:  # noqa: FBT001
    """As containerd chooses from an index."""
    assert has_platform(wanted, [built]) is runs


@pytest.mark.parametrize(
    "untold",
    [
        None,
        3,
        {},
        {"os": "linux"},
        {"architecture": "arm64"},
        {"os": "", "architecture": ""},
        {"os": 3, "architecture": 1},
    ],
)
def test_an_image_without_a_platform_may_be_the_one(untold: object) -> None:
    """It is no variant, and no proof that there is none; one that is listed stands by itself."""
    assert platforms(index(untold)) == [""]
    assert has_platform(ARM, platforms(index(untold))) is None
    assert has_platform(ARM, platforms(index(untold, {"os": "linux", "architecture": "arm64"}))) is True


@pytest.mark.parametrize("manifest", [None, 3, "", "{", "[]", "3", "{}", '{"manifests": {}}'])
def test_what_is_no_index_cannot_be_read(manifest: object) -> None:
    """Whatever the registry answers."""
    with pytest.raises(UnreadableError, match=r"^it holds no index of images$"):
        platforms(manifest)


@pytest.mark.parametrize(
    "attestation",
    [
        {"os": "unknown", "architecture": "unknown"},
        {"os": "unknown", "architecture": "arm64"},
        {"os": "linux", "architecture": "unknown"},
    ],
)
def test_an_attestation_is_no_image(attestation: dict[str, str]) -> None:
    """Nor is an index of nothing else."""
    assert platforms(index(attestation)) == []
    assert has_platform(ARM, platforms(index(attestation))) is False


def test_an_index_that_does_not_tell_is_undetermined(aws: Aws, clock: Clock) -> None:
    """Neither allowed nor denied."""
    web = aws.repository("team/web")
    aws.image(web, "1.4", index=["linux"])
    text = reason(aws, clock, required(web, Platform=ARM))
    assert text.startswith("could not determine")
    assert "its index lists an image without a platform, and none for linux/arm64" in text


@pytest.mark.parametrize("kind", ["application/vnd.new.index+json", None])
@pytest.mark.parametrize("more", [{"Lambda": "true"}, {"Platform": ARM}])
def test_a_media_type_of_another_account_that_is_not_known_is_undetermined(
    aws: Aws, clock: Clock, kind: str | None, more: dict[str, str]
) -> None:
    """As in the check's own account; where nothing hangs on it, the image is there."""
    aws.repository("team/web")
    aws.image("team/web", "1.4", imageManifestMediaType=kind)
    why = f"its media type is {kind}, which is not known here" if kind else "ECR tells no media type of it"
    assert f"image team/web:1.4: {why}; push it as an image" in reason(aws, clock, required(THEIRS, **more))
    assert deploy(aws, clock, required(THEIRS)).succeeded
