"""The policy of a repository must let EMR Serverless pull the image of an application.

An application of EMR Serverless, or one of its kinds of worker, has an image of a repository whose policy does not let
``emr-serverless.amazonaws.com`` see and pull it. EMR Serverless pulls by its own principal, and neither the role of a
job nor the principal that deploys counts. The application does not start: the service principal is not authorized to
perform ``ecr:DescribeImages``.

Fix: ``ecr:BatchGetImage``, ``ecr:DescribeImages`` and ``ecr:GetDownloadUrlForLayer`` for the service, under a condition
on ``aws:SourceArn``.

Not reported: a repository that no template declares; a condition in its policy; a registry with a policy of its own,
which may allow the pull.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.references import partition_of, pseudo
from ecr_access.iam.actions import AccessLevel
from ecr_access.iam.principals import Kind, Principal
from ecr_access.iam.ternary import Ternary
from ecr_access.rules.finding import Rule, RuleFinding, Severity, subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.images import Image
    from ecr_access.rules.access.repositories import Repository

_APPLICATION: Final = "AWS::EMRServerless::Application"
_SERVICE: Final = "emr-serverless.amazonaws.com"
_IN_CHINA: Final = f"{_SERVICE}.cn"
_ACTIONS: Final = (*AccessLevel.PULL.required_actions, "ecr:DescribeImages")


def _check(app: Application) -> Iterator[RuleFinding]:
    seen: set[tuple[str, str]] = set()
    for image in app.images:
        repository = app.repositories.of_arn(image.repository)
        key = image.resource.logical_id, image.repository
        if image.resource.type != _APPLICATION or not repository or app.may_have_registry_policy or key in seen:
            continue
        if lacking := _lacking(repository):
            seen.add(key)
            yield _finding(image, lacking)


def _lacking(repository: Repository) -> list[str]:
    """Return what the policy of a repository certainly does not let the service do."""
    if not repository.has_whole_policy:
        return []
    judge, services = repository.policy.judge, [Principal(name, Kind.SERVICE) for name in (_SERVICE, _IN_CHINA)]
    return [action for action in _ACTIONS if all(judge(one, action).allows is Ternary.NO for one in services)]


def _finding(image: Image, lacking: list[str]) -> RuleFinding:
    account = pseudo("AWS::AccountId", image.resource.template)
    source = f"arn:{partition_of(image.region)}:emr-serverless:{image.region}:{account}:/applications/*"
    what = " and ".join(lacking)
    return RuleFinding(
        image.resource,
        image.path,
        f"{subject(image.resource)} runs '{image.uri}', and the policy of '{image.name}' does not let {_SERVICE} "
        f"{what}: the application does "
        "not start",
        f"allow {what} in the policy of the repository to the service {_SERVICE}, under the condition StringLike "
        f"aws:SourceArn '{source}', and deny it nothing",
        ("not allowed", image.repository),
    )


RULE: Final = Rule(
    "emr-serverless-not-allowed",
    Severity.ERROR,
    "the policy of a repository whose image an application of EMR Serverless has lets that service pull",
    "https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/application-custom-image.html",
    _check,
)
