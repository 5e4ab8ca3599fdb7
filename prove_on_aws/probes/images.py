"""Pulling and deleting, with an image of some hundred bytes.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-pull-iam.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from prove_on_aws.lab import NeedsError, allow, document
from prove_on_aws.probe import Probe
from prove_on_aws.registry_client import RegistryClient
from prove_on_aws.reply import ask
from prove_on_aws.verdicts import access, registry
from walkthrough.image import small_image

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prove_on_aws.lab import Lab, Repository
    from prove_on_aws.outcome import Finding
    from walkthrough.image import Image

_TAG: Final = "probe"
_ABSENT: Final = "sha256:" + "0" * 64
_FOUND: Final = 200


def _run(lab: Lab) -> Iterator[tuple[str, Finding]]:
    repository, image = lab.repository("pulled"), small_image(lab.run)
    RegistryClient(lab.session, repository.name).push(image, _TAG)
    puller = _puller(lab, repository, "puller")
    statuses = _pulled(lab, puller, image)
    yield "pull-needs-two-actions", access.pulls(*statuses)
    yield "pull-missing-digest", access.tells_missing_digest(statuses[0], puller.manifest(_ABSENT))
    refused = ask(lambda: lab.client("ecr").delete_repository(repositoryName=repository.name))
    yield "ecr-keeps-images", registry.refused_with(refused, "RepositoryNotEmptyException")


def _encrypted(lab: Lab) -> Iterator[tuple[str, Finding]]:
    key = lab.options.kms_key
    if not key:
        raise NeedsError(
            "a customer managed key of this Region: --kms-key ARN; none is made, since a key that is "
            "deleted stays for a week"
        )
    repository, image = lab.repository("encrypted", key=key), small_image(lab.run)
    RegistryClient(lab.session, repository.name).push(image, _TAG)
    yield "kms-no-permission", access.pulls(*_pulled(lab, _puller(lab, repository, "keyless"), image))


def _puller(lab: Lab, repository: Repository, suffix: str) -> RegistryClient:
    """Return a client of a role that may get a token and do the two actions, and nothing else."""
    pull = allow("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", on=repository.arn)
    role = lab.role(suffix, policies={"own": document(allow("ecr:GetAuthorizationToken"), pull)})
    session = lab.assume(role)

    def signed_in() -> RegistryClient | None:
        try:
            return RegistryClient(session, repository.name)
        except ClientError:
            return None

    client = lab.deadline.poll(signed_in, bool, what="a token", at_most=90)
    if client is None:
        raise TypeError("poll returned without a client")
    return client


def _pulled(lab: Lab, client: RegistryClient, image: Image) -> tuple[int, int]:
    def both() -> tuple[int, int]:
        return client.manifest(_TAG), client.blob(image.layer.digest)

    wanted = (_FOUND, _FOUND)
    # The policies of a new role take seconds to be known; what stays refused is the answer.
    return lab.deadline.settle(both, lambda seen: seen == wanted, at_most=lab.options.propagation)


PULLED: Final = Probe(
    "pulling an image",
    ("pull-needs-two-actions", "pull-missing-digest", "ecr-keeps-images"),
    makes="a role, a repository with an image of some hundred bytes",
    usual=30,
    at_most=240,
    run=_run,
)
ENCRYPTED: Final = Probe(
    "pulling from an encrypted repository",
    ("kms-no-permission",),
    makes="a role, a repository with an image of some hundred bytes, two grants on the key",
    usual=30,
    at_most=240,
    run=_encrypted,
)
