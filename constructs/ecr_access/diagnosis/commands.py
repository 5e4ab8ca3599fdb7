"""Commands of the AWS CLI, and of this library, with what was read filled in; what was not is in capitals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecr_access.iam.actions import AccessLevel
from ecr_access.iam.arns import Registry

if TYPE_CHECKING:
    from ecr_access.diagnosis.reading import Reading

WHO_AM_I = "aws sts get-caller-identity"


def registry(r: Reading) -> str:
    """Return the registry's host."""
    domain = "amazonaws.com.cn" if (r.region or "").startswith("cn-") else "amazonaws.com"
    return r.registry or f"{account(r)}.dkr.ecr.{region(r)}.{domain}"


def account(r: Reading) -> str:
    """Return the registry's account."""
    return r.account or "ACCOUNT"


def region(r: Reading) -> str:
    """Return the registry's Region."""
    return r.region or "REGION"


def name(r: Reading) -> str:
    """Return the repository's name."""
    return r.repository or "NAME"


def sign_in(r: Reading) -> str:
    """Return the line that signs docker in to the registry."""
    return (
        f"aws ecr get-login-password --region {region(r)} | docker login --username AWS --password-stdin {registry(r)}"
    )


def sign_in_public() -> str:
    """Return the line that signs docker in to the public registry, whose API is in one Region."""
    return (
        "aws ecr-public get-login-password --region us-east-1 | "
        "docker login --username AWS --password-stdin public.ecr.aws"
    )


def token(r: Reading) -> str:
    """Return the line that only asks for the token, and throws it away."""
    return f"aws ecr get-login-password --region {region(r)} > /dev/null && echo signed in"


def repositories(r: Reading) -> str:
    """Return the line that lists the registry's repositories."""
    return (
        f"aws ecr describe-repositories --registry-id {account(r)} --region {region(r)} "
        '--query "repositories[].repositoryName"'
    )


def repository(r: Reading, query: str = "repositories[0].repositoryUri") -> str:
    """Return the line that looks the repository up."""
    return (
        f"aws ecr describe-repositories --registry-id {account(r)} --region {region(r)} "
        f'--repository-names {name(r)} --query "{query}"'
    )


def images(r: Reading) -> str:
    """Return the line that lists the newest tags, archived ones too."""
    return (
        f"{on_repository(r, 'describe-images')} --filter imageStatus=ANY "
        '--query "sort_by(imageDetails,&imagePushedAt)[-10:].[imageTags,imageStatus]"'
    )


def on_repository(r: Reading, operation: str) -> str:
    """Return a command of ``aws ecr`` on the repository."""
    return f"aws ecr {operation} --registry-id {account(r)} --region {region(r)} --repository-name {name(r)}"


def cache(r: Reading, prefix: str, upstream: str, *, secret: bool = False) -> str:
    """Return the line that caches another registry in the account's own; some take a secret."""
    credential = " --credential-arn SECRET_ARN" if secret else ""
    return (
        f"aws ecr create-pull-through-cache-rule --region {region(r)} --ecr-repository-prefix {prefix} "
        f"--upstream-registry-url {upstream}{credential}"
    )


def check(r: Reading) -> str:
    """Return the line of this library that proves what is missing, and where."""
    flag = " --push" if pushes(r) else ""
    place = f" --region {r.region}" if r.region else ""
    return f"ecr-access check --principal {r.role or 'ARN'} --repository {arn(r) or name(r)}{flag}{place}"


def arn(r: Reading) -> str | None:
    """Return the repository's ARN, if all of it is known."""
    if not (r.region and r.account and r.repository):
        return None
    partition = {"cn": "aws-cn", "us-gov": "aws-us-gov"}.get(r.region.rsplit("-", 2)[0], "aws")
    return Registry(partition, r.region, r.account).repository_arn(r.repository)


def pushes(r: Reading) -> bool:
    """Whether the action is one that only pushing needs."""
    return (r.action or "") in set(AccessLevel.PUSH.actions) - set(AccessLevel.PULL.actions)
