"""CloudFormation creates no repository whose name is taken, and imports it where it is asked to.

MiniStack 1.5.33 takes an existing repository over, with what the template says of it, so that a name that a failed or
deleted stack left behind stops no deployment. It imports no repository, though it accepts the flag. And a name that it
generates is the same for each stack of a name, where CloudFormation's ends in random letters.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources-automatically.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ministack.core.responses import new_uuid
from ministack.services import ecr
from ministack.services.cloudformation import changesets, provisioners

if TYPE_CHECKING:
    from collections.abc import Mapping

    Created = tuple[str, dict[str, str]]

TYPE: Final = "AWS::ECR::Repository"
NAME: Final = "RepositoryName"

_HANDLERS = provisioners._RESOURCE_HANDLERS[TYPE]  # noqa: SLF001 -- MiniStack has no other name for it
_create = _HANDLERS["create"]


def conflict(name: object) -> str | None:
    """Return CloudFormation's words for a name that is taken, or None."""
    if name not in ecr._repositories:  # noqa: SLF001
        return None
    return f"Resource of type '{TYPE}' with identifier '{name}' already exists."


def _create_new(logical_id: str, properties: Mapping[str, object], stack: str) -> Created:
    name = properties.get(NAME)
    if taken := conflict(name):
        code = f"(RequestToken: {new_uuid()}, HandlerErrorCode: AlreadyExists)"
        raise ValueError(f'Resource handler returned message: "{taken}" {code}')
    if not name and not provisioners._NAME_SEED.get():  # noqa: SLF001
        provisioners._NAME_SEED.set(new_uuid()[:8])  # noqa: SLF001
    created: Created = _create(logical_id, properties, stack)
    return created


def _import(identifier: Mapping[str, str]) -> Created:
    name = identifier[NAME]
    repository = ecr._repositories[name]  # noqa: SLF001
    return name, {"Arn": repository["repositoryArn"], "RepositoryUri": repository["repositoryUri"]}


def _not_found(name: str) -> str | None:
    return None if conflict(name) else f"Resource of type '{TYPE}' with identifier '{name}' was not found."


def amend() -> None:
    """Amend MiniStack."""
    _HANDLERS.update({"create": _create_new, "import": _import})
    changesets._IMPORT_LOOKUPS[TYPE] = ((NAME,), _not_found)  # noqa: SLF001
