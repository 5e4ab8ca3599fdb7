"""How ECR evaluates policies on real calls, made by a role that a probe assumes.

Each role may make one call without conditions, the control. Once it is let in, the policies are known everywhere that
matters, and what a statement beside it says is believed.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prove_on_aws.lab import NeedsError, allow, document
from prove_on_aws.probe import Probe
from prove_on_aws.reply import ask
from prove_on_aws.verdicts import access
from prove_on_aws.waiting import TookTooLongError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from prove_on_aws.lab import Lab, Repository
    from prove_on_aws.outcome import Finding
    from prove_on_aws.reply import Reply

_WINDOW: Final = 60.0
_LAYER: Final = "sha256:" + "0" * 64
_CALLS: Final[dict[str, Callable[[Any, str], Any]]] = {
    "ecr:ListImages": lambda ecr, name: ecr.list_images(repositoryName=name),
    "ecr:DescribeImages": lambda ecr, name: ecr.describe_images(repositoryName=name),
    "ecr:BatchGetImage": lambda ecr, name: ecr.batch_get_image(repositoryName=name, imageIds=[{"imageTag": "none"}]),
    "ecr:GetDownloadUrlForLayer": lambda ecr, name: ecr.get_download_url_for_layer(
        repositoryName=name, layerDigest=_LAYER
    ),
    "ecr:BatchCheckLayerAvailability": lambda ecr, name: ecr.batch_check_layer_availability(
        repositoryName=name, layerDigests=[_LAYER]
    ),
    "ecr:GetLifecyclePolicy": lambda ecr, name: ecr.get_lifecycle_policy(repositoryName=name),
    "ecr:GetRepositoryPolicy": lambda ecr, name: ecr.get_repository_policy(repositoryName=name),
}
_CONTROL: Final = "ecr:ListImages"


def call(ecr: Any, action: str, repository: Repository) -> Reply:
    """Make the call of an action on a repository."""
    return ask(lambda: _CALLS[action](ecr, repository.name))


def seconds_until_let_in(lab: Lab, ecr: Any, repository: Repository, action: str = _CONTROL) -> float:
    """Wait until a policy is known, by an action that it lets in; return the seconds that it took."""
    return lab.seconds_until(lambda: not call(ecr, action, repository).forbidden, what=f"{action} to be let in")


def _evaluated(lab: Lab) -> Iterator[tuple[str, Finding]]:
    role, repository = lab.role("caller"), lab.repository("evaluated")
    session = lab.assume(role)
    me = {"AWS": role.arn}
    statements = [
        {"Principal": me, "Action": _CONTROL},
        {"Principal": {"AWS": lab.root}, "Action": "ecr:DescribeImages"},
        {
            "Principal": {"AWS": lab.root},
            "Action": "ecr:BatchGetImage",
            "Condition": {"ArnEquals": {"aws:PrincipalArn": role.arn}},
        },
        {
            "Principal": me,
            "Action": "ecr:GetDownloadUrlForLayer",
            "Condition": {"ArnEquals": {"aws:PrincipalArn": role.arn}},
        },
        {
            "Principal": me,
            "Action": "ecr:BatchCheckLayerAvailability",
            "Condition": {"Bool": {"aws:PrincipalIsAWSService": "false"}},
        },
    ]
    lab.set_policy(repository, *({"Effect": "Allow", **one} for one in statements))
    ecr = session.client("ecr")
    try:
        seconds: float | None = seconds_until_let_in(lab, ecr, repository)
    except TookTooLongError:
        seconds = None
    yield "repository-policy-suffices", access.within(seconds, window=_WINDOW)
    if seconds is None:
        return
    yield "root-statement-delegates", access.kept_out(call(ecr, "ecr:DescribeImages", repository))
    yield "root-statement-under-arn", access.kept_out(call(ecr, "ecr:BatchGetImage", repository))
    yield "principal-arn-of-session", access.let_in(call(ecr, "ecr:GetDownloadUrlForLayer", repository))
    yield "principal-is-no-service", access.let_in(call(ecr, "ecr:BatchCheckLayerAvailability", repository))
    arn = str(session.client("sts").get_caller_identity()["Arn"])
    yield "session-arn-without-path", access.session_arn(arn, role.name)

    second = "ecr:GetRepositoryPolicy"  # the control of another policy, which ECR may refuse
    lab.set_policy(
        repository,
        {"Effect": "Allow", "Principal": me, "Action": [second, "ecr:GetLifecyclePolicy"]},
        {"Effect": "Deny", "NotPrincipal": {"AWS": lab.root}, "Action": "ecr:GetLifecyclePolicy"},
    )
    seconds_until_let_in(lab, ecr, repository, second)
    yield "deny-not-principal", access.kept_out(call(ecr, "ecr:GetLifecyclePolicy", repository))


def _bounded(lab: Lab) -> Iterator[tuple[str, Finding]]:
    boundary = lab.policy("narrow", document(allow(_CONTROL)))
    role = lab.role("narrow", policies={"own": document(allow(_CONTROL))}, boundary=boundary)
    repository = lab.repository("bounded")
    ecr = lab.assume(role).client("ecr")
    statement = {"Effect": "Allow", "Principal": {"AWS": role.arn}, "Action": "ecr:BatchGetImage"}
    lab.set_policy(repository, statement)
    seconds_until_let_in(lab, ecr, repository)
    yield "boundary-limits-role", access.kept_out(call(ecr, "ecr:BatchGetImage", repository))


def _organization(lab: Lab) -> Iterator[tuple[str, Finding]]:
    path = lab.options.organization_path
    if not path:
        raise NeedsError("the account's place in its organization: --organization-path o-.../r-.../ou-.../")
    role, repository = lab.role("member"), lab.repository("organization")
    ecr = lab.assume(role).client("ecr")
    organization = path.partition("/")[0]
    me = {"AWS": role.arn}
    conditions = {
        _CONTROL: {},
        "ecr:GetLifecyclePolicy": {"StringEquals": {"aws:PrincipalOrgID": organization}},
        "ecr:BatchGetImage": {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": f"{path.rstrip('/')}/*"}},
        "ecr:DescribeImages": {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": path.rstrip("/")}},
    }
    statements = [
        {"Effect": "Allow", "Principal": me, "Action": one, "Condition": conditions[one]} for one in conditions
    ]
    lab.set_policy(repository, *statements)
    seconds_until_let_in(lab, ecr, repository)
    yield "organization-id", access.let_in(call(ecr, "ecr:GetLifecyclePolicy", repository))
    yield "organization-path", access.let_in(call(ecr, "ecr:BatchGetImage", repository))
    yield "organization-path-slash", access.kept_out(call(ecr, "ecr:DescribeImages", repository))


EVALUATED: Final = Probe(
    "how ECR evaluates a repository policy",
    (
        "repository-policy-suffices",
        "root-statement-delegates",
        "root-statement-under-arn",
        "principal-arn-of-session",
        "principal-is-no-service",
        "deny-not-principal",
        "session-arn-without-path",
    ),
    makes="a role, a repository",
    usual=40,
    at_most=180,
    run=_evaluated,
)
BOUNDED: Final = Probe(
    "how ECR evaluates a permissions boundary",
    ("boundary-limits-role",),
    makes="a role, a managed policy, a repository",
    usual=30,
    at_most=150,
    run=_bounded,
)
ORGANIZATION: Final = Probe(
    "how ECR evaluates keys of an organization",
    ("organization-id", "organization-path", "organization-path-slash"),
    makes="a role, a repository",
    usual=40,
    at_most=180,
    run=_organization,
)
