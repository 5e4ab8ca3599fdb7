"""What the text does not tell apart: the steps find out."""

from __future__ import annotations

from typing import Final

from ecr_access.diagnosis import cdk_lines, commands, pages, wording
from ecr_access.diagnosis.cause import Belongs, Cause, Step, sign
from ecr_access.diagnosis.kinds import ErrorKind

UNCLEAR: Final = (
    Cause(
        name="denied-or-missing",
        error=ErrorKind.NOT_FOUND_OR_DENIED,
        signs=(
            sign(r"pull access denied for \S*dkr[.-]ecr"),
            sign(r"dkr[.-]ecr\S*:? pull access denied"),
            sign(r"requested access to the resource is denied", Belongs.WITH_ECR),
            # How a push ends that is not let in, or whose repository is missing, with some clients.
            sign(r"/blobs/uploads/\S* EOF\b", Belongs.UNLESS_ELSEWHERE),
            sign(r"(?:(?<![^\n])|exited with error code [0-9]{1,3}: |\| )EOF\s?(?![^\n])", Belongs.WITH_ECR),
            sign(r"CannotPullContainerError: API error \(404\)(?!: ?\w)", Belongs.UNLESS_ELSEWHERE),
            sign(r"pull the image\. Check whether the image exists", Belongs.UNLESS_ELSEWHERE),
            sign(r"make sure all images included in the model [^\n]{0,200}?exist, and that the execution role"),
            sign(r"Cannot pull algorithm container\. Either the image does not exist or its permissions"),
            sign(r"dkr[.-]ecr[^\n]{0,300}?(?:does not exist or no pull access|may require 'docker login')"),
        ),
        summary=lambda r: (
            f"{wording.repository(r)} does not exist{wording.place(r)}, "
            "or the client may not use it; the client does not tell which"
        ),
        meaning="The registry does not say more to a client that is not signed in or lacks a permission, and many "
        "clients do not print what it says: a push that ends in EOF is either.",
        steps=lambda r: (
            Step("Does it exist?", commands.repository(r)),
            Step("Is the client signed in?", commands.sign_in(r)),
            Step("May it pull, or push (with --push)?", commands.check(r)),
            Step("If it is to be created, declare it:", cdk_lines.declared(r)),
        ),
        page=pages.DOCKER_ERRORS,
    ),
    Cause(
        name="push-refused",
        error=ErrorKind.DENIED,
        signs=(
            sign(r"(?:PUT|POST|PATCH) request to[^\n]{0,400}?403 Forbidden", Belongs.WITH_ECR),
            sign(r"failed to push \S*dkr[.-]ecr[^\n]{0,600}403 Forbidden"),
        ),
        summary=lambda r: f"the push to {wording.repository(r)} was refused, and the client does not show why",
        meaning="The permission to push is missing; or, where the layers went up and the manifest did not, the "
        "repository has as many images as the quota allows, of which buildx shows no more than 403.",
        steps=lambda r: (
            Step(
                "Push without buildx once: docker push shows ECR's own words. Or see whether the principal may push.",
                f"{commands.check(r).removesuffix(' --push')} --push",
            ),
            Step("If it may not, in the CDK app:", cdk_lines.granted(r).replace("grant_pull", "grant_push")),
            Step(
                "If it may: is the repository full?",
                f"{commands.on_repository(r, 'list-images')} --query 'length(imageIds)'",
            ),
        ),
        page=pages.PUSH,
    ),
    Cause(
        name="forbidden",
        error=ErrorKind.DENIED,
        signs=(
            sign(r"Access denied for repository: |repository of your image \S+ does not grant ecr:"),
            sign(r"Access denied while validating|access to ecr:(?:BatchGetImage|GetDownloadUrlForLayer)"),
            sign(r"not authorized to perform:? ecr:[A-Za-z]{1,60}"),  # of an action that was cut off
            sign(r"with a valid access role to your ECR repository|Failed to copy the image from ECR"),
            sign(r"The task (?:can'?t|cannot|can not) pull the image\. Check that the role", Belongs.UNLESS_ELSEWHERE),
            sign(r"403 \(?Forbidden|status\s?code(?::?\s|=)403|HTTP 403", Belongs.WITH_ECR),
            sign(r"\bDENIED\b:|AccessDenied(?:Exception)?\b", Belongs.WITH_ECR),
        ),
        summary=lambda r: f"{wording.image(r)}{wording.place(r)} was refused, and the client does not show why",
        meaning="The role that pulls lacks the actions: for ECS it is the task's execution role (on EC2 the instance's "
        "role), for EKS the node's, for CodeBuild the project's. Or the image is of another account, and one of both "
        "sides is missing.",
        steps=lambda r: (
            Step("Name that role, and see what it lacks.", commands.check(r)),
            Step("In the CDK app:", cdk_lines.granted(r)),
            Step(
                "Of another account: does the repository policy name it?",
                f"{commands.on_repository(r, 'get-repository-policy')} --query policyText --output text",
            ),
            Step("With VPC endpoints: do their policies, and that of the S3 gateway, allow it?"),
            Step(
                "By digest: is it still there? A digest that is gone has been seen to answer 403.", commands.images(r)
            ),
        ),
        page=pages.ECS_PULL,
    ),
    Cause(
        name="no-registry-named",
        error=ErrorKind.NOT_FOUND_OR_DENIED,
        signs=(
            sign(r"pull access denied for (?!\S*\.\S*/)[a-z0-9][\w./-]*,", Belongs.WITH_AWS),
            # A push to Docker Hub's own images, which only a name without a registry means.
            sign(r"repository%3Alibrary%2F[\w.-]{1,200}%3Apull%2Cpush"),
            sign(
                r"repository (?!\S*\.\S*/)[a-z0-9][\w./-]* not found: does not exist or no pull access",
                Belongs.WITH_AWS,
            ),
        ),
        summary=lambda _: "the image names no registry, so that Docker Hub was asked and not ECR",
        meaning="A name without a host means Docker Hub. ECR wants the whole URI.",
        steps=lambda r: (
            Step(
                "Give the whole URI, in the task definition, the project or the Dockerfile.",
                f"{commands.registry(r)}/{commands.name(r)}:TAG",
            ),
            Step(
                "In the CDK app it is never written by hand:", "ecs.ContainerImage.from_ecr_repository(repository, tag)"
            ),
        ),
        page=pages.ECS_PULL,
    ),
)
