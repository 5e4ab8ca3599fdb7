"""The environments of the local cloud and of the commands run against it, built from an allow-list.

Nothing of the user's real AWS account may reach either: a variable that is not named here is not passed on.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ecr_access.iam.arns import is_account_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecr_access.local_cloud.certificate import Certificate

DEFAULT_ACCOUNT: Final = "000000000000"
DEFAULT_REGION: Final = "us-east-1"

_ALLOWED: Final = frozenset(
    {
        *("HOME", "LOGNAME", "USER", "SHELL", "TMPDIR", "TZ"),
        *("LANG", "LANGUAGE", "TERM", "COLORTERM", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES"),
        *("PYTHONPATH", "PYTHONUTF8", "PYTHONIOENCODING", "VIRTUAL_ENV", "XDG_CACHE_HOME"),
        *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"),  # a Python built as a shared library needs them
    },
)
_ALLOWED_PREFIX: Final = "LC_"
_REGION: Final = re.compile(r"[a-z]{2,}(?:-[a-z]+)+-[0-9]{1,2}")


def account_error(account: str) -> str | None:
    """Return what is wrong with an account id, or None."""
    if is_account_id(account):
        return None
    return f"the account {account!r} is no AWS account id: give 12 digits, for example {DEFAULT_ACCOUNT!r}"


def region_error(region: str) -> str | None:
    """Return what is wrong with the name of a Region, or None."""
    if _REGION.fullmatch(region):
        return None
    return f"the Region {region!r} is no code of an AWS Region: give one such as {DEFAULT_REGION!r}"


def base_environment(user: Mapping[str, str]) -> dict[str, str]:
    """Return what every process of ours gets of the user's environment, with this Python's programs first."""
    allowed = {name: value for name, value in user.items() if name in _ALLOWED or name.startswith(_ALLOWED_PREFIX)}
    # Not resolved: in a virtual environment the interpreter is a link, the programs are beside the link.
    programs = str(Path(sys.executable).parent)
    return {
        **allowed,
        "PATH": os.pathsep.join([programs, user.get("PATH", os.defpath)]),
        "NO_PROXY": "localhost,127.0.0.1,::1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def command_home(directory: Path) -> Path:
    """Return the home folder of commands run against a cloud of this directory."""
    return directory / "command-home"


def command_environment(
    *,
    base: Mapping[str, str],
    directory: Path,
    certificate: Certificate,
    endpoint: str,
    account: str,
    region: str,
) -> dict[str, str]:
    """Return the environment of a command that takes the local cloud for AWS."""
    return {
        **base,
        **_aws(directory=directory, endpoint=endpoint, account=account, region=region),
        **_trust(authority=certificate.authority, bundle=certificate.bundle),
        "HOME": str(command_home(directory)),
        "CDK_DEFAULT_ACCOUNT": account,
        "CDK_DEFAULT_REGION": region,
        "CDK_HOME": str(directory / "cdk"),
        "CDK_DOCKER_CREDS_FILE": str(directory / "cdk" / "cdk-docker-creds.json"),  # else of the user's account
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "CDK_DISABLE_VERSION_CHECK": "true",
        "JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION": "1",
        "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
    }


def server_environment(
    *,
    base: Mapping[str, str],
    directory: Path,
    certificate: Certificate,
    endpoint: str,
    port: int,
    region: str,
) -> dict[str, str]:
    """Return the environment of MiniStack itself, which the Lambda functions in it inherit."""
    temporary = directory / "tmp"
    inherited = {name: value for name, value in base.items() if name != "PYTHONPATH"}
    return {
        **inherited,
        **_aws(directory=directory, endpoint=endpoint, account=DEFAULT_ACCOUNT, region=region),
        **_trust(authority=certificate.authority, bundle=certificate.authority),
        "HOME": str(directory / "home"),
        "TMPDIR": str(temporary),
        "STATE_DIR": str(directory / "state"),
        "S3_DATA_DIR": str(directory / "s3"),
        "AUTH": "true",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_ACCOUNT_ID": DEFAULT_ACCOUNT,
        "MINISTACK_REGION": region,
        "USE_SSL": "1",
        "MINISTACK_SSL_CERT": str(certificate.certificate),
        "MINISTACK_SSL_KEY": str(certificate.key),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        # MiniStack removes every container with its label when it starts. Containers of another MiniStack must stay.
        "DOCKER_HOST": f"unix://{directory}/no-docker.sock",
    }


def _aws(*, directory: Path, endpoint: str, account: str, region: str) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ENDPOINT_URL_S3": endpoint,  # makes the CDK CLI address buckets by path
        "AWS_ACCESS_KEY_ID": account,  # MiniStack takes 12 digits for that account's root user
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_CONFIG_FILE": str(directory / "aws-config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(directory / "aws-credentials"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_PAGER": "",
    }


def _trust(*, authority: Path, bundle: Path) -> dict[str, str]:
    return {
        "NODE_EXTRA_CA_CERTS": str(authority),
        "AWS_CA_BUNDLE": str(bundle),
        "REQUESTS_CA_BUNDLE": str(bundle),
        "SSL_CERT_FILE": str(bundle),
    }
