"""Whether the tags of a repository can be moved to another image.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.template import NO_VALUE, listed, mapping
from ecr_access.iam.ternary import Ternary, any_of
from ecr_access.iam.unknown_text import is_known
from ecr_access.iam.wildcards import is_matched

if TYPE_CHECKING:
    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.repositories import Repository

_DEFAULT: Final = "MUTABLE"
_MOVES: Final = {
    _DEFAULT: Ternary.YES,
    "MUTABLE_WITH_EXCLUSION": Ternary.YES,
    "IMMUTABLE": Ternary.NO,
    "IMMUTABLE_WITH_EXCLUSION": Ternary.NO,
}


def setting_of(repository: Repository, app: Application) -> str:
    """Return the ``ImageTagMutability`` of a repository."""
    return app.resolver.text(
        repository.resource.properties.get("ImageTagMutability", _DEFAULT), repository.resource.template
    )


def can_move(tag: str, repository: Repository, app: Application) -> Ternary:
    """Whether a push can move a tag: the opposite of the setting holds for the tags that a filter excludes."""
    setting = setting_of(repository, app)
    moves = _MOVES.get(setting, Ternary.MAYBE)
    if not is_known(setting) or not setting.endswith("_EXCLUSION"):
        return moves
    excluded = any_of(is_matched(one, tag) for one in _filters(repository, app))
    return Ternary.MAYBE if excluded is Ternary.MAYBE else moves.negated if excluded is Ternary.YES else moves


def _filters(repository: Repository, app: Application) -> list[str]:
    found = listed(repository.resource.properties.get("ImageTagMutabilityExclusionFilters"))
    values = [mapping(one).get("ImageTagMutabilityExclusionFilterValue", one) for one in found if one != NO_VALUE]
    return app.resolver.texts(values, repository.resource.template)
