"""What importers need to test their own apps: snapshots of templates, and assertions of who can pull and push.

The fixtures ``template_snapshot`` and ``local_cloud`` come with pytest's plugin, which is active where the package is
installed; ``template_snapshot`` needs the extra: ``pip install 'cdk-ecr-access[testing]'``.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cdk_ecr_access.testing.assertions import (
        assert_can_pull,
        assert_can_push,
        assert_cannot_pull,
        assert_cannot_push,
        assert_has_token,
        assert_no_token_on_resource,
    )
    from cdk_ecr_access.testing.snapshots import snapshot_of

__all__ = [
    "assert_can_pull",
    "assert_can_push",
    "assert_cannot_pull",
    "assert_cannot_push",
    "assert_has_token",
    "assert_no_token_on_resource",
    "snapshot_of",
]


if not TYPE_CHECKING:  # to a type checker, any name would be one of the package

    def __getattr__(name: str) -> object:
        """Import a public name on first use: pytest imports the package, for its plugin, wherever it is installed."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        module = "snapshots" if name == "snapshot_of" else "assertions"
        return getattr(import_module(f"{__name__}.{module}"), name)


def __dir__() -> list[str]:
    """List the public names, so that ``help`` and ``pydoc`` show them."""
    return sorted({*globals(), *__all__})
