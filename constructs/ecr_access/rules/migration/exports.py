"""The exports of repositories that go or change: CloudFormation refuses that while a stack imports them.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecr_access.documents.templates.references import REPOSITORY
from ecr_access.documents.templates.template import listed, mapping
from ecr_access.documents.templates.unknowns import shown
from ecr_access.iam.ternary import Ternary
from ecr_access.iam.unknown_text import equal
from ecr_access.rules.migration.plan import Export

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.documents.templates.template import Template
    from ecr_access.rules.access.application import Application

_ATTRIBUTES: Final = {"Arn": "repository_arn", "RepositoryUri": "repository_uri"}
_MADE_BY_THE_CDK: Final = ":ExportsOutput"


def changed(before: Application, after: Application) -> Iterator[Export]:
    """Yield the exports of repositories that the new templates lack, or give another value."""
    new = {(one.path, name): value for one in after.templates for name, value, _ in _exports(one, after)}
    for template in before.templates:
        for name, value, output in _exports(template, before):
            now = new.get((template.path, name))
            if (attribute := _attribute(output, template)) and (now is None or equal(value, now) is Ternary.NO):
                importers = tuple(one.path for one in before.templates if name in _imports(one, before))
                change = "goes" if now is None else f"changes from {shown(value)} to {shown(now)}"
                yield Export(template.path, shown(name), importers, change, _keep(shown(name), attribute))


def _exports(template: Template, app: Application) -> Iterator[tuple[str, str, Any]]:
    for output in template.section("Outputs").values():
        if name := mapping(mapping(output).get("Export")).get("Name"):
            value = mapping(output).get("Value")
            yield app.resolver.text(name, template), app.resolver.text(value, template), value


def _imports(template: Template, app: Application) -> set[str]:
    return {app.resolver.text(one, template) for key, one in _pairs(template.document) if key == "Fn::ImportValue"}


def _attribute(value: object, template: Template) -> str:
    """Return the attribute of a repository that a value is of; empty if it is of none."""
    for key, one in _pairs(value):
        name = one.split(".", 1) if isinstance(one, str) else [*map(str, listed(one)), ""]
        resource = template.resources.get(name[0])
        if key in ("Ref", "Fn::GetAtt") and resource and resource.type == REPOSITORY:
            return "repository_name" if key == "Ref" else _ATTRIBUTES.get(name[1], "repository_arn")
    return ""


def _pairs(value: object) -> Iterator[tuple[str, Any]]:
    """Yield every key of a value with what it holds, however deep."""
    open_ = [value]
    while open_:
        one = open_.pop()
        if isinstance(one, dict):
            yield from one.items()
            open_ += one.values()
        elif isinstance(one, list):
            open_ += one


def _keep(name: str, attribute: str) -> str:
    if _MADE_BY_THE_CDK in name:
        return f"stack.export_value(repository.{attribute})"
    return f'CfnOutput(stack, "Export", value=repository.{attribute}, export_name="{name}")'
