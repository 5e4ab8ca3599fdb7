"""``--keep``: the cloud stays, with what was deployed, and a shell is told how to use and to stop it."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from walkthrough.walk import Walk

FILE = "environment.sh"
"""In the cloud's own folder, so that it goes with the cloud."""

_USERS_OWN = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN")


def keep(walk: Walk) -> None:
    """Leave the cloud running, and print one line that a shell takes its environment from."""
    file = walk.cloud.directory / FILE
    lines = shell_commands(walk.cloud.environment(), os.environ)
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    pid = walk.cloud.keep()
    walk.report.say(
        "\nthe embedded cloud stays, with the stack and the images in it; to use it with aws or cdk from a new "
        f"shell:\n\n    . {shlex.quote(str(file))}\n\nto stop it and remove its files:\n\n    kill {pid}"
    )


def shell_commands(environment: Mapping[str, str], user: Mapping[str, str]) -> list[str]:
    """Return the commands that give a shell the cloud's environment and take the user's account from it."""
    stale = {name for name in user if name.startswith(("AWS_", "CDK_"))} | {*_USERS_OWN}
    ours = {name: value for name, value in environment.items() if name != "PATH" and user.get(name) != value}
    programs = environment["PATH"].partition(os.pathsep)[0]
    return [
        f"unset {' '.join(sorted(stale - environment.keys()))}",
        f'export PATH={shlex.quote(programs)}:"$PATH"',
        *(f"export {name}={shlex.quote(value)}" for name, value in sorted(ours.items())),
    ]
