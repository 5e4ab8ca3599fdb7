"""An image that the app requires by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App, CfnParameter, Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecr_assets as ecr_assets
from aws_cdk import aws_lambda as lambda_

from cdk_ecr_access import AccessCheck, AccessibleRepository, ExistingRepository
from tests.cdk_ecr_access.test_template_lint import found as lint
from tests.reading import ACCOUNT, ENV, OTHER, REGION, rendered

if TYPE_CHECKING:
    from collections.abc import Callable

ARN = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/team/app"
DIGEST = f"sha256:{'0a' * 32}"


def _images(stack: Stack) -> list[dict[str, Any]]:
    images: list[dict[str, Any]] = rendered(stack).check["Properties"]["Images"]
    return images


def _of_aws_ecr(stack: Stack) -> ecr.IRepository:
    return ecr.Repository.from_repository_attributes(
        stack, "Repository", repository_arn=ARN, repository_name="team/app"
    )


def _existing(stack: Stack) -> ecr.IRepository:
    return ExistingRepository.from_repository_name(stack, "Repository", "team/app")


@pytest.mark.parametrize("repository", [_of_aws_ecr, _existing])
@pytest.mark.parametrize("image", ["1.4", "_", "latest", "v" * 128, DIGEST])
def test_an_image_of_an_imported_repository_is_required(
    stack: Stack, repository: Callable[[Stack], ecr.IRepository], image: str
) -> None:
    """By a tag or a digest, whichever library imports the repository."""
    AccessCheck.of(stack).require_image(repository(stack), image)
    assert _images(stack) == [{"Repository": ARN, "Image": image}]
    assert lint(rendered(stack).template) == []


@pytest.mark.parametrize("kind", [AccessibleRepository, ecr.Repository])
def test_an_image_of_a_declared_repository_may_be_new(stack: Stack, kind: type[ecr.Repository]) -> None:
    """This deployment may make the repository, and the check runs after it."""
    repository = kind(stack, "Repository")
    AccessCheck.of(stack).require_image(repository, "1.4")
    arn = stack.resolve(repository.repository_arn)
    assert _images(stack) == [{"Repository": arn, "Image": "1.4", "Made": "true"}]


def test_an_image_of_another_stacks_repository_comes_after_it() -> None:
    """The repository is there by then: this deployment does not make it."""
    app = App()
    home, other = Stack(app, "Home", env=ENV), Stack(app, "Other", env=ENV)
    repository = AccessibleRepository(home, "Repository", repository_name="team/app")
    AccessCheck.of(other).require_image(repository, "1.4")
    (image,) = _images(other)
    assert "Made" not in image
    assert home in other.dependencies


@pytest.mark.parametrize(
    ("platform", "written"),
    [
        ("linux/arm64", "linux/arm64"),
        ("linux/arm/v7", "linux/arm/v7"),
        (ecr_assets.Platform.LINUX_AMD64, "linux/amd64"),
        (lambda_.Architecture.ARM_64, "linux/arm64"),
        (lambda_.Architecture.X86_64, "linux/amd64"),
    ],
)
def test_a_platform_is_written_as_manifests_have_it(stack: Stack, platform: Any, written: str) -> None:
    """Whichever type of the CDK says it."""
    AccessCheck.of(stack).require_image(_existing(stack), "1.4", platform=platform)
    assert _images(stack) == [{"Repository": ARN, "Image": "1.4", "Platform": written}]


def test_a_tag_may_be_known_only_at_deployment(stack: Stack) -> None:
    """As one that a pipeline gives to each deployment."""
    tag = CfnParameter(stack, "Tag", type="String")
    AccessCheck.of(stack).require_image(_existing(stack), tag.value_as_string)
    assert _images(stack) == [{"Repository": ARN, "Image": {"Ref": "Tag"}}]


@pytest.mark.parametrize("image", ["", ".1", "1.4+build", "a b", "v" * 129, "sha256:0a", f"sha512:{'0a' * 32}", "x:y"])
def test_an_image_that_cannot_be_is_refused(stack: Stack, image: str) -> None:
    """With all that is wrong, and nothing is required then."""
    check, existing = AccessCheck.of(stack), _existing(stack)
    with pytest.raises(
        ValueError,
        match=r"^the image is '.*'; allowed: a tag .*; the platform is 'arm64'; allowed: .*/arm64' .ECR-ACCESS-310.$",
    ):
        check.require_image(existing, image, platform="arm64")
    assert "Images" not in rendered(stack).check["Properties"]


def test_another_tag_has_the_check_run_again() -> None:
    """And the same one does not."""
    digests = []
    for tag in ("1.4", "1.5", "1.5"):
        stack = Stack(App(), "Stack", env=ENV)
        AccessCheck.of(stack).require_image(_existing(stack), tag)
        digests.append(rendered(stack).check["Properties"]["Digest"])
    assert digests[0] != digests[1] == digests[2]


def test_an_image_that_comes_after_synthesis_is_refused(stack: Stack) -> None:
    """It would go unchecked; one that is required already is not."""
    check, existing = AccessCheck.of(stack), _existing(stack)
    check.require_image(existing, "1.4")
    rendered(stack)
    check.require_image(existing, "1.4")
    with pytest.raises(RuntimeError, match=r"not check image '1.5' of repository 'Stack/Repository'; grant"):
        check.require_image(existing, "1.5")


def test_an_image_of_another_account_is_looked_at_by_its_manifest(stack: Stack) -> None:
    """ECR tells no more to a puller, and looks up no repository."""
    arn = ARN.replace(ACCOUNT, OTHER)
    AccessCheck.of(stack).require_image(ExistingRepository.from_repository_arn(stack, "Theirs", arn), "1.4")
    allowed = [one["Action"] for one in rendered(stack).checks_own if one["Resource"] == arn]
    assert allowed == ["ecr:BatchGetImage"]
