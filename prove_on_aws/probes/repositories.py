"""What ECR answers where the check tells one error from another, and what a repository policy may say.

https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prove_on_aws.lab import document
from prove_on_aws.outcome import skipped
from prove_on_aws.probe import Probe
from prove_on_aws.reply import ask
from prove_on_aws.verdicts import access, registry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prove_on_aws.lab import Lab, Repository
    from prove_on_aws.outcome import Finding
    from prove_on_aws.reply import Reply

_PULL: Final = "ecr:BatchGetImage"
_NAMES_A_CALL: Final = 100
_LIMIT: Final = 10_240
_ABSENT: Final = "RepositoryNotFoundException"


def _errors(lab: Lab) -> Iterator[tuple[str, Finding]]:
    ecr, repository = lab.client("ecr"), lab.repository("errors")
    looks = [ask(lambda: ecr.describe_repositories(repositoryNames=[repository.name])) for _ in range(5)]
    yield "ecr-seen-at-once", registry.seen_at_once(looks)
    absent = [f"{lab.run}-absent-{number}" for number in range(_NAMES_A_CALL)]
    hundred = ask(lambda: ecr.describe_repositories(repositoryNames=absent))
    yield "ecr-hundred-names", registry.refused_with(hundred, _ABSENT)
    mixed = ask(lambda: ecr.describe_repositories(repositoryNames=[repository.name, *absent[:3]]))
    yield "ecr-missing-among-several", registry.refused_with(mixed, _ABSENT)
    policy = ask(lambda: ecr.get_repository_policy(repositoryName=repository.name))
    yield "ecr-no-policy", registry.refused_with(policy, "RepositoryPolicyNotFoundException")
    image = ask(lambda: ecr.describe_images(repositoryName=repository.name, imageIds=[{"imageTag": "none"}]))
    yield "ecr-no-image", registry.refused_with(image, "ImageNotFoundException")


def _put(lab: Lab, repository: Repository, text: str) -> Reply:
    return ask(lambda: lab.client("ecr").set_repository_policy(repositoryName=repository.name, policyText=text))


def _policies(lab: Lab) -> Iterator[tuple[str, Finding]]:
    repository, role = lab.repository("policies"), lab.role("deleted")
    me = {"Effect": "Allow", "Principal": {"AWS": role.arn}, "Action": _PULL}
    lab.set_policy(repository, me)
    lab.client("iam").delete_role(RoleName=role.name)
    yield "ecr-deleted-principal", _deleted(lab, repository, role.arn)

    absent = {"AWS": lab.iam_arn("role", f"{lab.run}-absent")}
    refused = _put(lab, repository, document({"Effect": "Allow", "Principal": absent, "Action": _PULL}))
    yield "ecr-absent-principal", registry.refused_with(refused, "InvalidParameterException")
    root = {"Effect": "Allow", "Principal": {"AWS": lab.root}, "Action": _PULL}
    resource = _put(lab, repository, document({**root, "Resource": repository.arn}))
    yield "ecr-resource-element", registry.refused_with(resource, "InvalidParameterException")
    at, beyond = (_put(lab, repository, _padded(root, length)) for length in (_LIMIT, _LIMIT + 1))
    yield "ecr-policy-limit", registry.limited_to(at, beyond, _LIMIT)

    linked = lab.client("iam").list_roles(PathPrefix="/aws-service-role/", MaxItems=1)["Roles"]
    if not linked:
        yield "ecr-reserved-role", skipped("the account has no role under /aws-service-role/")
        return
    named = _put(lab, repository, document({**root, "Principal": {"AWS": linked[0]["Arn"]}}))
    yield "ecr-reserved-role", registry.accepted(named)


def _deleted(lab: Lab, repository: Repository, arn: str) -> Finding:
    """Look until the policy no longer has the ARN, for as long as a change of IAM may take."""

    def text() -> str:
        return str(lab.client("ecr").get_repository_policy(repositoryName=repository.name)["policyText"])

    seen = lab.deadline.settle(text, lambda one: arn not in one, at_most=lab.options.propagation)
    return access.deleted_principal(seen, arn)


def _padded(statement: Mapping[str, object], length: int) -> str:
    """Write a policy of exactly so many characters: the Sid takes what is left."""
    room = length - len(document({**statement, "Sid": ""}))
    return document({**statement, "Sid": "x" * room})


ERRORS: Final = Probe(
    "ECR's errors",
    ("ecr-seen-at-once", "ecr-hundred-names", "ecr-missing-among-several", "ecr-no-policy", "ecr-no-image"),
    makes="a repository",
    usual=5,
    at_most=60,
    run=_errors,
)
POLICIES: Final = Probe(
    "what a repository policy may say",
    (
        "ecr-deleted-principal",
        "ecr-absent-principal",
        "ecr-resource-element",
        "ecr-policy-limit",
        "ecr-reserved-role",
    ),
    makes="a role, a repository",
    usual=40,
    at_most=180,
    run=_policies,
)
