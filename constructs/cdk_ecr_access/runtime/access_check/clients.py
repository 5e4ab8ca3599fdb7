"""The AWS clients, made when first needed."""

from __future__ import annotations

from typing import Any, Protocol, cast

Response = dict[str, Any]


class Ecr(Protocol):
    """What the check calls of Amazon ECR."""

    def get_authorization_token(self) -> Response:
        """Get a token for a registry client."""

    def describe_repositories(self, **request: object) -> Response:
        """Look up repositories."""

    def get_repository_policy(self, **request: object) -> Response:
        """Read a repository's policy."""


class Iam(Protocol):
    """What the check calls of IAM."""

    def simulate_principal_policy(self, **request: object) -> Response:
        """Ask what a principal's policies allow."""


class Clients(Protocol):
    """Makes clients."""

    def ecr(self, region: str) -> Ecr:
        """Make a client of Amazon ECR in a Region."""

    def iam(self) -> Iam:
        """Make a client of IAM."""


class Boto3Clients:
    """Clients of boto3, one a service and Region."""

    def __init__(self) -> None:
        """Make none yet."""
        self._ecr: dict[str, Ecr] = {}
        self._iam: Iam | None = None

    def ecr(self, region: str) -> Ecr:
        """Make a client of Amazon ECR in a Region."""
        if region not in self._ecr:
            self._ecr[region] = cast("Ecr", _client("ecr", region))
        return self._ecr[region]

    def iam(self) -> Iam:
        """Make a client of IAM."""
        self._iam = self._iam or cast("Iam", _client("iam", None))
        return self._iam


def _client(service: str, region: str | None) -> object:
    import boto3  # noqa: PLC0415 -- 200 ms that a rollback or a malformed event need not wait for
    from botocore.config import Config  # noqa: PLC0415

    # One place retries, and it is retry.py, inside the deadline: here each call is one call. The mode is set
    # because the default differs between the versions of boto3 that Lambda brings.
    config = Config(connect_timeout=5, read_timeout=15, retries={"mode": "standard", "total_max_attempts": 1})
    make: Any = boto3.client
    return make(service, region_name=region, config=config)
