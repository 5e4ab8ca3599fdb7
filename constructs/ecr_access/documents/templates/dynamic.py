"""Dynamic references: what CloudFormation looks up at deployment in Systems Manager and Secrets Manager.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
"""

from __future__ import annotations

import re
from typing import Final

from ecr_access.documents.templates.unknowns import named
from ecr_access.iam.unknown_text import MARK, unknown

_START: Final = "{{resolve:"
# A mark is passed over as it is, whatever its name holds. No reference holds a brace, so that one that is not closed
# ends where the next begins.
_REFERENCE: Final = re.compile(rf"{MARK}|\{{\{{(resolve:(?:{MARK}|[^{{}}\ue000])*)\}}\}}")


def without_references(text: str, scope: str) -> str:
    """Put a mark in the place of each dynamic reference."""
    if _START not in text:
        return text
    return _REFERENCE.sub(lambda one: unknown(named(one[1]), scope) if one[1] else one[0], text)
