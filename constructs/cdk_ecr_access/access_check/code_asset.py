"""The code of a function of this library: the policy kernel and what else it needs, copied beside the template."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from aws_cdk import IgnoreMode
from aws_cdk import aws_s3_assets as s3_assets

import ecr_access

if TYPE_CHECKING:
    from constructs import Construct

_SOURCES: Final = Path(ecr_access.__file__).parents[1]
# In the words of .gitignore: of all that lies beside the package, the kernel, and nothing else.
_KERNEL: Final = (
    "/*",
    "!/ecr_access",
    "/ecr_access/*",
    "!/ecr_access/__init__.py",
    "!/ecr_access/tokens.py",
    "!/ecr_access/wording.py",
    "!/ecr_access/codes.py",
    "!/ecr_access/iam",
)
CHECK: Final = ("!/ecr_access/check",)
"""What the check's function has besides."""


def code_of(function: Construct, shipped: tuple[str, ...]) -> s3_assets.Asset:
    """Add the code to the assets of a stack, as an ``aws_lambda.Function`` does.

    Args:
        function: whose code it is.
        shipped: which parts of the package it has besides the policy kernel, in the words of .gitignore.
    """
    exclude = [*_KERNEL, *shipped, "__pycache__"]
    # An AssetStaging and the stack's synthesizer would spare some 50 ms of a small app. But the CDK binds a copy of a
    # synthesizer that is made in Python, and Python gets the one that is not bound.
    return s3_assets.Asset(function, "Code", path=str(_SOURCES), exclude=exclude, ignore_mode=IgnoreMode.GIT)
