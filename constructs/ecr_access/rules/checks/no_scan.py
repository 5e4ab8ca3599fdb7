"""Images should be scanned when they are pushed.

Neither the repository nor its registry scans images on push.

Fix: ``image_scan_on_push=True``, which is the default of ``AccessibleRepository``, or an
``AWS::ECR::RegistryScanningConfiguration``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.template import NO_VALUE, is_function, mapping
from ecr_access.iam.ternary import Ternary
from ecr_access.iam.unknown_text import equal
from ecr_access.rules.finding import Rule, RuleFinding, Severity, subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.documents.templates.template import Template
    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.repositories import Repository

_REGISTRY: Final = "AWS::ECR::RegistryScanningConfiguration"


def _check(app: Application) -> Iterator[RuleFinding]:
    if not all(template.is_whole for template in app.templates):
        return
    registries = {_place(one.template, app) for one in app.of_type(_REGISTRY)}
    for repository in app.repositories:
        place = _place(repository.resource.template, app)
        if _is_off(repository, app) and all(equal(place, one) is Ternary.NO for one in registries):
            yield RuleFinding(
                repository.resource,
                "Properties.ImageScanningConfiguration",
                f"{subject(repository.resource)} scans no image when it is pushed: ScanOnPush is not true, and no "
                f"{_REGISTRY} of its account and Region is in the app",
                "declare a registry scanning configuration, which counts for every repository, or set "
                "ImageScanningConfiguration.ScanOnPush true, the default of AccessibleRepository; if the registry's "
                "configuration is set elsewhere, acknowledge the finding",
            )


def _is_off(repository: Repository, app: Application) -> bool:
    configuration = repository.resource.properties.get("ImageScanningConfiguration")
    if configuration is None:
        return True
    found = mapping(configuration).get("ScanOnPush")
    if found in (None, NO_VALUE):
        return not is_function(configuration)
    return app.resolver.text(found, repository.resource.template).lower() == "false"


def _place(template: Template, app: Application) -> str:
    return app.resolver.text({"Fn::Sub": "${AWS::AccountId}/${AWS::Region}"}, template)


RULE: Final = Rule(
    "no-scan",
    Severity.WARNING,
    "the images of a repository are scanned when they are pushed",
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html",
    _check,
)
