"""Looks for images in the registry, in as few calls as it takes.

In the check's own account ``ecr:DescribeImages`` tells all but the platforms of an index. A repository of another
account usually lets its pullers call ``ecr:BatchGetImage`` and no more; that call counts as a pull.

https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html
https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchGetImage.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from ecr_access.check.aws.errors import UndeterminedError, UnreadableError, code_of
from ecr_access.check.images.manifests import INDEXES, SINGLE, platforms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ecr_access.check.aws.clients import Clients, Response
    from ecr_access.check.aws.retry import RetryBudget
    from ecr_access.check.images.required import RequiredImage

_AT_ONCE: Final = 100
"""Images that one call takes."""

_ACTIVE: Final = "ACTIVE"
_NO_IMAGE: Final = "ImageNotFoundException"
NO_REPOSITORY: Final = "RepositoryNotFoundException"
DESCRIBE: Final = "ecr:DescribeImages"
_GET: Final = "ecr:BatchGetImage"
_NOT_THERE: Final = frozenset({"ImageNotFound", "ImageTagDoesNotMatchDigest"})


class RepositoryGoneError(Exception):
    """There is no such repository."""


@dataclass(frozen=True)
class Seen:
    """What is known of an image that is there.

    ``platforms`` are those of an index, None where they were not asked for; ``status`` is ECR's.
    """

    is_index: bool
    status: str = _ACTIVE
    platforms: tuple[str, ...] | None = None


if TYPE_CHECKING:
    Found = Seen | UndeterminedError | None
    _One = tuple[RequiredImage, Found]
    Look = Mapping[RequiredImage, Found]
    """What was seen of each image; None for one that is not there."""


def look(clients: Clients, budget: RetryBudget, images: Sequence[RequiredImage], *, account: str) -> Look:
    """Look for images of one repository.

    Raises:
        RepositoryGoneError: there is no such repository.
        UndeterminedError: there was no answer.
    """
    find = _described if images[0].repository.account == account else _got
    batches = [images[start : start + _AT_ONCE] for start in range(0, len(images), _AT_ONCE)]
    try:
        return {one: seen for batch in batches for one, seen in find(clients, budget, batch)}
    except ClientError as error:
        raise RepositoryGoneError from error


def _described(clients: Clients, budget: RetryBudget, images: Sequence[RequiredImage]) -> Iterator[_One]:
    """Find images by their details; the missing ones by halves, since one fails the whole call."""
    repository = images[0].repository
    request = _request(images)
    try:
        details = budget.call(
            lambda: _listed(clients.ecr(repository.region).describe_images(**request), "imageDetails"),
            action=DESCRIBE,
            on=repository.arn,
            expected=frozenset({_NO_IMAGE, NO_REPOSITORY}),
        )
    except ClientError as error:
        if code_of(error) != _NO_IMAGE:
            raise
        if len(request["imageIds"]) == 1:
            yield from ((one, None) for one in images)
            return
        half = len(images) // 2
        yield from _described(clients, budget, images[:half])
        yield from _described(clients, budget, images[half:])
        return
    for one in images:
        detail = next((detail for detail in details if _is_of(one, detail)), None)
        yield one, _garbled(DESCRIBE, one) if detail is None else _seen(clients, budget, one, detail)


def _seen(
    clients: Clients, budget: RetryBudget, one: RequiredImage, detail: dict[str, Any]
) -> Seen | UndeterminedError:
    kind, status = detail.get("imageManifestMediaType"), str(detail.get("imageStatus") or _ACTIVE)
    is_index = kind in INDEXES
    if _is_strange(one, kind):
        return _strange(kind)
    if not (is_index and one.platform) or one.of_function:
        return Seen(is_index, status)
    try:
        (_, got), *_ = _got(clients, budget, [one])
    except UndeterminedError as error:
        return error
    except ClientError:
        return _garbled(_GET, one)
    return Seen(is_index, status, got.platforms) if isinstance(got, Seen) else got or _garbled(_GET, one)


def _got(clients: Clients, budget: RetryBudget, images: Sequence[RequiredImage]) -> Iterator[_One]:
    """Find images by their manifests."""
    repository = images[0].repository
    request = {**_request(images), "acceptedMediaTypes": [*INDEXES, *SINGLE]}
    answer = budget.call(
        lambda: _answered(clients.ecr(repository.region).batch_get_image(**request)),
        action=_GET,
        on=repository.arn,
        expected=frozenset({NO_REPOSITORY}),
    )
    for one in images:
        got = next((image for image in answer["images"] if _is_of(one, image.get("imageId") or {})), None)
        yield one, _of_manifest(one, got) if got else _failed(one, answer["failures"])


def _request(images: Sequence[RequiredImage]) -> dict[str, Any]:
    """Ask for images of one repository, each once."""
    repository = images[0].repository
    identifiers = {tuple(one.identifier.items()): one.identifier for one in images}
    return {
        "registryId": repository.account,
        "repositoryName": repository.name,
        "imageIds": [*identifiers.values()],
    }


def _of_manifest(one: RequiredImage, got: dict[str, Any]) -> Seen | UndeterminedError:
    kind = got.get("imageManifestMediaType")
    if _is_strange(one, kind):
        return _strange(kind)
    if kind not in INDEXES:
        return Seen(is_index=False)
    try:
        return Seen(is_index=True, platforms=tuple(platforms(got.get("imageManifest"))))
    except UnreadableError as error:
        return UndeterminedError(f"the answer to {_GET} cannot be read: {error}", "push the image again")


def _is_strange(one: RequiredImage, kind: object) -> bool:
    """Whether it matters if an image is an index, and its media type does not tell."""
    return bool(one.platform or one.of_function) and kind not in (*INDEXES, *SINGLE)


def _strange(kind: object) -> UndeterminedError:
    why = f"its media type is {kind}, which is not known here" if kind else "ECR tells no media type of it"
    return UndeterminedError(why, "push it as an image, or an index, of OCI or Docker")


def _failed(one: RequiredImage, failures: Sequence[dict[str, Any]]) -> UndeterminedError | None:
    for failure in failures:
        if _is_of(one, failure.get("imageId") or {}):
            code = str(failure.get("failureCode"))
            if code in _NOT_THERE:
                return None
            return UndeterminedError(
                f"{_GET} on {one.repository.arn} failed for {one.image}: {code}",
                "look that code up at BatchGetImage of the ECR API",
            )
    return _garbled(_GET, one)


def _is_of(one: RequiredImage, answered: dict[str, Any]) -> bool:
    """Whether a part of an answer is about an image: a tag among its tags, or its digest."""
    tags = answered.get("imageTags") or [answered.get("imageTag")]
    return one.image == answered.get("imageDigest") or one.image in tags


def _garbled(action: str, one: RequiredImage) -> UndeterminedError:
    return UndeterminedError(
        f"the answer to {action} on {one.repository.arn} says nothing of {one.image}", "deploy again"
    )


def _answered(answer: Response) -> dict[str, list[dict[str, Any]]]:
    return {"images": _listed(answer, "images"), "failures": _listed({"failures": [], **answer}, "failures")}


def _listed(answer: Response, key: str) -> list[dict[str, Any]]:
    """Read a list of objects of an answer.

    Raises:
        UnreadableError: it has none.
    """
    found = answer.get(key)
    if not isinstance(found, list):
        raise UnreadableError(f"it holds no {key}")
    return [one for one in found if isinstance(one, dict)]
