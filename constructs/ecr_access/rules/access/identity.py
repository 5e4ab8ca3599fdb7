"""One role, user or group, and what its policies allow."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ecr_access.documents.templates.references import pseudo
from ecr_access.documents.templates.unknowns import equal, split
from ecr_access.rules.access.answers import any_of

if TYPE_CHECKING:
    from ecr_access.documents.templates.template import Resource, Template
    from ecr_access.rules.access.statements import Statement


@dataclass
class Identity:
    """One role, user or group.

    Attributes:
        resource: where it is declared.
        arn: as a text.
        granted: its statements, each with the resource that holds it.
        by_aws: the actions on ``*`` that managed policies of AWS grant.
        is_whole: whether all its policies are known; if not, nothing is said of what it lacks.
        boundary: its permissions boundary, as if that were an identity; None if it has none that the app declares.
        name: as ``Ref`` returns it.
    """

    resource: Resource
    arn: str
    granted: list[tuple[Resource, Statement]] = field(default_factory=list)
    by_aws: set[str] = field(default_factory=set)
    is_whole: bool = True
    boundary: Identity | None = None
    name: str = ""

    @property
    def kind(self) -> str:
        """What it is: ``role``, ``user`` or ``group``."""
        return self.label.partition(" ")[0]

    @property
    def label(self) -> str:
        """What to call it: ``role ci``, its path left out; a name that is unknown is a mark."""
        kind, *_, name = split(split(self.arn, ":")[-1], "/")
        return f"{kind} {name}"

    def denial(self, action: str, resource: str) -> str:
        """Return where a statement certainly denies an action on a resource; empty if none does."""
        found = (
            f"{holder.logical_id}.{statement.path}"
            for holder, statement in self.granted
            if statement.denies(action, resource) and "Condition" not in holder.attributes
        )
        return next(found, "")

    def is_bounded(self, action: str, resource: str) -> bool:
        """Whether its permissions boundary certainly leaves an action on a resource out."""
        return self.boundary is not None and self.boundary.may(action, resource) is False

    def may(self, action: str, resource: str) -> bool | None:
        """Whether its policies allow an action on a resource; None if that depends."""
        if self.denial(action, resource) or self.is_bounded(action, resource):
            return False
        if any(one.lower() == action.lower() for one in self.by_aws):
            return True
        found = any_of(statement.grants(action, resource) for _, statement in self.granted)
        return found if found or self.is_whole else None

    def may_be_of(self, template: Template) -> bool:
        """Whether it may be of the account that a template is deployed to: another account's may have its name."""
        here, there = (pseudo("AWS::AccountId", one) or "" for one in (template, self.resource.template))
        return equal(here, there) is not False
