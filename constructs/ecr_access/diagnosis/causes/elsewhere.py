"""The error is another service's or another registry's: it says so, and the obvious fix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.diagnosis import cdk_lines, pages, statements
from ecr_access.diagnosis.cause import Belongs, Cause, Step, sign
from ecr_access.diagnosis.causes.throttling import without_docker_hub
from ecr_access.diagnosis.kinds import ErrorKind

if TYPE_CHECKING:
    from ecr_access.diagnosis.reading import Reading

_ELSEWHERE: Final = Step("If ECR refuses something too, give the lines that name it by themselves.")
_FIXES: Final = {
    "Secrets Manager": Step(
        "An ECS task's secrets are read by its execution role. In the CDK app:", "secret.grant_read(execution_role)"
    ),
    "Systems Manager": Step(
        "An ECS task's parameters are read by its execution role. In the CDK app:",
        "parameter.grant_read(execution_role)",
    ),
    "CloudWatch Logs": Step(
        "An ECS task's logs are written by its execution role; the log group must exist. In the CDK app:",
        "log_group.grant_write(execution_role)",
    ),
    "iam:PassRole": Step(
        "iam:PassRole is the deployer's: it must be allowed on each role of the task. In the CDK app:",
        "role.grant_pass_role(deployer)",
    ),
    "STS": Step(
        "The role's trust policy must name the caller: its account, its service, or the repository of the pipeline."
    ),
    "Kubernetes": Step(
        "The cluster refuses the user or the service account, not the image.",
        "aws eks update-kubeconfig --name CLUSTER",
    ),
}


def _who(r: Reading) -> str:
    return f": {r.role or 'the caller'} may not {r.action}" if r.action else ""


def _service(r: Reading) -> tuple[Step, ...]:
    known = _FIXES.get(r.action or "") or _FIXES.get(r.service or "")
    steps = [known] if known else []
    if r.action:
        steps += [
            statements.one_action(r, "As a statement of the principal's own policies:"),
            Step("As a line of the CDK app:", cdk_lines.allowed_anywhere(r)),
        ]
    if not steps:
        steps = [Step(f"Look at what {r.service or 'the service'} says of it: the image and its repository are fine.")]
    return (*steps, _ELSEWHERE)


def _registry(r: Reading) -> tuple[Step, ...]:
    hub = r.service == "Docker Hub"
    return (
        Step(
            "Is the image's name right, with its registry in front? A name without one means Docker Hub.",
            "docker manifest inspect IMAGE",
        ),
        Step(f"Sign in to {r.service or 'that registry'}.", "docker login" if hub else "docker login HOST"),
        *(without_docker_hub(r) if hub else ()),
        _ELSEWHERE,
    )


_REFUSED: Final = (
    r"not authorized to perform:?|AccessDenied(?:Exception)?\b|Throttl(?:ing|ed)(?:Exception)?\b|Rate exceeded"
    r"|\bForbidden\b|\bUnauthorized\b|\b429 Too Many Requests|HTTP 429|ResourceNotFoundException"
    r"|service call has been retried|connection issue between the task and|Role is not valid|must be logged in"
    r"|(?:manifest unknown|i/o timeout|context deadline exceeded|not found in repository|insufficient_scope)"
    # "permission denied" is a file's.
    r"|unexpected status code|(?<!permission\s)\bdenied\b"
)

ELSEWHERE: Final = (
    Cause(
        name="other-service",
        error=ErrorKind.NOT_ECR,
        signs=(sign(_REFUSED, Belongs.OF_SERVICE),),
        summary=lambda r: f"refused by {r.service or 'another service'}, not by ECR{_who(r)}",
        meaning="The call that failed is another service's, whatever image of ECR the text names beside it.",
        steps=_service,
        page=pages.DENIED,
    ),
    Cause(
        name="other-registry",
        error=ErrorKind.NOT_ECR,
        signs=(sign(_REFUSED, Belongs.OF_REGISTRY),),
        summary=lambda r: f"refused by {r.service or 'another registry'}, not by ECR",
        meaning="An image, often the base image of a build, comes from another registry, which did not give or take "
        "it. Repositories and permissions of ECR have no part in it.",
        steps=_registry,
        page=pages.DOCKER_HUB,
    ),
)
