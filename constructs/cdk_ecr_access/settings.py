"""How strict an access check is, as its custom resource is told: from parameters, or from the context."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cdk_ecr_access.propagation import propagation_seconds

if TYPE_CHECKING:
    from aws_cdk import Duration
    from constructs import Construct

_CONTEXT: Final = "cdk-ecr-access:"


def settings(
    scope: Construct, *, propagation: Duration | None, allow_undetermined: bool | None, report_only: bool | None
) -> dict[str, str]:
    """Write the settings as properties; those that are off are left out.

    Raises:
        ValueError: if a value is none of those allowed.
    """
    found = {"PropagationSeconds": str(propagation_seconds(scope, propagation))}
    if allow_undetermined if allow_undetermined is not None else _from_context(scope, "allow-undetermined"):
        found["AllowUndetermined"] = "true"
    if report_only if report_only is not None else _from_context(scope, "report-only"):
        found["ReportOnly"] = "true"
    return found


def _from_context(scope: Construct, name: str) -> bool:
    """Read a flag; the command line's context holds texts alone."""
    key = f"{_CONTEXT}{name}"
    value = scope.node.try_get_context(key)
    text = "false" if value is None else str(value).lower()
    if text not in ("true", "false"):
        raise ValueError(f"the context '{key}' is '{value}'; allowed: true or false")
    return text == "true"
