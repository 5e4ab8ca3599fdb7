"""A placeholder such as ``${AWS::AccountId}`` needs ``Fn::Sub``.

An image, the ARN of a repository or a principal holds a placeholder as plain text, because ``Fn::Sub`` was forgotten.
CloudFormation passes the text on as it is. The image cannot be pulled, and a statement with such an ARN has no effect.

Fix: ``Fn::Sub``, in YAML ``!Sub``, before the text.

Not reported: variables of policies, such as ``${aws:username}``; names that the template does not have; a template
that a macro may change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecr_access.documents.templates.template import is_function
from ecr_access.iam.unknown_text import is_known
from ecr_access.rules.access.images import written_in
from ecr_access.rules.access.placeholders import placeholder_in
from ecr_access.rules.finding import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.documents.templates.template import Resource
    from ecr_access.rules.access.application import Application

_ECR: Final = ":ecr:"
_IMAGE: Final = "this is no reference of an image, and nothing can pull it"
_STATEMENT: Final = "the statement stands for nothing, or is refused"
_Found = tuple["Resource", str, Any, str]


def _check(app: Application) -> Iterator[RuleFinding]:
    for resource, path, value, why in [*_images(app), *_identity_policies(app), *_resource_policies(app)]:
        text = app.resolver.text(value, resource.template)
        if found := placeholder_in(text, resource.template):
            yield RuleFinding(
                resource,
                path,
                f"'{found}' stands as plain text in '{text}', because Fn::Sub was forgotten: {why}",
                "put Fn::Sub before the text, in YAML '!Sub'; in the CDK, take the value from the construct, such as "
                "repository.repository_uri",
            )


def _images(app: Application) -> Iterator[_Found]:
    for template in app.templates:
        for one in written_in(template):
            yield one.resource, one.path, one.value, _IMAGE


def _identity_policies(app: Application) -> Iterator[_Found]:
    for holder, one in app.statements:
        # To a policy a placeholder is a variable, and so unknown.
        if all(map(is_known, one.resources)):
            continue
        for path, value in _leaves(one.raw.get("Resource"), f"{one.path}.Resource"):
            if _ECR in app.resolver.text(value, holder.template):
                yield holder, path, value, _STATEMENT


def _resource_policies(app: Application) -> Iterator[_Found]:
    for policy in app.resource_policies:
        for one in policy.statements:
            for path, value in _leaves(one.raw, one.path):
                yield policy.resource, path, value, _STATEMENT


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield the texts and functions in a value, each with its path."""
    if isinstance(value, dict) and not is_function(value):
        for key, one in value.items():
            yield from _leaves(one, f"{path}.{key}")
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from _leaves(one, f"{path}[{index}]")
    elif value is not None:
        yield path, value


RULE: Final = Rule(
    "not-substituted",
    Severity.ERROR,
    "a placeholder of Fn::Sub in an image, the ARN of a repository or a principal is in an Fn::Sub",
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html",
    _check,
)
