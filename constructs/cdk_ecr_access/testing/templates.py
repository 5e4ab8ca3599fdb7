"""What assertions are made on: the templates of stacks, of an app, or as they are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from cdk_ecr_access.testing.attached import choices
from cdk_ecr_access.testing.imported import with_imported
from cdk_ecr_access.testing.leaves import leaf_of
from cdk_ecr_access.testing.snapshots import template_of as document_of
from ecr_access.codes import Code
from ecr_access.documents.templates.assembly import template_of, templates_in, with_nested
from ecr_access.documents.templates.template import Template
from ecr_access.rules.access.application import Application

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_cdk import Stack, Stage
    from aws_cdk import assertions as cdk

    from ecr_access.documents.templates.assembly import Placed

    One: TypeAlias = Stage | Stack | cdk.Template | Mapping[str, Any]
    Templates: TypeAlias = One | Sequence[One]

_SUFFIX: Final = ".template.json"


def application_of(templates: Templates, *constructs: object) -> Application:
    """Read templates as one app.

    Args:
        templates: An App, a Stage, a Stack, an ``aws_cdk.assertions.Template``, a template as a dict; or a list.
        constructs: That they declare: a template that is no stack's is taken to be deployed where these are. The first
            is the role; one that is imported is added.

    Raises:
        TypeError: if it is something else.
        RuntimeError: if the app does not synthesize.
    """
    given = list(templates) if isinstance(templates, (list, tuple)) else [templates]
    if not given:
        raise TypeError(
            Code.NO_TEMPLATE.ends("no template is given; allowed are an App, a Stack, a template, and a list of these")
        )
    found = {one.path: one for number, part in enumerate(given, 1) for one in _read(part, number, constructs)}
    return Application(with_imported(found.values(), constructs[0] if constructs else None))


def with_all_chosen(app: Application) -> Application:
    """Read an app as if every statement that its templates list under a condition were there."""
    return Application([replace(one, document=_with_both(one.document)) for one in app.templates])


def name_of(template: Template) -> str:
    """Return what to call a template: its stack, or its place among the given ones."""
    return Path(template.path).name.removesuffix(_SUFFIX)


def is_of_stack(template: Template) -> bool:
    """Whether it was read from what a stack was synthesized to."""
    return template.path.endswith(_SUFFIX)


def _read(given: object, number: int, constructs: Sequence[object]) -> Iterator[Template]:
    if not isinstance(given, Mapping):
        from aws_cdk import Stack, Stage  # starts Node.js

        if isinstance(given, Stage):
            yield from map(_from_file, templates_in(Path(given.synth().directory)))
            return
        if isinstance(given, Stack):
            yield from map(_from_file, _of_stack(given))
            return
    document = document_of(given, also="; of an assertion also an App, a Stage, and a list of all these")
    template = Template(f"template {number}", document)
    yield Template(template.path, template.document, *_place(template, constructs))


def _of_stack(stack: Stack) -> Iterator[Placed]:
    """Yield the files of a stack's template and of the templates of its nested stacks."""
    from aws_cdk import Stage

    stage = Stage.of(stack)
    for one in templates_in(Path(stage.synth().directory)) if stage else ():
        if one.path.name == stack.template_file:
            yield from with_nested(one)


def _from_file(placed: Placed) -> Template:
    return template_of(placed, json.loads(placed.path.read_bytes()))


def _place(template: Template, constructs: Sequence[object]) -> tuple[str, str]:
    """Return account and Region of the stack of a construct that a template declares; empty where not known."""
    for stack, logical_id in filter(None, map(leaf_of, constructs)):
        if logical_id in template.resources:
            return _known(stack.account), _known(stack.region)
    return "", ""


def _with_both(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: [*choices(one)] if key == "Statement" else _with_both(one) for key, one in value.items()}
    return [_with_both(one) for one in value] if isinstance(value, list) else value


def _known(text: str) -> str:
    from aws_cdk import Token

    return "" if Token.is_unresolved(text) else text
