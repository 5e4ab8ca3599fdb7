"""The AWS clients, made when first needed."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Protocol, cast

from ecr_access.check.aws.parallel import WORKERS

if TYPE_CHECKING:
    from ecr_access.check.aws.rate_limit import RateLimiters

Response = dict[str, Any]


class Ecr(Protocol):
    """What the check calls of Amazon ECR."""

    def get_authorization_token(self) -> Response:
        """Get a token for a registry client."""

    def describe_repositories(self, **request: object) -> Response:
        """Look up repositories."""

    def get_repository_policy(self, **request: object) -> Response:
        """Read a repository's policy."""

    def describe_images(self, **request: object) -> Response:
        """Look up images, or list them."""

    def batch_get_image(self, **request: object) -> Response:
        """Read manifests of images."""


class Iam(Protocol):
    """What the check calls of IAM."""

    def simulate_principal_policy(self, **request: object) -> Response:
        """Ask what a principal's policies allow."""


class CloudFormation(Protocol):
    """What the check calls of CloudFormation."""

    def describe_stacks(self, **request: object) -> Response:
        """Read a stack's status."""


class CloudWatch(Protocol):
    """What a recheck calls of Amazon CloudWatch."""

    def put_metric_data(self, **request: object) -> Response:
        """Put values of metrics."""


class Events(Protocol):
    """What a recheck calls of Amazon EventBridge."""

    def put_events(self, **request: object) -> Response:
        """Put events on a bus."""


class Clients(Protocol):
    """Makes clients."""

    def ecr(self, region: str) -> Ecr:
        """Make a client of Amazon ECR in a Region."""

    def iam(self) -> Iam:
        """Make a client of IAM."""

    def cloudformation(self) -> CloudFormation:
        """Make a client of CloudFormation."""

    def cloudwatch(self) -> CloudWatch:
        """Make a client of Amazon CloudWatch."""

    def events(self) -> Events:
        """Make a client of Amazon EventBridge."""


class BotocoreClients:
    """Clients of botocore, one a service and Region, for several threads.

    botocore is what boto3 makes its clients of, and comes with it; asking it directly saves a cold start some 40 ms.
    """

    def __init__(self, limiters: RateLimiters, session: Any = None) -> None:
        """Make none yet; each will keep the pace, and have the session's credentials. Default: a new session's."""
        self._limiters = limiters
        self._lock = threading.Lock()
        self._session = session
        self._made: dict[tuple[str, str | None], object] = {}

    def ecr(self, region: str) -> Ecr:
        """Make a client of Amazon ECR in a Region."""
        return cast("Ecr", self._client("ecr", region))

    def iam(self) -> Iam:
        """Make a client of IAM."""
        return cast("Iam", self._client("iam", None))

    def cloudformation(self) -> CloudFormation:
        """Make a client of CloudFormation."""
        return cast("CloudFormation", self._client("cloudformation", None))

    def cloudwatch(self) -> CloudWatch:
        """Make a client of Amazon CloudWatch."""
        return cast("CloudWatch", self._client("cloudwatch", None))

    def events(self) -> Events:
        """Make a client of Amazon EventBridge."""
        return cast("Events", self._client("events", None))

    def _client(self, service: str, region: str | None) -> object:
        with self._lock:
            if (service, region) not in self._made:
                client = self._make(service, region)
                self._limiters.keep(client)
                self._made[service, region] = client
            return self._made[service, region]

    def _make(self, service: str, region: str | None) -> object:
        from botocore.config import Config  # 150 ms that a malformed event need not wait for
        from botocore.session import get_session

        # Set, because the defaults differ between the versions that Lambda brings. What fails is tried again by
        # retry.py, which knows the deadline; botocore's own pauses do not.
        config = Config(
            connect_timeout=5,
            read_timeout=15,
            retries={"mode": "standard", "total_max_attempts": 1},
            max_pool_connections=WORKERS,
        )
        self._session = self._session or get_session()
        return self._session.create_client(service, region_name=region, config=config)
