"""What a migration comes to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Fate(str, Enum):
    """What CloudFormation does to a repository."""

    IN_PLACE = "in place"
    NEW = "new"
    REPLACED = "replaced"
    RETAINED = "removed from the stack, retained"
    DELETED = "removed from the stack, deleted"
    UNDETERMINED = "undetermined"


SAFE = frozenset({Fate.IN_PLACE, Fate.NEW})
"""What keeps the repository, and the images in it, where clients look for them."""


@dataclass(frozen=True)
class Setting:
    """A setting that changes.

    Attributes:
        name: of the setting, in words.
        before: its value in the old template, in words.
        after: its value in the new one.
        keep: what keeps the old value: an argument of ``AccessibleRepository``, or a call; empty if nothing does.
    """

    name: str
    before: str
    after: str
    keep: str = ""


class Course(str, Enum):
    """Whether a statement is lost, gained, or known at deployment alone."""

    GOES = "goes"
    COMES = "comes"
    PERHAPS = "may change"


@dataclass(frozen=True)
class StatementChange:
    """A statement, or the part of one, that one of the two apps lacks."""

    course: Course
    statement: str


@dataclass(frozen=True)
class Repository:
    """A repository of one of the apps, or of both.

    Attributes:
        stack: the stack's template, without its suffix.
        logical_id: in the old template; in the new one if the repository is new.
        path: of its construct, or its logical id where the template does not say.
        name: as clients use it; empty where CloudFormation makes one.
        fate: what happens to it.
        reasons: why, and what follows.
        settings: the settings that change.
        statements: the statements of its policy that change.
    """

    stack: str
    logical_id: str
    path: str
    name: str
    fate: Fate
    reasons: tuple[str, ...] = ()
    settings: tuple[Setting, ...] = ()
    statements: tuple[StatementChange, ...] = ()


@dataclass(frozen=True)
class Principal:
    """A role, user or group, or a policy attached to one of another app, whose statements about ECR change."""

    stack: str
    label: str
    statements: tuple[StatementChange, ...]


@dataclass(frozen=True)
class Export:
    """An export of a repository that goes, or whose value changes.

    Attributes:
        stack: that exports it.
        name: of the export.
        importers: the stacks that import it; while one does, CloudFormation refuses the change.
        change: what happens to it.
        keep: what keeps it.
    """

    stack: str
    name: str
    importers: tuple[str, ...]
    change: str
    keep: str


@dataclass(frozen=True)
class Plan:
    """All of a migration; ``notes`` says what the templates do not show."""

    repositories: tuple[Repository, ...]
    principals: tuple[Principal, ...]
    exports: tuple[Export, ...]
    notes: tuple[str, ...]

    @property
    def is_safe(self) -> bool:
        """Whether every repository stays in place, and no export goes that a stack imports."""
        return all(one.fate in SAFE for one in self.repositories) and not any(one.importers for one in self.exports)
