"""404: the repository does not exist, or not where it was looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.diagnosis import cdk_lines, commands, pages, wording
from ecr_access.diagnosis.cause import Belongs, Cause, Step, sign
from ecr_access.diagnosis.kinds import ErrorKind

if TYPE_CHECKING:
    from ecr_access.diagnosis.reading import Reading

_QUOTE: Final = r"['\"]"
_UNKNOWN: Final = (
    sign(r"RepositoryNotFoundException"),
    sign(rf"repository with name {_QUOTE}[^'\"\n]{{1,400}}{_QUOTE} does not exist"),
    sign(r"repository \S*dkr[.-]ecr\S* (?:not found|does not exist)"),
    sign(r"Could not find the repository:? \S*dkr[.-]ecr"),
    sign(r"(?:name unknown|NAME_UNKNOWN)", Belongs.WITH_ECR),
    sign(r"POST request to \S*dkr[.-]ecr\S*/blobs/uploads/?\S*: 404 Not Found"),
)
_PUBLIC: Final = (
    sign(
        rf"repository with name {_QUOTE}[^'\"\n]{{1,400}}{_QUOTE} does not exist in the registry with id "
        rf"{_QUOTE}(?=[a-z]*[0-9])[a-z][a-z0-9]{{5,}}{_QUOTE}"
    ),
    sign(r"public\.ecr\.aws/v2/\S+/blobs/uploads/?\S*: 404 Not Found"),
    sign(r"public\.ecr\.aws/\S*: not found"),
)


def _only(r: Reading) -> str:
    return f", which is {r.repository}" if r.repository else ""


def _missing(r: Reading) -> tuple[Step, ...]:
    return (
        Step("Is it spelled otherwise? See what is there.", commands.repositories(r)),
        Step("Is it the account that you mean?", commands.WHO_AM_I),
        Step(
            "If it is to be created, declare it; it is then there before anything pulls or pushes.",
            cdk_lines.declared(r),
        ),
        Step("If another app creates it, let your deployment look it up and fail early:", cdk_lines.checked(r)),
    )


REPOSITORIES: Final = (
    Cause(
        name="not-bootstrapped",
        error=ErrorKind.NOT_FOUND,
        signs=(
            sign(r"No ECR repository named \S+ in account"),
            sign(r"repository with name ['\"]?cdk-[a-z0-9]+-container-assets-"),
            sign(r"repository \S*/cdk-\S+-container-assets-\S* not found"),
        ),
        summary=lambda r: f"the CDK's own repository for images is missing{wording.place(r)}",
        meaning="cdk bootstrap makes it, once for each account and Region; it was deleted, or never made.",
        steps=lambda r: (
            Step("Bootstrap.", f"cdk bootstrap aws://{commands.account(r)}/{commands.region(r)}"),
            Step(
                "If CDKToolkit is there and its repository is not: CloudFormation does not notice. Make it again by "
                "hand.",
                f"aws ecr create-repository --region {commands.region(r)} --repository-name {commands.name(r)}",
            ),
            Step("Is it the account and the Region that you mean?", commands.WHO_AM_I),
        ),
        page=pages.BOOTSTRAP,
    ),
    Cause(
        name="uri-as-name",
        error=ErrorKind.NOT_FOUND,
        signs=(
            sign(rf"repository with name {_QUOTE}[^'\"\s]{{0,40}}(?:dkr[.-]ecr|public\.ecr\.aws)[^'\"\s]{{0,400}}/"),
        ),
        summary=lambda r: f"the whole URI was given where the repository's name belongs{_only(r)}",
        meaning="Usually a variable holds the URI, and the registry is put before it once more: "
        "REGISTRY/REGISTRY/NAME.",
        steps=lambda r: (
            Step("Give the name alone to whatever wants a name.", f"ECR_REPOSITORY={commands.name(r)}"),
            Step(
                "Docker wants the URI, once.", f"docker push {commands.registry(r)}/{commands.name(r)}:{r.tag or 'TAG'}"
            ),
            Step("public.ecr.aws is another registry, with a sign-in of its own.", commands.sign_in_public()),
        ),
        page=pages.DOCKER_ERRORS,
    ),
    Cause(
        name="wrong-account",
        error=ErrorKind.NOT_FOUND,
        signs=_UNKNOWN,
        summary=lambda r: (
            f"{wording.repository(r)} was looked for in account {r.registry_id}, and the image names account "
            f"{r.image_account}"
        ),
        meaning="A call of the API that names no registry means the caller's own.",
        steps=lambda r: (
            Step("Who are you?", commands.WHO_AM_I),
            Step(
                f"Name the registry of the image: --registry-id {r.image_account}, or use credentials of that account.",
                commands.repository(r).replace(commands.account(r), r.image_account or "ACCOUNT"),
            ),
        ),
        page=pages.ERRORS,
        when=lambda r: bool(r.registry_id and r.image_account and r.registry_id != r.image_account),
    ),
    Cause(
        name="wrong-region",
        error=ErrorKind.NOT_FOUND,
        signs=(
            *_UNKNOWN,
            sign(r"no basic auth credentials|400 Bad Request|401 Unauthorized|403 Forbidden", Belongs.WITH_ECR),
        ),
        summary=lambda r: f"the registry is in Region {r.region}, and the client works in {r.client_region}",
        meaning="Repositories and tokens belong to one Region. A token of another does not sign in.",
        steps=lambda r: (
            Step("Sign in where the registry is.", commands.sign_in(r)),
            Step("And look there.", commands.repository(r)),
            Step("Correct the Region where it is set.", f"export AWS_REGION={commands.region(r)}"),
        ),
        page=pages.SIGN_IN,
        when=lambda r: r.other_region,
    ),
    Cause(
        name="public-repository-missing",
        error=ErrorKind.NOT_FOUND,
        signs=_PUBLIC,
        summary=lambda r: f"{wording.repository(r)} does not exist in the public registry, public.ecr.aws",
        meaning="Its owner deleted or renamed it, or, on a push, it was never created: the public registry creates "
        "none by itself either.",
        steps=lambda r: (
            Step("Look for it.", "https://gallery.ecr.aws"),
            Step(
                "If it is yours:",
                f"aws ecr-public create-repository --region us-east-1 --repository-name {commands.name(r)}",
            ),
        ),
        page=pages.PUBLIC_SIGN_IN,
    ),
    Cause(
        name="repository-missing",
        error=ErrorKind.NOT_FOUND,
        signs=_UNKNOWN,
        summary=lambda r: f"{wording.repository(r)} does not exist{wording.place(r)}",
        meaning="ECR never creates a repository by itself, not on a push either.",
        steps=_missing,
        page=pages.CREATE,
    ),
)
