"""What a rule found."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.unknowns import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from ecr_access.documents.templates.template import Resource
    from ecr_access.rules.access.application import Application


NAME: Final = "EcrAccess"
"""What acknowledgments of rules begin with."""
_WORD: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class Severity(str, Enum):
    """Whether a synthesis fails."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class RuleFinding:
    """One place where a rule is broken.

    Attributes:
        resource: where.
        path: of the value, from the resource, such as ``Properties.RepositoryPolicyText``.
        problem: what is wrong, with the value.
        fix: what to do.
        cause: what has to be mended: findings of one cause, of whichever rules, are reported as one. Empty for a
            finding that stands alone.
    """

    resource: Resource
    path: str
    problem: str
    fix: str
    cause: tuple[Hashable, ...] = ()

    @property
    def text(self) -> str:
        """The problem, what is unknown written as ``${Name}``."""
        return shown(self.problem)


def subject(resource: Resource) -> str:
    """Call a resource for a person, by its type and its logical id: ``task definition 'Web'``."""
    kind = _WORD.sub(" ", resource.type.rpartition("::")[2]).lower()
    return f"{kind or 'resource'} '{resource.logical_id}'"


@dataclass(frozen=True)
class Rule:
    """One rule.

    Attributes:
        id: such as ``token-missing``; acknowledged as ``EcrAccess::token-missing``.
        severity: whether breaking it fails a synthesis.
        title: what it demands, in a sentence.
        page: the AWS page that it follows.
        check: finds where an app breaks it.
    """

    id: str
    severity: Severity
    title: str
    page: str
    check: Callable[[Application], Iterable[RuleFinding]]
