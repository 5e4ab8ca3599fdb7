"""Step 2: a push to a repository that is not declared is answered with a 404."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from walkthrough.expect import StepFailedError, expect
from walkthrough.image import small_image
from walkthrough.registry import Refusal, Registry
from walkthrough.walk import FIRST_TAG

if TYPE_CHECKING:
    from walkthrough.walk import Walk


def push_too_early(walk: Walk) -> None:
    """Push before the repository exists."""
    repository = walk.target.repository
    with walk.report.step(2, f"oras pushes to {repository} before it is declared: 404"):
        answer = Registry(walk.cloud).push(small_image("too early\n"), repository=repository, tag=FIRST_TAG)
        if not isinstance(answer, Refusal):
            raise StepFailedError(f"the push to {repository} succeeded before it was declared: {answer}")
        expect(
            answer.status == HTTPStatus.NOT_FOUND and answer.code == "NAME_UNKNOWN",
            f"the push to {repository} was refused, but not with 404 NAME_UNKNOWN: {answer}",
        )
        walk.report.detail(f"{answer.status} {answer.code}: {answer.message}")
