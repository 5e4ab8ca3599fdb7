"""404 and others: the repository is there, and its image is not, or must not be overwritten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.diagnosis import commands, pages, wording
from ecr_access.diagnosis.cause import Belongs, Cause, Step, sign
from ecr_access.diagnosis.kinds import ErrorKind

if TYPE_CHECKING:
    from ecr_access.diagnosis.reading import Reading


def restore(r: Reading) -> Step:
    """Return the step that brings an archived image back."""
    return Step(
        "If its status is ARCHIVED, restore it, which takes up to 20 minutes, or push it again.",
        f"{commands.on_repository(r, 'update-image-storage-class')} --image-id imageTag={r.tag or 'TAG'} "
        "--target-storage-class STANDARD",
    )


IMAGES: Final = (
    Cause(
        name="image-archived",
        error=ErrorKind.NOT_FOUND,
        signs=(
            sign(r"ImageArchivedException"),
            sign(r"\bimage\b[^\n]{0,200}\bis archived\b", Belongs.WITH_ECR),
            sign(r"\"?imageStatus\"?: ?\"?ARCHIVED"),
        ),
        summary=lambda r: (
            f"{wording.image(r)} is archived; an archived image cannot be pulled, though its repository is there"
        ),
        meaning="A rule of the lifecycle policy, or a person, moved it to the archive. It is listed, and answers 404.",
        steps=lambda r: (
            restore(r),
            Step(
                "Look at the rule that archives, and let it spare what is running.",
                commands.on_repository(r, "get-lifecycle-policy"),
            ),
        ),
        page=pages.ARCHIVE,
    ),
    Cause(
        name="immutable-tag",
        error=ErrorKind.NONE_OF_THEM,
        signs=(
            sign(r"cannot be overwritten because the (?:repository|tag) is immutable"),
            sign(r"ImageTagAlreadyExistsException"),
        ),
        summary=lambda r: (
            f"the tag of {wording.image(r)} is taken, and the repository does not let tags be overwritten"
        ),
        meaning="The push was allowed and refused all the same: tags of this repository are immutable. A second run "
        "of the same pipeline does this, and so does a tag like latest.",
        steps=lambda r: (
            Step(
                "Push under a tag of its own, such as the commit.",
                f"docker push {commands.registry(r)}/{commands.name(r)}:$(git rev-parse --short HEAD)",
            ),
            Step(
                "Where the same image is pushed again, ask first, and skip the push.",
                f"{commands.on_repository(r, 'describe-images')} --image-ids imageTag={r.tag or 'TAG'}",
            ),
            Step(
                "Where a tag must move, exempt it: in the CDK app, of the repository:",
                "image_tag_mutability=ecr.TagMutability.IMMUTABLE_WITH_EXCLUSION,\n"
                "image_tag_mutability_exclusion_filters=["
                f'ecr.ImageTagMutabilityExclusionFilter.wildcard("{r.tag or "latest"}")],',
            ),
        ),
        page=pages.IMMUTABLE,
    ),
    Cause(
        name="image-exists",
        error=ErrorKind.NONE_OF_THEM,
        signs=(sign(r"ImageAlreadyExistsException"),),
        summary=lambda r: f"{wording.image(r)} is there already, with the same content",
        meaning="Nothing is wrong with the repository or with the permissions.",
        steps=lambda _: (Step("Take this answer of PutImage for success."),),
        page=pages.IMMUTABLE,
    ),
    Cause(
        name="image-not-valid",
        error=ErrorKind.NONE_OF_THEM,
        signs=(
            sign(r"ECR image [\"']\S+ is invalid"),
            sign(r"provide a valid Amazon Elastic Container Registry path of the Docker image"),
        ),
        summary=lambda r: f"the URI of {wording.image(r)} is not valid here",
        meaning="It has no tag and no digest, or is no URI of a private registry. The service does not add latest by "
        "itself.",
        steps=lambda r: (
            Step("Give the whole URI.", f"{commands.registry(r)}/{commands.name(r)}:{r.tag or 'TAG'}"),
            Step("See the newest tags.", commands.images(r)),
        ),
        page=pages.PUSH,
    ),
    Cause(
        name="cache-manifest",
        error=ErrorKind.NONE_OF_THEM,
        signs=(sign(r"error writing manifest blob[\s\S]{0,600}?400 Bad Request", Belongs.WITH_ECR),),
        summary=lambda r: f"ECR does not take the cache of BuildKit for {wording.repository(r)} in this form",
        meaning="The image itself is fine. A cache is an index of layers by default, and ECR takes it as an image.",
        steps=lambda r: (
            Step(
                "Let BuildKit write the cache as an image.",
                f"--cache-to type=registry,ref={commands.registry(r)}/{commands.name(r)}:cache,mode=max,"
                "image-manifest=true,oci-mediatypes=true",
            ),
        ),
        page=pages.PUSH,
    ),
    Cause(
        name="image-missing",
        error=ErrorKind.NOT_FOUND,
        signs=(
            sign(r"ImageNotFoundException"),
            sign(r"The image with imageId .{0,200} does not exist within the repository"),
            sign(r"(?:manifest unknown|MANIFEST_UNKNOWN): Requested image not found", Belongs.UNLESS_ELSEWHERE),
            sign(r"manifest for \S*dkr[.-]ecr\S* not found"),
            sign(r"Tag \S+ not found in repository \S*dkr[.-]ecr"),
            sign(r"Requested image \S*dkr[.-]ecr\S* not found"),
            sign(r"calling the Create[A-Za-z]{1,40} operation: Cannot find the requested image"),
            sign(
                r"\b(?:error|solve)\b[^\n]{0,400}?dkr[.-]ecr[.\w-]{1,80}/[^\s:\"']{1,256}[:@][^\s\"']{1,140}: not found"
            ),
            sign(r"Error: image \S+ not found", Belongs.WITH_ECR),
            sign(r"manifest unknown|MANIFEST_UNKNOWN", Belongs.WITH_ECR),
            sign(r"(?:resolve|resolving) (?:reference|ref)[^\n]{0,300}dkr[.-]ecr[^\n]{0,600}: not found"),
            sign(r"/manifests/[^\n]{0,200}404 Not Found(?!: 404 page)", Belongs.WITH_ECR),
        ),
        summary=lambda r: f"{wording.image(r)} does not exist; the repository does, as far as the text tells",
        meaning="The tag was never pushed, is spelled otherwise, belongs to another platform or Region, or a rule of "
        "the lifecycle policy deleted or archived it: an archived image answers the same.",
        steps=lambda r: (
            Step("See the newest tags, and which of them are archived.", commands.images(r)),
            restore(r),
            Step(
                "Does a rule delete what is still deployed? Let it spare those tags.",
                commands.on_repository(r, "get-lifecycle-policy"),
            ),
            Step(
                "If it was never pushed, look at the push: same Region, same account, same tag?", commands.repository(r)
            ),
        ),
        page=pages.ECS_PULL,
    ),
)
