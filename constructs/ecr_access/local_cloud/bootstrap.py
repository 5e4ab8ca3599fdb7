"""``cdk bootstrap`` of an account in a local cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecr_access.codes import Code
from ecr_access.local_cloud.errors import LocalCloudError
from ecr_access.local_cloud.tools import require_cdk

if TYPE_CHECKING:
    from collections.abc import Callable

    from ecr_access.local_cloud.cloud import LocalCloud


def bootstrap(cloud: LocalCloud, account: str, output: Callable[[str], None] | None) -> None:
    """Bootstrap an account; what the CLI says goes to ``output``, and into the error if it fails."""
    require_cdk(cloud.environment(account))
    said: list[str] = []

    def note(line: str) -> None:
        said.append(line)
        if output is not None:
            output(line)

    # In an empty folder: there is no app to ask, the environment is given.
    environment = f"aws://{account}/{cloud.region}"
    code = cloud.cdk("bootstrap", environment, account=account, cwd=cloud.directory, output=note)
    if code:
        raise LocalCloudError(
            Code.LOCAL_COMMAND.ends(f"cdk bootstrap {environment} failed (exit code {code}):\n" + "\n".join(said))
        )
