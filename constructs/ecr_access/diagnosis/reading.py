"""What can be read out of the text of an error: registry, account, Region, repository, tag, principal, action."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ecr_access.diagnosis import patterns
from ecr_access.diagnosis.image import Image, image_of
from ecr_access.ecr.names import REPOSITORY_NAME_PATTERN
from ecr_access.iam.arns import role_of_session

_NAME: Final = re.compile(REPOSITORY_NAME_PATTERN)
_PUBLIC: Final = re.compile(r"public\.ecr\.aws/[^/]{1,60}/")


@dataclass(frozen=True)
class Reading:
    """The values near one place of a text, each None where it is not there or masked."""

    registry: str | None = None
    account: str | None = None
    region: str | None = None
    repository: str | None = None
    tag: str | None = None
    principal: str | None = None
    action: str | None = None
    client_region: str | None = None
    registry_id: str | None = None
    image_account: str | None = None
    policy: str | None = None
    side: str | None = None
    service: str | None = None
    resource: str | None = None

    @property
    def principal_account(self) -> str | None:
        """The account of the refused principal."""
        found = re.match(r"arn:[a-z-]+:(?:iam|sts)::([0-9]{12}):", self.principal or "")
        return found[1] if found else None

    @property
    def role(self) -> str | None:
        """The ARN to attach a policy to: that of the role where the principal is a session of it."""
        return role_of_session(self.principal or "") or self.principal

    @property
    def other_account(self) -> bool:
        """Whether principal and repository are known to be in two accounts."""
        return bool(self.account and self.principal_account and self.account != self.principal_account)

    @property
    def other_region(self) -> bool:
        """Whether registry and client are known to be in two Regions."""
        return bool(self.region and self.client_region and self.region != self.client_region)


def read(text: str, place: int) -> Reading:
    """Read the values nearest to a place of a text: the ones of its line, or else the last before it."""
    image = _image(text, place)
    arn = _nearest(patterns.REPOSITORY_ARN, text, place)
    named = _nearest(patterns.NAMED_REPOSITORY, text, place)
    registry_id = _group(_nearest(patterns.REGISTRY_ID, text, place), "account")
    name = _group(named, "name")
    if name and (inner := image_of(name)):  # a URI where a name belongs
        image, name = (image if image and image.account else inner), inner.repository
    name = _PUBLIC.sub("", name or "")
    name = name if _NAME.fullmatch(name) else None  # it goes into commands
    tag = _group(_nearest(patterns.TAG, text, place), "tag")
    action = _nearest(patterns.ACTION, text, place)
    inside = _nearest(patterns.NAMED_REGION, text, place)
    client = _nearest(patterns.CLIENT_REGION, text, place)
    return Reading(
        registry=image.host if image else None,
        account=registry_id or _group(arn, "account") or (image.account if image else None),
        region=_group(arn, "region") or (image.region if image else None) or _group(client, "region") or _last(inside),
        repository=name or _group(arn, "name") or (image.repository if image else None),
        tag=tag or (image.tag if image else None),
        principal=_group(_nearest(patterns.PRINCIPAL, text, place), "arn"),
        action=action["action"] if action else None,
        client_region=_group(client, "region"),
        registry_id=registry_id,
        image_account=image.account if image else None,
        policy=_group(_nearest(patterns.POLICY, text, place), "arn"),
        side=_group(_nearest(patterns.SIDE, text, place), "side"),
        resource=_group(_nearest(patterns.RESOURCE, text, place), "resource"),
    )


def _image(text: str, place: int) -> Image | None:
    """Find the image meant: the nearest that names a repository, or else the nearest registry."""
    whole = _nearest(patterns.IMAGE_WITH_PATH, text, place)
    return image_of((whole or _nearest(patterns.IMAGE, text, place) or [""])[0])


def _nearest(pattern: re.Pattern[str], text: str, place: int) -> re.Match[str] | None:
    """Find the match in the line of a place, or else the last one before, or else the first after."""
    start, end = text.rfind("\n", 0, place) + 1, text.find("\n", place)
    before = None
    for found in pattern.finditer(text):
        if found.end() > start:
            inside = found.start() < (end if end >= 0 else len(text))
            return found if inside or before is None else before
        before = found
    return before


def _last(found: re.Match[str] | None) -> str | None:
    return found[found.lastgroup] if found and found.lastgroup else None


def _group(found: re.Match[str] | None, name: str) -> str | None:
    return found[name] if found else None
