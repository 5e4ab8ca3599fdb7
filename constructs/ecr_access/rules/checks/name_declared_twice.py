"""A registry has each repository once.

Two resources of the app declare a repository of one name in one account and Region. The second one fails, ``already
exists in the registry``, and the deployment is rolled back.

Fix: declare it once, and refer to it, or give one of them another name.

Not reported: a name, account or Region that is known only at deploy time; resources or nested stacks under a condition;
templates that are copies of one another, such as those of one stack for several stages.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from ecr_access.iam.unknown_text import is_known
from ecr_access.rules.finding import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.documents.templates.template import Resource
    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.repositories import Repository


def _check(app: Application) -> Iterator[RuleFinding]:
    declared: defaultdict[tuple[str, str], list[Repository]] = defaultdict(list)
    for one in app.repositories:
        if is_known(one.name) and one.name and not _is_conditional(one.resource, app):
            declared[_registry(one), one.name].append(one)
    for (_, name), found in declared.items():
        first, *others = found
        for one in others:
            here, there = one.resource.template, first.resource.template
            if here != there and here.document == there.document:
                continue
            where = first.resource.logical_id + ("" if here == there else f" of {there.path}")
            yield RuleFinding(
                one.resource,
                "Properties.RepositoryName",
                f"the repository '{name}' is declared as {where} too, in the same account and Region: the second one "
                "fails, 'already exists in the registry'",
                "declare it once and refer to it, in the CDK pass the construct on; or give one of them another name",
            )


def _is_conditional(resource: Resource, app: Application) -> bool:
    return "Condition" in resource.attributes or app.resolver.nesting.is_conditional(resource.template)


def _registry(one: Repository) -> str:
    """Name the registry; two templates that do not say where they are deployed may be of different ones."""
    template = one.resource.template
    return f"{template.account}:{template.region}" if template.account and template.region else template.path


RULE: Final = Rule(
    "name-declared-twice",
    Severity.ERROR,
    "a repository's name is declared once in an account and Region",
    "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html",
    _check,
)
