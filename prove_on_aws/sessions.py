"""boto3 sessions: the caller's own, and the sessions of roles that a probe assumes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

# No call hangs for longer than a probe's patience.
_CONFIG: Final = Config(
    connect_timeout=5, read_timeout=30, retries={"mode": "standard", "total_max_attempts": 5}, max_pool_connections=4
)


class CannotRunError(Exception):
    """Nothing can be tried, and why."""


class Session:
    """The clients of one caller in one Region."""

    def __init__(self, made: Any) -> None:
        """Wrap a session of boto3."""
        self._made = made
        self.client = cache(self._client)

    def _client(self, service: str, region: str | None = None) -> Any:
        return self._made.client(service, region_name=region, config=_CONFIG)


@dataclass(frozen=True)
class Caller:
    """Whose credentials are used, and where."""

    account: str
    arn: str
    region: str
    partition: str


def open_session(*, profile: str | None, region: str | None) -> tuple[Session, Caller]:
    """Return a session and its caller.

    Raises:
        CannotRunError: There are no credentials, or no Region, or AWS does not take them.
    """
    import boto3  # --help need not wait for it

    try:
        made = boto3.Session(profile_name=profile, region_name=region)
        if made.get_credentials() is None:
            raise CannotRunError(
                "no AWS credentials were found: set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run "
                "aws sso login; without an account: ecr-access local -- python -m prove_on_aws"
            )
        if made.region_name is None:
            raise CannotRunError("no Region is set: give --region, or set AWS_REGION")
        session = Session(made)
        identity = session.client("sts").get_caller_identity()
    except (BotoCoreError, ClientError) as error:
        raise CannotRunError(f"the AWS credentials cannot be used: {error}") from error
    arn = str(identity["Arn"])
    return session, Caller(str(identity["Account"]), arn, str(made.region_name), arn.split(":")[1])


def session_of(credentials: dict[str, Any], region: str) -> Session:
    """Return a session with temporary credentials, which stay in memory."""
    import boto3

    return Session(
        boto3.Session(
            aws_access_key_id=credentials["AccessKeyId"],
            aws_secret_access_key=credentials["SecretAccessKey"],
            aws_session_token=credentials["SessionToken"],
            region_name=region,
        )
    )
