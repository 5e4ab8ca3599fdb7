"""Lambda takes an image of private ECR, of its own Region, by tag or digest.

A function runs an image of a public registry, of Docker Hub or of no registry at all, an image of another Region, one
whose URI has neither tag nor digest, or one by a FIPS endpoint. Lambda answers that the source image is not valid, or
does not exist, and the deployment fails.

Fix: a repository in the Region of the function, and a tag or digest: ``lambda_.DockerImageCode.from_ecr(repository,
tag_or_digest=...)``. To use a public image, copy it there, or cache its registry.

Not reported: a URI of which the registry is known only at deploy time; a name that may hold the tag; a function for
which SAM builds the image, or whose template is of SAM and names an image of the machine that deploys.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.references import pseudo
from ecr_access.documents.templates.template import mapping
from ecr_access.iam.ternary import Ternary
from ecr_access.iam.unknown_text import equal, is_known, known_of, split
from ecr_access.rules.access.external_repositories import meant_by
from ecr_access.rules.finding import Rule, RuleFinding, Severity, subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.documents.templates.template import Resource
    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.images import Image

_FUNCTION: Final = "AWS::Lambda::Function"
_FUNCTIONS: Final = (_FUNCTION, "AWS::Serverless::Function")
_PRIVATE: Final = (".dkr.ecr", ".dkr-ecr")
# Any other text stands for an image, and is replaced before the deployment.
_REFERENCE: Final = re.compile(r"[a-z0-9][a-z0-9._/:@-]*(?::[A-Za-z0-9._-]+)?(?:@.*)?")
_HOST: Final = frozenset(".:")
_FIPS: Final = ".ecr-fips."
# What SAM builds an image from, which it then names here.
_BUILT: Final = frozenset({"Dockerfile", "DockerContext"})


def _check(app: Application) -> Iterator[RuleFinding]:
    for image in app.images:
        is_function = image.resource.type in _FUNCTIONS and not _is_changed(image.resource)
        if is_function and (wrong := _wrong(image, app)):
            yield _finding(image.resource, image.path, image.uri, *wrong)
    for function in app.of_type(_FUNCTION):
        uri = app.resolver.text(mapping(function.properties.get("Code")).get("ImageUri", ""), function.template)
        registry = _registry(uri)
        # SAM pushes an image of the machine that deploys, whatever it is called.
        if registry and not _is_changed(function) and not function.template.document.get("Transform"):
            yield _finding(
                function,
                "Properties.Code.ImageUri",
                uri,
                f"is of {registry}, and Lambda takes images of private repositories of ECR alone",
                "copy the image to a repository, or cache its registry with a pull-through cache, and name it there",
            )


def _finding(function: Resource, path: str, uri: str, wrong: str, fix: str) -> RuleFinding:
    problem = f"{subject(function)} runs '{uri}', which {wrong}: the deployment fails"
    return RuleFinding(function, path, problem, fix, ("image of a function", uri, wrong))


def _wrong(image: Image, app: Application) -> tuple[str, str] | None:
    """Say what is wrong with an image of private ECR, and the fix."""
    region = str(pseudo("AWS::Region", image.resource.template))
    if _FIPS in known_of(image.uri):
        return (
            "is by a FIPS endpoint, which Lambda does not support",
            "name '.dkr.ecr.' in the place of '.dkr.ecr-fips.'",
        )
    if equal(image.region, region) is Ternary.NO and meant_by(image, app) is None:
        return (
            f"is of Region {image.region}, and Lambda takes images of the Region of the function, {region}, alone",
            f"replicate the repository to {region}, or push the image there, and name it there",
        )
    if not image.tag and not image.digest and _is_name(image, app):
        return (
            "has neither tag nor digest, and Lambda does not assume 'latest'",
            "add a tag or a digest; in the CDK, lambda_.DockerImageCode.from_ecr(repository, tag_or_digest=...)",
        )
    return None


def _is_name(image: Image, app: Application) -> bool:
    """Whether what follows the registry is a name alone: what only the deployment knows may have a tag."""
    return is_known(image.name) or app.repositories.of_arn(image.repository) is not None


def _registry(uri: str) -> str:
    """Return which registry an image is of that is certainly not private ECR; empty if it may be."""
    host, *path = split(uri, "/")
    is_open = not is_known(uri) and not (path and is_known(host))
    if is_open or not _REFERENCE.fullmatch(known_of(uri)) or any(one in host for one in _PRIVATE):
        return ""
    return f"the registry {host}" if path and not _HOST.isdisjoint(host) else "Docker Hub, as it names no registry"


def _is_changed(function: Resource) -> bool:
    """Whether a macro or SAM, which names there what it built and pushed, may put another image in its place."""
    built = not _BUILT.isdisjoint(mapping(function.attributes.get("Metadata")))
    return built or not function.template.is_whole


RULE: Final = Rule(
    "lambda-image",
    Severity.ERROR,
    "a function of Lambda runs an image of private ECR, of its own Region, by tag or digest",
    "https://docs.aws.amazon.com/lambda/latest/dg/images-create.html",
    _check,
)
