"""Names the tags that may have been meant, and says how many there are."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from ecr_access.check.aws.errors import UndeterminedError
from ecr_access.check.images.look import DESCRIBE

if TYPE_CHECKING:
    from ecr_access.check.aws.clients import Clients
    from ecr_access.check.aws.retry import RetryBudget
    from ecr_access.iam.arns import Repository

_SHOWN: Final = 3
_PAGES: Final = 5
_A_PAGE: Final = 1000
_SECONDS: Final = 10.0
"""How long the tags of a repository are waited for: they only serve to suggest."""


class Tags:
    """The tags of one repository, the newest first.

    ``is_whole`` says whether these are all of them; None where they cannot be listed.
    """

    def __init__(self, pushed: dict[str, Any], *, is_whole: bool = True) -> None:
        self._newest = sorted(pushed, key=lambda tag: str(pushed[tag]), reverse=True)
        self.is_whole = is_whole

    def __bool__(self) -> bool:
        """Whether there is one."""
        return bool(self._newest)

    def suggest(self, image: str) -> str:
        """Say what is there: the nearest tags if some are near, or else the newest; and how many."""
        near = {*difflib.get_close_matches(image, self._newest, n=_SHOWN)} if "sha256:" not in image else set()
        kind = "nearest" if near else "newest"
        shown = [tag for tag in self._newest if tag in near] or self._newest[:_SHOWN]
        count = f"{len(self._newest):,}{'' if self.is_whole else ' and more'}"
        tags = ", ".join(f'"{tag}"' for tag in shown)
        return f"{kind} of {count} tag{'s' * (count != '1')}: {tags}"


def tags_of(clients: Clients, budget: RetryBudget, repository: Repository) -> Tags | None:
    """List the tags of a repository, as far as they can be had; None if they cannot."""
    brief = budget.within(_SECONDS)
    request: dict[str, Any] = {
        "registryId": repository.account,
        "repositoryName": repository.name,
        "filter": {"tagStatus": "TAGGED"},
        "maxResults": _A_PAGE,
    }
    pushed: dict[str, Any] = {}
    for _ in range(_PAGES):
        try:
            page = brief.call(
                lambda: clients.ecr(repository.region).describe_images(**request),
                action=DESCRIBE,
                on=repository.arn,
            )
        except (UndeterminedError, ClientError):
            return Tags(pushed, is_whole=False) if pushed else None
        details = page.get("imageDetails")
        for detail in details if isinstance(details, list) else ():
            tags = detail.get("imageTags") if isinstance(detail, dict) else None
            pushed.update({tag: detail.get("imagePushedAt") for tag in tags or () if isinstance(tag, str)})
        token = page.get("nextToken")
        if not isinstance(token, str) or not token or token == request.get("nextToken"):
            return Tags(pushed)
        request["nextToken"] = token
    return Tags(pushed, is_whole=False)
