"""Placeholders of ``Fn::Sub`` in a text that no ``Fn::Sub`` reads.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ecr_access.iam.unknown_text import MARK

if TYPE_CHECKING:
    from ecr_access.documents.templates.template import Template

# A mark is passed over, whatever its name holds.
_PLACEHOLDER: Final = re.compile(rf"{MARK}|\$\{{\s*(?P<name>(?:AWS::)?[A-Za-z0-9]+)(?:\.[A-Za-z0-9.]+)?\s*\}}")
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html
_PSEUDO: Final = frozenset(
    f"AWS::{one}"
    for one in ("AccountId", "NotificationARNs", "Partition", "Region", "StackId", "StackName", "URLSuffix")
)


def placeholder_in(text: str, template: Template) -> str:
    """Return the first placeholder of a resolved text that names something of its template; empty if there is none.

    A variable of a policy, such as ``${aws:PrincipalTag/team}``, and one of another tool are none. Nothing is certain
    of a template that a macro may change.
    """
    if "${" not in text or not template.is_whole:
        return ""
    known = {*_PSEUDO, *template.resources, *template.section("Parameters")}
    return next((found[0] for found in _PLACEHOLDER.finditer(text) if found["name"] in known), "")
