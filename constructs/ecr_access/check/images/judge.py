"""Findings on images: there, active, and for the platform; or what there is instead."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from ecr_access.check.aws.errors import UndeterminedError
from ecr_access.check.aws.parallel import each
from ecr_access.check.finding import Explanation, Finding, Verdict
from ecr_access.check.images.look import RepositoryGoneError, look
from ecr_access.check.images.manifests import has_platform
from ecr_access.check.images.nearest_tags import tags_of
from ecr_access.check.images.required import IMAGE
from ecr_access.check.policy_drift import APP

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ecr_access.check.aws.clients import Clients
    from ecr_access.check.aws.retry import RetryBudget
    from ecr_access.check.images.look import Look, Seen
    from ecr_access.check.images.nearest_tags import Tags
    from ecr_access.check.images.required import RequiredImage
    from ecr_access.check.repository_lookup import Looked
    from ecr_access.iam.arns import Repository

_PUSH: Final = "push it before this stack is deployed, or correct the tag"
_ORDER: Final = (
    "deploy the repository in a stack of its own, push, then deploy this stack; or start with desired_count=0"
)
_RESTORE: Final = "restore it with 'aws ecr update-image-storage-class', and deploy again"
_WAIT: Final = "wait until ECR has restored it, and deploy again"


class _Looks(NamedTuple):
    """What was seen of the images of a repository; its tags, if one is not there and they can be listed."""

    seen: Look
    tags: Tags | None


class Images:
    """Judges images from one account."""

    def __init__(
        self,
        clients: Clients,
        budget: RetryBudget,
        account: str,
        absence: Callable[[Repository], Explanation],
        *,
        workers: int,
    ) -> None:
        """Take what is known; ``absence`` words that a repository is missing."""
        self._clients = clients
        self._budget = budget
        self._account = account
        self._absence = absence
        self._workers = workers

    def findings(self, images: Sequence[RequiredImage], looked: Looked) -> list[Finding]:
        """Judge images, those of one repository together.

        No denial is looked at again: ECR shows an image at once when it was pushed, and the deployment waits.

        Args:
            images: which.
            looked: which of their repositories are missing, or could not be looked up.
        """
        of: dict[Repository, list[RequiredImage]] = {}
        for one in images:
            if one.repository not in looked.missing and one.repository not in looked.unknown:
                of.setdefault(one.repository, []).append(one)
        looks = each(partial(self._looks, of), of, left=self._budget.left, workers=self._workers)
        return [self._finding(one, looks.get(one.repository, looked.unknown.get(one.repository))) for one in images]

    def _looks(self, of: Mapping[Repository, Sequence[RequiredImage]], repository: Repository) -> _Looks | None:
        """Look for the images of a repository, and for what is there if one is not; None if the repository is gone."""
        try:
            looked = look(self._clients, self._budget, of[repository], account=self._account)
        except RepositoryGoneError:
            return None
        is_own = repository.account == self._account
        lacking = is_own and any(one is None for one in looked.values())
        return _Looks(looked, tags_of(self._clients, self._budget, repository) if lacking else None)

    def _finding(self, one: RequiredImage, looks: _Looks | UndeterminedError | None) -> Finding:
        if looks is None:
            return _denied(one, self._absence(one.repository), missing=True)
        if isinstance(looks, UndeterminedError):
            return _undetermined(one, looks)
        seen, tags = looks.seen[one], looks.tags
        if isinstance(seen, UndeterminedError):
            return _undetermined(one, seen)
        if seen is None:
            return _denied(one, _absent(one, tags))
        problem = _unfit(one, seen)
        if isinstance(problem, UndeterminedError):
            return _undetermined(one, problem)
        return (
            _denied(one, problem)
            if problem
            else Finding(APP, IMAGE, one.repository.arn, Verdict.ALLOWED, note=_note(one, seen))
        )


def _absent(one: RequiredImage, tags: Tags | None) -> Explanation:
    if one.made and tags is not None and not tags:
        return Explanation(
            f"image {one.name} cannot be there yet: this deployment makes the repository, which holds no image", _ORDER
        )
    there = "" if tags is None else f"; {tags.suggest(one.image)}" if tags else "; the repository has no tagged image"
    return Explanation(f"there is no image {one.name}{there}", _PUSH)


def _unfit(one: RequiredImage, seen: Seen) -> Explanation | UndeterminedError | None:
    if seen.status != "ACTIVE":
        state = "archived" if seen.status == "ARCHIVED" else f"not active: {seen.status}"
        fix = _WAIT if seen.status == "ACTIVATING" else _RESTORE
        return Explanation(f"image {one.name} is {state}, and cannot be pulled", fix)
    if not seen.is_index:
        return None
    if one.of_function:
        return Explanation(
            f"image {one.name} is an index of images, and Lambda takes a single image",
            "build and push the image for one platform, without attestations: docker buildx build --provenance=false",
        )
    return _unlisted(one, seen.platforms or ()) if one.platform else None


def _unlisted(one: RequiredImage, platforms: Sequence[str]) -> Explanation | UndeterminedError | None:
    has = has_platform(one.platform, platforms)
    if has:
        return None
    fix = f"build and push the image for {one.platform}, or run it on a platform that it has"
    if has is None:
        return UndeterminedError("its index lists an image without a platform, and none for " + one.platform, fix)
    listed = ", ".join(platforms) or "none"
    return Explanation(f"image {one.name} has no variant for {one.platform}; its platforms: {listed}", fix)


def _note(one: RequiredImage, seen: Seen) -> str:
    if seen.is_index and one.platform:
        return f"image {one.name} is there, with a variant for {one.platform}"
    single = one.platform and not seen.is_index
    return f"image {one.name} is there{'; a single image does not tell its platform' if single else ''}"


def _denied(one: RequiredImage, problem: Explanation, *, missing: bool = False) -> Finding:
    return Finding(APP, IMAGE, one.repository.arn, Verdict.DENIED, (problem,), missing=missing, final=True)


def _undetermined(one: RequiredImage, error: UndeterminedError) -> Finding:
    problem = Explanation(f"image {one.name}: {error.cause}", error.fix)
    return Finding(APP, IMAGE, one.repository.arn, Verdict.UNDETERMINED, (problem,), unanswered=True)
