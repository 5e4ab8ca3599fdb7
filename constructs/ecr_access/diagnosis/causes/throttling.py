"""429: too many calls, to ECR or to another registry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.diagnosis import commands, pages, wording
from ecr_access.diagnosis.cause import Belongs, Cause, Step, sign
from ecr_access.diagnosis.kinds import ErrorKind

if TYPE_CHECKING:
    from ecr_access.diagnosis.reading import Reading

_PUBLIC: Final = r"public\.ecr\.aws\S* (?:\S+ ){0,12}?"


def without_docker_hub(r: Reading) -> tuple[Step, ...]:
    """Return how a build does without Docker Hub."""
    return (
        Step(
            "For good: take official images from Amazon's public registry.",
            "FROM public.ecr.aws/docker/library/IMAGE:TAG",
        ),
        Step(
            "Or cache Docker Hub in your own registry, by a pull through cache rule.",
            commands.cache(r, "docker-hub", "registry-1.docker.io", secret=True),
        ),
    )


THROTTLING: Final = (
    Cause(
        name="docker-hub-limit",
        error=ErrorKind.THROTTLED,
        signs=(
            sign(r"You have reached your (?:unauthenticated )?pull rate limit"),
            # "Rate exceeded" are the words of ECR, and what is between may name it.
            sign(
                r"(?<!docs\.)docker\.(?:io|com)\S* (?:(?!\S*ecr\.)\S+ ){0,12}?"
                r"(?:429 Too Many Requests|toomanyrequests(?!: Rate exceeded))"
            ),
        ),
        summary=lambda _: "Docker Hub's pull limit is used up; it is not Amazon ECR that refuses",
        meaning="An image, often the base image of a build, comes from Docker Hub, which counts pulls by account or "
        "address. Machines behind one NAT gateway share one count.",
        steps=lambda r: (
            Step("Now: sign in to Docker Hub, or wait until the count is down again.", "docker login"),
            *without_docker_hub(r),
        ),
        page=pages.DOCKER_HUB,
    ),
    Cause(
        name="public-limit",
        error=ErrorKind.THROTTLED,
        signs=(
            sign(rf"{_PUBLIC}(?:toomanyrequests|429 Too Many Requests|Rate exceeded)"),
            sign(r"toomanyrequests: Rate exceeded[^\n]{0,300}public\.ecr\.aws"),
            sign(r"toomanyrequests: (?:Rate exceeded|Data limit exceeded)", Belongs.WITH_PUBLIC),
        ),
        summary=lambda _: "public.ecr.aws, Amazon's public registry, got too many pulls from one address or account",
        meaning="Pulls without signing in are limited to about one a second for an address, and to an amount of data a "
        "month; signed in, or from AWS, the limit is ten times as high.",
        steps=lambda r: (
            Step("Sign in to the public registry. Its API is in us-east-1 alone.", commands.sign_in_public()),
            Step("Pull fewer images at once, and try again after a few seconds, longer each time."),
            Step(
                "For good: cache it in your own registry, by a pull through cache rule.",
                commands.cache(r, "ecr-public", "public.ecr.aws"),
            ),
        ),
        page=pages.PUBLIC_QUOTAS,
    ),
    Cause(
        name="throttled",
        error=ErrorKind.THROTTLED,
        signs=(
            sign(r"toomanyrequests: Rate exceeded", Belongs.UNLESS_ELSEWHERE),
            sign(r"Throttl(?:ing|ed|e)(?:Exception)?\b[^\n]{0,200}Rate exceeded", Belongs.WITH_ECR),
            sign(r"ThrottlingException|\bUnknown: Rate exceeded", Belongs.WITH_ECR),
            sign(r"429 Too Many Requests|TOOMANYREQUESTS|unexpected status code 429", Belongs.WITH_ECR),
        ),
        summary=lambda r: f"too many calls to one API of ECR{wording.place(r)}",
        meaning="The limit is counted for all callers of an account and Region together. A token lasts twelve hours: "
        "jobs that each fetch one of their own, or tasks that all start at once, use it up.",
        steps=lambda r: (
            Step(
                "Now: let the client try again, with growing pauses.",
                "export AWS_RETRY_MODE=adaptive AWS_MAX_ATTEMPTS=10",
            ),
            Step(
                "Fetch the token once, and let the jobs share it; on machines, use the credential helper, which "
                "caches it.",
                commands.sign_in(r),
            ),
            Step(
                "See the quotas, and ask for more where they are adjustable.",
                f"aws service-quotas list-service-quotas --service-code ecr --region {commands.region(r)} "
                "--query \"Quotas[?contains(QuotaName,'Rate')].[QuotaName,Value,Adjustable]\" --output table",
            ),
        ),
        page=pages.QUOTAS,
    ),
)
