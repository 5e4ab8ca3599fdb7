"""A service of App Runner names the kind of repository that its image is of.

A service has ``ECR_PUBLIC`` as ``ImageRepositoryType`` and an image of a private repository, or ``ECR`` and an image of
Amazon ECR Public. Or ``AutoDeploymentsEnabled`` is true for a public image, or for one of another account, which App
Runner does not support. App Runner refuses the service when the stack is deployed.

Fix: ``ECR`` with an access role for a private repository, ``ECR_PUBLIC`` for ``public.ecr.aws``; no automatic
deployments for what App Runner cannot watch.

Not reported: a type or an image that is known only at deploy time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecr_access.documents.templates.references import pseudo
from ecr_access.documents.templates.template import mapping
from ecr_access.iam.ternary import Ternary
from ecr_access.iam.unknown_text import equal
from ecr_access.rules.finding import Rule, RuleFinding, Severity, subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.documents.templates.template import Resource
    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.images import Image

_SERVICE: Final = "AWS::AppRunner::Service"
_PUBLIC_TYPE, _PRIVATE_TYPE = "ECR_PUBLIC", "ECR"
_PUBLIC: Final = "public.ecr.aws/"
_SOURCE: Final = "Properties.SourceConfiguration"
_TYPE: Final = "ImageRepositoryType"
_AUTOMATIC: Final = "AutoDeploymentsEnabled"
_TRUE: Final = (True, "true")


def _check(app: Application) -> Iterator[RuleFinding]:
    private = {image.resource: image for image in app.images if image.resource.type == _SERVICE}
    for service in app.of_type(_SERVICE):
        if service.template.is_whole:
            yield from _of_type(service, private.get(service), app)
            yield from _automatic(service, private.get(service), app)


def _of_type(service: Resource, image: Image | None, app: Application) -> Iterator[RuleFinding]:
    repository = mapping(mapping(service.properties.get("SourceConfiguration")).get("ImageRepository"))
    kind, uri = repository.get(_TYPE), app.resolver.text(repository.get("ImageIdentifier", ""), service.template)
    is_public = uri.startswith(_PUBLIC)
    path = f"{_SOURCE}.ImageRepository.{_TYPE}"
    if kind == _PUBLIC_TYPE and image:
        fix = f"set {_TYPE} to {_PRIVATE_TYPE}, and AuthenticationConfiguration.AccessRoleArn to a role that may pull"
        yield _finding(service, path, f"is {_PUBLIC_TYPE}, and '{uri}' is of a private repository", fix)
    if kind == _PRIVATE_TYPE and is_public:
        fix = f"set {_TYPE} to {_PUBLIC_TYPE}, and leave AuthenticationConfiguration out"
        yield _finding(service, path, f"is {_PRIVATE_TYPE}, and '{uri}' is of Amazon ECR Public", fix)


def _automatic(service: Resource, image: Image | None, app: Application) -> Iterator[RuleFinding]:
    source: Any = mapping(service.properties.get("SourceConfiguration"))
    if source.get(_AUTOMATIC) not in _TRUE:
        return
    repository = mapping(source.get("ImageRepository"))
    uri = app.resolver.text(repository.get("ImageIdentifier", ""), service.template)
    account = str(pseudo("AWS::AccountId", service.template))
    where = ""
    if not image and repository.get(_TYPE) == _PUBLIC_TYPE and uri.startswith(_PUBLIC):
        where = "of Amazon ECR Public"
    if image and equal(image.account, account) is Ternary.NO:
        where = f"of account {image.account}"
    if where:
        fix = f"set {_AUTOMATIC} to false, and start deployments from the pipeline that pushes"
        yield _finding(service, f"{_SOURCE}.{_AUTOMATIC}", f"is true, and '{uri}' is {where}", fix)


def _finding(service: Resource, path: str, problem: str, fix: str) -> RuleFinding:
    name = path.rpartition(".")[2]
    told = f"the {name} of {subject(service)} {problem}: App Runner refuses the service"
    return RuleFinding(service, path, told, fix)


RULE: Final = Rule(
    "app-runner-source",
    Severity.ERROR,
    "a service of App Runner names the kind of repository of its image, and deploys by itself only where it can",
    "https://docs.aws.amazon.com/apprunner/latest/dg/service-source-image.html",
    _check,
)
