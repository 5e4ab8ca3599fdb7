"""A repository should have a deletion policy.

Without ``DeletionPolicy`` the repository is deleted with its stack. With ``EmptyOnDelete`` its images are deleted
too. Otherwise the deletion fails while the repository holds images.

Fix: ``RetainExceptOnCreate``, which is the default of ``AccessibleRepository``, or ``Delete`` if that is meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.template import NO_VALUE
from ecr_access.rules.finding import Rule, RuleFinding, Severity, subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.repositories import Repository


def _check(app: Application) -> Iterator[RuleFinding]:
    for repository in app.repositories:
        if repository.resource.attributes.get("DeletionPolicy") in (None, NO_VALUE):
            yield RuleFinding(
                repository.resource,
                "DeletionPolicy",
                f"{subject(repository.resource)} has no DeletionPolicy, so that CloudFormation deletes it with the "
                f"stack: {_end(repository, app)}",
                "set DeletionPolicy RetainExceptOnCreate, the default of AccessibleRepository, or Delete where that is "
                "meant, with EmptyOnDelete true",
            )


def _end(repository: Repository, app: Application) -> str:
    empties = repository.resource.properties.get("EmptyOnDelete", False)
    text = app.resolver.text(empties, repository.resource.template).lower()
    if text == "true":
        return "all its images are deleted too, as EmptyOnDelete is true"
    if text == "false":
        return "the deletion fails while the repository holds images, as EmptyOnDelete is not true"
    return "the deletion fails while the repository holds images, or deletes them if EmptyOnDelete turns out true"


RULE: Final = Rule(
    "no-deletion-policy",
    Severity.WARNING,
    "a repository has a deletion policy",
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html",
    _check,
)
