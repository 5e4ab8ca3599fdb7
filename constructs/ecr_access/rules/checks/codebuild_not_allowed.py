"""CodeBuild must be able to pull the image that a project builds in.

A project names an image of ECR, and not ``SERVICE_ROLE`` as ``ImagePullCredentialsType``. CodeBuild then pulls with its
own credentials, and the role of the project does not count. The policy of the repository does not let
``codebuild.amazonaws.com`` pull, or the repository is of another account, which needs ``SERVICE_ROLE``. The build fails
before its first phase.

Fix: ``codebuild.LinuxBuildImage.from_ecr_repository(repository)``, which sets ``SERVICE_ROLE`` and grants the pull.

Not reported: a repository that no template declares; a condition in its policy; a registry with a policy of its own,
which may allow the pull; credentials that are known only at deploy time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecr_access.documents.templates.references import pseudo
from ecr_access.documents.templates.template import NO_VALUE, mapping
from ecr_access.iam.actions import AccessLevel
from ecr_access.iam.principals import Kind, Principal
from ecr_access.iam.ternary import Ternary
from ecr_access.iam.unknown_text import equal
from ecr_access.rules.finding import Rule, RuleFinding, Severity, subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.images import Image
    from ecr_access.rules.access.repositories import Repository

_PROJECT: Final = "AWS::CodeBuild::Project"
_SERVICE: Final = "codebuild.amazonaws.com"
_IN_CHINA: Final = f"{_SERVICE}.cn"
_OWN: Final = "CODEBUILD"
_CREDENTIALS: Final = "ImagePullCredentialsType"
_ACTIONS: Final = AccessLevel.PULL.required_actions
_ROLE: Final = "codebuild.LinuxBuildImage.from_ecr_repository(repository)"
_FIX: Final = f"set {_CREDENTIALS} to SERVICE_ROLE and let the role of the project pull; in the CDK, {_ROLE} does both"


def _check(app: Application) -> Iterator[RuleFinding]:
    for image in app.images:
        if image.resource.type == _PROJECT and _is_by_codebuild(image) and (wrong := _wrong(image, app)):
            yield RuleFinding(
                image.resource,
                image.path,
                f"{subject(image.resource)} builds in '{image.uri}' with the credentials of CodeBuild, not with "
                f"SERVICE_ROLE, {wrong[0]}: CodeBuild cannot pull it",
                wrong[1],
                ("not allowed", image.repository),
            )


def _is_by_codebuild(image: Image) -> bool:
    """Whether CodeBuild certainly pulls with its own credentials, as it does by default."""
    environment: Any = mapping(image.resource.properties.get("Environment"))
    written = environment.get(_CREDENTIALS, _OWN)
    return image.resource.template.is_whole and (written in (_OWN, NO_VALUE))


def _wrong(image: Image, app: Application) -> tuple[str, str] | None:
    account = str(pseudo("AWS::AccountId", image.resource.template))
    if equal(image.account, account) is Ternary.NO:
        return f"and the image is of account {image.account}", _FIX
    repository = app.repositories.of_arn(image.repository)
    if repository and not app.may_have_registry_policy and not _may_pull(repository):
        allow = f"or allow {' and '.join(_ACTIONS)} to the service {_SERVICE} in the policy of the repository"
        return f"and the policy of '{image.name}' does not let {_SERVICE} pull", f"{_FIX}; {allow}"
    return None


def _may_pull(repository: Repository) -> bool:
    """Whether the policy of a repository lets CodeBuild pull, or may."""
    if not repository.has_whole_policy or not repository.resource.template.is_whole:
        return True
    judge = repository.policy.judge
    services = (Principal(name, Kind.SERVICE) for name in (_SERVICE, _IN_CHINA))
    return any(all(judge(one, action).allows is not Ternary.NO for action in _ACTIONS) for one in services)


RULE: Final = Rule(
    "codebuild-not-allowed",
    Severity.ERROR,
    "CodeBuild, or the role of the project, may pull the image that a project builds in",
    "https://docs.aws.amazon.com/codebuild/latest/userguide/sample-ecr.html",
    _check,
)
