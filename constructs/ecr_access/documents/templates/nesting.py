"""Which template is nested in which, as far as both were read."""

from __future__ import annotations

import json
import os.path
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ecr_access.documents.templates.template import mapping

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ecr_access.documents.templates.template import Resource, Template

_ASSET: Final = "aws:asset:path"
_NESTS: Final = {"AWS::CloudFormation::Stack": "TemplateURL", "AWS::Serverless::Application": "Location"}
# What deploys templates that no file of the app is known to hold.
_ELSEWHERE: Final = ("AWS::CloudFormation::StackSet", "AWS::ServiceCatalog::CloudFormationProvisionedProduct")
_OUTPUTS: Final = "Outputs."
_TEXT: Final = "String"


class Nesting:
    """The nested stacks of an app."""

    def __init__(self, templates: Iterable[Template]) -> None:
        files = {os.path.normpath(one.path): one for one in templates if one.is_read}
        self._read: dict[Resource, Template] = {}
        self._stacks: dict[str, list[Resource]] = defaultdict(list)
        self.unread: list[Resource] = []
        """Nested stacks whose templates are not at hand: they may declare, and attach, anything."""
        for template in files.values():
            self.unread += template.of_type(*_ELSEWHERE)
            for resource in template.of_type(*_NESTS):
                nested = files.get(_file(resource))
                if nested:
                    self._read[resource] = nested
                    self._stacks[nested.path].append(resource)
                else:
                    self.unread.append(resource)

    def is_nested(self, template: Template) -> bool:
        """Whether a stack of another template deploys it."""
        return template.path in self._stacks

    def is_conditional(self, template: Template) -> bool:
        """Whether a stack that deploys it, or a stack around that one, is under a condition."""
        open_, seen = [template.path], {template.path}
        while open_:
            for one in self._stacks.get(open_.pop(), ()):
                if "Condition" in one.attributes:
                    return True
                if one.template.path not in seen:
                    seen.add(one.template.path)
                    open_.append(one.template.path)
        return False

    def given(self, name: str, template: Template) -> tuple[Any, Template] | None:
        """Return what a nested stack's parameter is set to, and where that is written; None if it is not known."""
        stacks = self._stacks.get(template.path, [])
        # A list arrives as one text, and of a parameter of SSM the name alone is given.
        is_text = mapping(template.section("Parameters").get(name)).get("Type") == _TEXT
        if len(stacks) != 1 or not is_text:
            return None
        values = mapping(stacks[0].properties.get("Parameters"))
        return (values[name], stacks[0].template) if name in values else None

    def returned(self, resource: Resource, attribute: str) -> tuple[Any, Template] | None:
        """Return what an output of a nested stack is, and where that is written; None if it is not known."""
        nested = self._read.get(resource)
        if not nested or not attribute.startswith(_OUTPUTS):
            return None
        output = mapping(nested.section("Outputs").get(attribute.removeprefix(_OUTPUTS)))
        return (output["Value"], nested) if "Value" in output else None


def _file(resource: Resource) -> str:
    """Return where the template of a nested stack is, from where its own is: an asset of the CDK, or a local path."""
    given = resource.properties.get(_NESTS[resource.type])
    name = mapping(resource.attributes.get("Metadata")).get(_ASSET) or _published(resource.template, given) or given
    return os.path.normpath(Path(resource.template.path).parent / name) if isinstance(name, str) else ""


def _published(template: Template, url: object) -> str:
    """Return the file of an asset by its hash, which ends its URL: the CDK writes metadata only where its CLI runs."""
    text = json.dumps(url)
    return next((file for key, file in template.published.templates.items() if f"/{key}." in text), "")
