"""What Lambda says of an image."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.diagnosis import cdk_lines, commands, pages, statements, wording
from ecr_access.diagnosis.cause import Cause, Step, sign
from ecr_access.diagnosis.causes.images import restore
from ecr_access.diagnosis.kinds import ErrorKind
from ecr_access.iam.actions import AccessLevel

if TYPE_CHECKING:
    from ecr_access.diagnosis.reading import Reading


def _permission(r: Reading) -> tuple[Step, ...]:
    return (
        Step(
            "In the app that declares the repository; name the account of the functions:", cdk_lines.granted_lambda(r)
        ),
        Step(
            "Or as a statement of the repository policy:",
            statements.allow(AccessLevel.LAMBDA_PULL.actions, principal={"Service": "lambda.amazonaws.com"}),
        ),
        Step(
            "See the policy that is there. It must allow lambda.amazonaws.com to ecr:BatchGetImage and "
            "ecr:GetDownloadUrlForLayer.",
            f"{commands.on_repository(r, 'get-repository-policy')} --query policyText --output text",
        ),
        Step(
            "In another account, the principal that creates the function needs both actions as well. The image must "
            "be of the function's Region."
        ),
    )


LAMBDA: Final = (
    Cause(
        name="lambda-not-allowed",
        error=ErrorKind.DENIED,
        signs=(
            sign(r"Lambda does not have permission to access the ECR image"),
            sign(r"The function does not have permission to access the specified image"),
        ),
        summary=lambda r: f"Lambda may not pull {wording.image(r)}: the repository policy does not let the service in",
        meaning="Lambda pulls as the service, not as the function's role. It writes the policy itself only for an "
        "image of its own account, and a later deployment of the repository takes that away again.",
        steps=_permission,
        page=pages.LAMBDA,
    ),
    Cause(
        name="lambda-image-missing",
        error=ErrorKind.NOT_FOUND,
        signs=(sign(r"Source image \S+ does not exist"), sign(r"trying to use a deleted image")),
        summary=lambda r: f"Lambda does not find {wording.image(r)}",
        meaning="The repository is there, and the tag is not: nothing was pushed yet when the function was created, "
        "the tag latest is taken for granted, or the image was deleted later, as by a lifecycle rule.",
        steps=lambda r: (
            Step("See the newest tags, and which of them are archived.", commands.images(r)),
            Step("Push before the function is deployed, and name the tag that was pushed."),
            restore(r),
        ),
        page=pages.LAMBDA,
    ),
    Cause(
        name="lambda-media-type",
        error=ErrorKind.NONE_OF_THEM,
        signs=(sign(r"image manifest(?:, config)? or layer media type for the source image"),),
        summary=lambda r: f"Lambda takes single images, and {wording.image(r)} is an index, or has an attestation",
        meaning="BuildKit adds an attestation of provenance by default, which makes the image an index. Lambda takes "
        "no index, whatever platforms it has.",
        steps=lambda r: (
            Step(
                "Build for one platform, without attestations, and push again.",
                "docker buildx build --platform linux/amd64 --provenance=false --sbom=false --push "
                f"-t {commands.registry(r)}/{commands.name(r)}:{r.tag or 'TAG'} .",
            ),
            Step("For a tool that calls docker by itself, such as the CDK:", "export BUILDX_NO_DEFAULT_ATTESTATIONS=1"),
            Step(
                "A tag that was pushed before keeps its index: push over it, or delete it.",
                f"{commands.on_repository(r, 'batch-delete-image')} --image-ids imageTag={r.tag or 'TAG'}",
            ),
        ),
        page=pages.LAMBDA,
    ),
    Cause(
        name="lambda-image-not-valid",
        error=ErrorKind.NONE_OF_THEM,
        signs=(sign(r"Source image \S+ is not valid"),),
        summary=lambda r: (
            f"Lambda takes images by tag or digest, of a private registry of its Region; {wording.image(r)} is not"
        ),
        meaning="The URI has no tag and no digest, or names public.ecr.aws, Docker Hub or a repository of another "
        "Region.",
        steps=lambda r: (
            Step("Give the whole URI.", f"{commands.registry(r)}/{commands.name(r)}:{r.tag or 'TAG'}"),
            Step(
                "Copy an image of elsewhere into a repository of the function's Region.",
                f"docker pull SOURCE && docker tag SOURCE {commands.registry(r)}/{commands.name(r)}:{r.tag or 'TAG'} "
                f"&& docker push {commands.registry(r)}/{commands.name(r)}:{r.tag or 'TAG'}",
            ),
        ),
        page=pages.LAMBDA,
    ),
)
