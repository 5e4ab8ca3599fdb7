"""The images that an app requires of its access check by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdk_ecr_access.access_check.checked_repository import checked
from cdk_ecr_access.access_check.image_gate.required_image import required
from cdk_ecr_access.cdk.arguments import typed

if TYPE_CHECKING:
    from aws_cdk import aws_ecr as ecr
    from aws_cdk import aws_ecr_assets as ecr_assets
    from aws_cdk import aws_lambda as lambda_

    from cdk_ecr_access.access_check.check_inputs import CheckInputs


class CheckImages:
    """Requirements on images: a deployment fails in seconds where it would wait for a pull that cannot succeed."""

    _inputs: CheckInputs

    @typed
    def require_image(
        self,
        repository: ecr.IRepository,
        tag_or_digest: str,
        *,
        platform: ecr_assets.Platform | lambda_.Architecture | str | None = None,
    ) -> None:
        """Require that an image is in a repository, can be pulled, and is for a platform.

        Renders no permission but the check's own to look. Whatever runs the image is to be deployed after the check:
        ``service.node.add_dependency(check)``. ``AccessCheck(stack, images=True)`` does both for what the stack runs.

        Args:
            repository: of this library or of ``aws_ecr``, declared or imported. One of another account is looked at
                by ``ecr:BatchGetImage``, which counts as a pull there.
            tag_or_digest: a tag, such as ``"1.4"``, or a digest, such as ``"sha256:..."``; may be a token.
            platform: what an index of images has to have a variant for, such as ``"linux/arm64"``,
                ``ecr_assets.Platform.LINUX_ARM64`` or ``lambda_.Architecture.ARM_64``. Default: any.

        Raises:
            ValueError: with everything that is wrong with the tag or digest, and the platform.

        https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html
        """
        self._inputs.require_image(required(checked(repository), tag_or_digest, platform))
