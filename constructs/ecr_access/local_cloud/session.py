"""boto3 sessions of the local cloud that the user's environment and profiles cannot reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import botocore.session
from botocore.config import Config

if TYPE_CHECKING:
    from collections.abc import Mapping


class LocalSession(boto3.Session):
    """A session whose clients and resources talk to the local cloud, whatever the process's environment says."""

    def __init__(
        self,
        environment: Mapping[str, str],
        *,
        access_key: str | None = None,
        secret_key: str | None = None,
        token: str | None = None,
    ) -> None:
        """Make a session.

        Args:
            environment: What ``LocalCloud.environment`` returns.
            access_key: Other credentials than the environment's, for example an assumed role's.
            secret_key: Belongs to ``access_key``.
            token: Belongs to ``access_key``.
        """
        # (name in the profile, environment variable, value): None for the first two shuts the user's settings out.
        fixed = {
            "profile": None,
            "config_file": environment["AWS_CONFIG_FILE"],
            "credentials_file": environment["AWS_SHARED_CREDENTIALS_FILE"],
        }
        core = botocore.session.Session({name: (None, None, value, None) for name, value in fixed.items()})
        super().__init__(
            aws_access_key_id=access_key or environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=secret_key or environment["AWS_SECRET_ACCESS_KEY"],
            aws_session_token=token,
            region_name=environment["AWS_REGION"],
            botocore_session=core,
        )
        self._endpoint = environment["AWS_ENDPOINT_URL"]
        self._bundle = environment["AWS_CA_BUNDLE"]

    def client(self, *args: Any, **options: Any) -> Any:
        """Return a client, as ``boto3.Session.client`` does."""
        return super().client(*args, **self._options(options))

    def resource(self, *args: Any, **options: Any) -> Any:
        """Return a resource, as ``boto3.Session.resource`` does."""
        return super().resource(*args, **self._options(options))

    def _options(self, options: dict[str, Any]) -> dict[str, Any]:
        # No proxy: with the user's, a request for localhost would leave the machine.
        ours = Config(
            proxies={}, use_fips_endpoint=False, use_dualstack_endpoint=False, s3={"addressing_style": "path"}
        )
        theirs = options.pop("config", None)
        return {
            "endpoint_url": self._endpoint,
            "verify": self._bundle,
            **options,
            "config": ours.merge(theirs) if theirs else ours,
        }
