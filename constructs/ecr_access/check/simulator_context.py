"""The condition keys of a call to Amazon ECR: keys that are known, and keys whose value only the call itself shows.

Sections of this page are named by the key in lower case, such as #condition-keys-requestedregion:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ecr_access.iam.request_context import RequestContext

Entry = dict[str, object]

_SESSION: Final = frozenset(
    {
        "codebuild:buildarn",
        "codebuild:projectarn",
        "ec2:roledelivery",
        "ec2:sourceinstancearn",
        "glue:credentialissuingservice",
        "glue:roleassumedby",
        "identitystore:userid",
        "lambda:sourcefunctionarn",
        "ssm:sourceinstancearn",
    }
)
"""Keys of other services that a role's session carries into its calls to every service.

#condition-keys-role-session-properties
"""

# Beside the keys that the request context knows to be absent. Only the root user's session has the first, and no action
# that pulls, pushes or reads takes tags.
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
_NEVER: Final = ("aws:assumedroot", "aws:tagkeys")
_REQUEST_TAG: Final = "aws:requesttag/"
_RESOURCE_TAGS: Final = ("aws:resourcetag/", "ecr:resourcetag/")
_PRINCIPAL_TAGS: Final = ("aws:principaltag/",)
_OF_ALL_SERVICES: Final = ("aws:", "ecr:")

_BOOLEAN: Final = frozenset(
    {
        "aws:ismcpserviceaction",
        "aws:multifactorauthpresent",
        "aws:principalisawsservice",
        "aws:securetransport",
        "aws:viaawsmcpservice",
        "aws:viaawsservice",
    }
)
_DATE: Final = frozenset({"aws:currenttime", "aws:epochtime", "aws:tokenissuetime"})
_UNUSED: Final = {
    "aws:ec2instancesourceprivateipv4": ("ip", "192.0.2.1"),
    "aws:multifactorauthage": ("numeric", "999999999"),
    "aws:principalorgpaths": ("stringList", "no-call-has-this"),
    "aws:resourceorgpaths": ("stringList", "no-call-has-this"),
    # An address of RFC 5737, which belongs to no network.
    "aws:sourceip": ("ip", "192.0.2.1"),
    "aws:vpceorgpaths": ("stringList", "no-call-has-this"),
    "aws:vpcsourceip": ("ip", "192.0.2.1"),
    "ec2:roledelivery": ("numeric", "999999999"),
}
"""The type of a key that is no text, and a value that no call has. The simulator refuses a value of another type."""


def known(calls: RequestContext) -> list[Entry]:
    """Return the context entries that all of some calls have."""
    return [_entry(key, "boolean" if key.lower() in _BOOLEAN else "string", one) for key, one in calls.certain.items()]


def open_keys(keys: Iterable[str], calls: RequestContext) -> tuple[str, ...]:
    """Return the keys that some of the calls may have."""
    return tuple(dict.fromkeys(key for key in keys if _may_be_there(key.lower(), calls)))


def _may_be_there(key: str, calls: RequestContext) -> bool:
    if key in _NEVER or key.startswith(_REQUEST_TAG) or not any(calls.of(key)):
        return False
    return key.startswith(_OF_ALL_SERVICES) or key in _SESSION


def other_values(keys: Sequence[str]) -> list[list[Entry]]:
    """Return what to simulate beside calls without the keys: calls that have them, with a value that no policy names.

    A boolean has no such value, so that the calls with it are two.
    """
    now = datetime.now(timezone.utc)
    values = ("true", "false") if any(key.lower() in _BOOLEAN for key in keys) else ("",)
    return [[_other(key, index, flag=flag, now=now) for index, key in enumerate(keys, start=1)] for flag in values]


def tags(keys: Sequence[str], noun: str) -> list[str]:
    """Say which tags the keys are about."""
    lines = []
    for what, prefixes in (("the repository", _RESOURCE_TAGS), (f"the {noun}", _PRINCIPAL_TAGS)):
        names = [key.partition("/")[2] for key in keys if key.lower().startswith(prefixes)]
        lines += [f"tag {what} with {', '.join(dict.fromkeys(names))}"] if names else []
    return lines


def _other(key: str, index: int, *, flag: str, now: datetime) -> Entry:
    lower = key.lower()
    if lower in _BOOLEAN:
        return _entry(key, "boolean", flag)
    if lower in _DATE:
        # Nearer to the date of a call than any other; numeric operators read the seconds alone.
        seconds = lower == "aws:epochtime"
        return _entry(key, "date", str(int(now.timestamp())) if seconds else now.strftime("%Y-%m-%dT%H:%M:%SZ"))
    # Each of its own, as a policy variable may stand for the value of another key.
    text = f"no-call-has-this-{index}"
    text = f"arn:aws:none:::{text}" if lower.endswith("arn") else text
    return _entry(key, *_UNUSED.get(lower, ("string", text)))


def _entry(key: str, kind: str, value: str) -> Entry:
    return {"ContextKeyName": key, "ContextKeyValues": [value], "ContextKeyType": kind}
