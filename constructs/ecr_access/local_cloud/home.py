"""The home folder of commands run against the local cloud: the user's, without what leads to the user's AWS account.

The CDK CLI reads ``~/.cdk.json`` (proxy, profile, app, context ...), and nothing but another home keeps it from that.
An empty home would break the tools that find their own files there, such as pyenv, asdf, npm, pip and git. So this one
has a link to everything in the user's home but the files of the CDK and of AWS's tools.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_LEFT_OUT: Final = frozenset({".aws", ".cdk", ".cdk.json"})


def make_home(home: Path, user: Mapping[str, str]) -> None:
    """Make the folder, with links to what the environment's ``HOME`` has, where there is one that can be read."""
    home.mkdir()
    for entry in _entries(user.get("HOME", "")):
        if entry.name not in _LEFT_OUT:
            (home / entry.name).symlink_to(entry)


def _entries(home: str) -> list[Path]:
    try:
        return list(Path(home).absolute().iterdir()) if home else []
    except OSError:
        return []
