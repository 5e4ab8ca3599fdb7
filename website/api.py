"""The public names of a module, each as an entry for mkdocstrings."""

from __future__ import annotations

import ast
from typing import Final

from website.links import ROOT

_SOURCES: Final = ROOT / "constructs"


def reference(module: str) -> str:
    """Return the entry of each public name of a module, which mkdocstrings fills from the docstrings.

    Args:
        module: its dotted name, such as ``cdk_ecr_access``.
    """
    return "\n\n".join(f"::: {module}.{name}" for name in public_names(module))


def public_names(module: str) -> list[str]:
    """Return the names in ``__all__`` of a package, without importing it: it may need the CDK, which is not installed.

    Raises:
        LookupError: if the package has no ``__all__``.
    """
    path = _SOURCES.joinpath(*module.split("."), "__init__.py")
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return [str(name) for name in ast.literal_eval(node.value)]
    raise LookupError(f"{module} has no __all__")
