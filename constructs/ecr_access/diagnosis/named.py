"""Whether a text may be taken for an error of ECR."""

from __future__ import annotations

import re
from typing import Final

from ecr_access.diagnosis import services
from ecr_access.diagnosis.cause import Belongs
from ecr_access.diagnosis.claims import OTHER
from ecr_access.diagnosis.owner import Owners

_AWS: Final = re.compile(
    r"CannotPull|BUILD_CONTAINER|Unable to pull customer|\bECS\b|\bECR\b|codebuild|amazonaws\.com", re.IGNORECASE
)


class Named:
    """What the words of one text may be taken for."""

    def __init__(self, text: str) -> None:
        """Remember the text."""
        self._owners = Owners(text)
        self._aws = _AWS.search(text) is not None
        self._elsewhere = any(re.search(words, text) for _, words in services.REGISTRIES)

    def allows(self, belongs: Belongs, start: int, end: int) -> str | None:
        """Return whose words they are, if that is what a sign asks for; None if not."""
        if belongs is Belongs.ALWAYS:
            return services.ECR
        owner = self._owners.of(start, end)
        known = owner is not None and owner != OTHER
        asked = {
            Belongs.UNLESS_ELSEWHERE: owner in services.OURS or (not owner and not self._elsewhere),
            Belongs.WITH_ECR: owner in services.OURS,
            Belongs.WITH_PUBLIC: owner == services.PUBLIC,
            Belongs.WITH_AWS: self._aws,
            Belongs.OF_SERVICE: known
            and owner not in (*services.OURS, *services.OF_IMAGES)
            and not (owner in services.PULLERS and self._owners.is_about_an_image(start, end)),
            Belongs.OF_REGISTRY: owner in services.OF_IMAGES,
        }[belongs]
        if not asked or (belongs is not Belongs.WITH_AWS and self._owners.is_trace(start, end)):
            return None
        return owner or services.ECR
