"""Which resource of a template CloudFormation makes after which.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ecr_access.documents.templates.template import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.documents.templates.template import Resource

_PLACEHOLDER: Final = re.compile(r"\$\{\s*([A-Za-z0-9]+)")


def comes_after(resource: Resource, other: Resource) -> bool:
    """Whether a resource waits for another one of its template: it refers to it, or waits for one that does."""
    resources = resource.template.resources
    open_, seen = [resource], {resource.logical_id}
    while open_:
        for name in _names(open_.pop().attributes):
            if name in resources and name not in seen:
                seen.add(name)
                open_.append(resources[name])
    return resource.template == other.template and other.logical_id in seen


def _names(value: Any) -> Iterator[str]:
    """Yield what a value may refer to; more than it does is no harm."""
    if isinstance(value, list):
        for one in value:
            yield from _names(one)
    elif isinstance(value, dict):
        for key, one in value.items():
            if key in ("Ref", "DependsOn"):
                yield from (name for name in listed(one) if isinstance(name, str))
            elif key == "Fn::GetAtt":
                yield (one if isinstance(one, str) else str(next(iter(listed(one)), ""))).partition(".")[0]
            elif key == "Fn::Sub":
                yield from _PLACEHOLDER.findall(str(one))
            yield from _names(one)
