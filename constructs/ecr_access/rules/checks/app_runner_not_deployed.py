"""A service of App Runner that deploys new images by itself must be able to see them.

Automatic deployments are on, as they are by default for a repository of the same account. The access role may pull
and lacks ``ecr:DescribeImages``. The service is created, and an image that is pushed later is not deployed. App Runner
says nothing.

Fix: the AWS managed policy ``AWSAppRunnerServicePolicyForECRAccess``, or the action.

Not reported: a role that cannot pull, which ``execution-role-cannot-pull`` is about; an image by digest; automatic
deployments that are off, or known only at deploy time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.references import partition_of, pseudo
from ecr_access.documents.templates.template import NO_VALUE, mapping
from ecr_access.iam.ternary import Ternary
from ecr_access.iam.unknown_text import equal
from ecr_access.rules.access.pulling import lacking, pulls_by_role
from ecr_access.rules.finding import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.identity import Identity
    from ecr_access.rules.access.images import Image

_SERVICE: Final = "AWS::AppRunner::Service"
_AUTOMATIC: Final = "AutoDeploymentsEnabled"
_ON: Final = (True, "true", None, NO_VALUE)
_SEES: Final = "ecr:DescribeImages"
_MANAGED: Final = "service-role/AWSAppRunnerServicePolicyForECRAccess"


def _check(app: Application) -> Iterator[RuleFinding]:
    for image in app.images:
        if image.resource.type == _SERVICE and _is_watched(image) and pulls_by_role(image, app):
            identity = app.identities.of_role(image.puller)
            if identity and identity.may_be_of(image.resource.template) and _is_blind(identity, image, app):
                yield _finding(identity, image)


def _is_watched(image: Image) -> bool:
    """Whether App Runner certainly watches the repository for images of the tag."""
    source = mapping(image.resource.properties.get("SourceConfiguration"))
    account = str(pseudo("AWS::AccountId", image.resource.template))
    is_on = source.get(_AUTOMATIC) in _ON and image.resource.template.is_whole
    return is_on and not image.digest and equal(image.account, account) is Ternary.YES


def _is_blind(identity: Identity, image: Image, app: Application) -> bool:
    return lacking(identity, image, app) == [] and lacking(identity, image, app, (_SEES,)) == [_SEES]


def _finding(identity: Identity, image: Image) -> RuleFinding:
    policy = f"arn:{partition_of(image.region)}:iam::aws:policy/{_MANAGED}"
    return RuleFinding(
        image.resource,
        image.path,
        f"{_AUTOMATIC} is on, and {identity.label}, which pulls '{image.uri}', may not {_SEES}: App Runner deploys no "
        "image that is pushed later",
        f"add '{policy}' to its ManagedPolicyArns, or allow {_SEES} on the repository; or set {_AUTOMATIC} to false",
    )


RULE: Final = Rule(
    "app-runner-not-deployed",
    Severity.WARNING,
    "the access role of a service of App Runner that deploys by itself may see the images of its repository",
    "https://docs.aws.amazon.com/apprunner/latest/dg/security_iam_service-with-iam.html",
    _check,
)
