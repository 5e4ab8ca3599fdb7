"""How strict an access check is, as its custom resource is told: from parameters, the context, or a manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cdk_ecr_access.access_check.context_keys import misspelt
from cdk_ecr_access.access_check.given_settings import PREFIX, GivenSettings
from cdk_ecr_access.access_check.hosting import HOSTING_KEYS
from cdk_ecr_access.access_check.interval import CONTEXT_RECHECK
from cdk_ecr_access.access_check.propagation import CONTEXT_PROPAGATION, propagation_seconds
from ecr_access.codes import Code
from ecr_access.wording import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk import Duration

_FLAGS: Final = {
    "AllowUndetermined": f"{PREFIX}allow-undetermined",
    "ReportOnly": f"{PREFIX}report-only",
    "LogAllowed": f"{PREFIX}log-allowed",
}
IMAGES: Final = f"{PREFIX}images"
_KEYS: Final = (*_FLAGS.values(), IMAGES, CONTEXT_PROPAGATION, CONTEXT_RECHECK, *HOSTING_KEYS)


class Settings(NamedTuple):
    """The settings of a check: those that travel as properties, and whether the images of its stack are required."""

    properties: dict[str, str]
    images: bool


def settings(
    outside: GivenSettings,
    *,
    propagation: Duration | None = None,
    allow_undetermined: bool | None = None,
    report_only: bool | None = None,
    log_allowed: bool | None = None,
    images: bool | None = None,
) -> Settings:
    """Read the settings; flags that are off are left out of the properties.

    Raises:
        ValueError: if a value is none of those allowed, or the context has a setting that does not exist.
    """
    _refuse_unknown(outside.context)
    named = {"allow_undetermined": allow_undetermined, "report_only": report_only, "log_allowed": log_allowed}
    given = dict(zip(_FLAGS, named.values(), strict=True))
    flags = {name: _from_context(outside, _FLAGS[name]) if flag is None else flag for name, flag in given.items()}
    requires_images = _from_context(outside, IMAGES) if images is None else images
    if wrong := [flag for flag in (*flags.values(), requires_images) if isinstance(flag, str)]:
        raise Code.CHECK_SETTING.error("; ".join(wrong))
    properties = {
        "PropagationSeconds": str(propagation_seconds(outside, propagation)),
        **{name: "true" for name, flag in flags.items() if flag},
    }
    return Settings(properties, requires_images is True)


def is_on(outside: GivenSettings, key: str) -> bool:
    """Whether a flag is given outside of Python; one that is wrong is refused where a check is made."""
    return _from_context(outside, key) is True


def _refuse_unknown(context: Mapping[str, Any]) -> None:
    """Refuse keys of the context that are misspelt, and would change nothing."""
    unknown = [key for key in context if key.startswith(PREFIX) and key not in _KEYS]
    if unknown:
        near = did_you_mean(unknown[0], _KEYS) if len(unknown) == 1 else ""
        listed = ", ".join(f"'{key}'" for key in unknown)
        raise Code.CHECK_SETTING.error(f"the context {listed} is not known; allowed: {', '.join(_KEYS)}{near}")
    if near_ones := misspelt(context, _KEYS):
        raise Code.CHECK_SETTING.error("; ".join(near_ones))


def _from_context(outside: GivenSettings, key: str) -> bool | str:
    """Read a flag, or say what is wrong with it; the command line's context holds texts alone."""
    value = outside.get(key)
    text = "false" if value is None else str(value).lower()
    if text not in ("true", "false"):
        return f"the context '{key}' is '{value}'; allowed: true or false"
    return text == "true"
