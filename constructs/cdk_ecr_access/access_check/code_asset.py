"""The code of the check's function: the policy kernel and the check, copied beside the template."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from aws_cdk import IgnoreMode
from aws_cdk import aws_s3_assets as s3_assets

import ecr_access

if TYPE_CHECKING:
    from constructs import Construct

_SOURCES: Final = Path(ecr_access.__file__).parents[1]
# In the words of .gitignore: of all that lies beside the package, the kernel and the check, and nothing else.
_SHIPPED: Final = (
    "/*",
    "!/ecr_access",
    "/ecr_access/*",
    "!/ecr_access/__init__.py",
    "!/ecr_access/tokens.py",
    "!/ecr_access/wording.py",
    "!/ecr_access/codes.py",
    "!/ecr_access/iam",
    "!/ecr_access/check",
    "__pycache__",
)


def code_of(function: Construct) -> s3_assets.Asset:
    """Add the code to the assets of a stack, as an ``aws_lambda.Function`` does."""
    return s3_assets.Asset(function, "Code", path=str(_SOURCES), exclude=[*_SHIPPED], ignore_mode=IgnoreMode.GIT)
