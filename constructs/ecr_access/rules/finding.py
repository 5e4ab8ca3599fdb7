"""What a rule found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.unknowns import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ecr_access.documents.templates.template import Resource
    from ecr_access.rules.access.application import Application


NAME: Final = "EcrAccess"
"""What acknowledgments of rules begin with."""


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
    """

    resource: Resource
    path: str
    problem: str
    fix: str

    @property
    def text(self) -> str:
        """The problem, what is unknown written as ``${Name}``."""
        return shown(self.problem)


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
