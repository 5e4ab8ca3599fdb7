"""How strict an access check is, as its custom resource is told: from parameters, or from the context."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cdk_ecr_access.context_keys import misspelt
from cdk_ecr_access.propagation import CONTEXT_PROPAGATION, propagation_seconds
from cdk_ecr_access.wording import did_you_mean

if TYPE_CHECKING:
    from aws_cdk import Duration
    from constructs import Construct

_PREFIX: Final = "cdk-ecr-access:"
_ALLOW_UNDETERMINED: Final = f"{_PREFIX}allow-undetermined"
_REPORT_ONLY: Final = f"{_PREFIX}report-only"
_KEYS: Final = (_ALLOW_UNDETERMINED, CONTEXT_PROPAGATION, _REPORT_ONLY)


def settings(
    scope: Construct, *, propagation: Duration | None, allow_undetermined: bool | None, report_only: bool | None
) -> dict[str, str]:
    """Write the settings as properties; those that are off are left out.

    Raises:
        ValueError: if a value is none of those allowed, or the context has a setting that does not exist.
    """
    _refuse_unknown(scope)
    found = {"PropagationSeconds": str(propagation_seconds(scope, propagation))}
    if allow_undetermined if allow_undetermined is not None else _from_context(scope, _ALLOW_UNDETERMINED):
        found["AllowUndetermined"] = "true"
    if report_only if report_only is not None else _from_context(scope, _REPORT_ONLY):
        found["ReportOnly"] = "true"
    return found


def _refuse_unknown(scope: Construct) -> None:
    """Refuse keys of the context that are misspelt, and would change nothing."""
    context = scope.node.get_all_context()
    unknown = [key for key in context if key.startswith(_PREFIX) and key not in _KEYS]
    if unknown:
        near = did_you_mean(unknown[0], _KEYS) if len(unknown) == 1 else ""
        listed = ", ".join(f"'{key}'" for key in unknown)
        raise ValueError(f"the context {listed} is not known; allowed: {', '.join(_KEYS)}{near}")
    if near_ones := misspelt(context, _KEYS):
        raise ValueError("; ".join(near_ones))


def _from_context(scope: Construct, key: str) -> bool:
    """Read a flag; the command line's context holds texts alone."""
    value = scope.node.try_get_context(key)
    text = "false" if value is None else str(value).lower()
    if text not in ("true", "false"):
        raise ValueError(f"the context '{key}' is '{value}'; allowed: true or false")
    return text == "true"
