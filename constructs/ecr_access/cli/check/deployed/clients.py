"""The AWS clients that deployed checks are asked with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from botocore.config import Config

if TYPE_CHECKING:
    from ecr_access.cli.check.caller import Caller

WORKERS: Final = 4
"""How many stacks are asked about at a time: each check calls IAM, which allows an account few calls a second."""

_LONGEST: Final = 330
"""Seconds: a little over the timeout of the check's function."""


class Clients:
    """One client a service, for several threads; throttled calls are made again by botocore."""

    def __init__(self, caller: Caller) -> None:
        """Make them with the caller's credentials, in the caller's Region."""
        # Set, because the defaults differ between versions of botocore and with the environment.
        config = Config(
            retries={"mode": "standard", "total_max_attempts": 8},
            read_timeout=_LONGEST,
            tcp_keepalive=True,
            max_pool_connections=WORKERS,
        )
        self.place = caller.place

        def made(service: str) -> Any:
            return caller.session.create_client(service, region_name=caller.place.region, config=config)

        self.cloudformation = made("cloudformation")
        self.functions = made("lambda")
        self.parameters = made("ssm")
