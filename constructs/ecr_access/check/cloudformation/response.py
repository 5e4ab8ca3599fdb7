"""The body of an answer: what CloudFormation accepts, never longer than it reads.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecr_access.codes import Code

LIMIT: Final = 4096
"""Bytes; a longer body is replaced by "Response object is too long", and the reason is lost."""

# In bytes, as serialised; what CloudFormation sends is shorter, so that only a malformed event meets these.
_IDS: Final = {"StackId": 512, "RequestId": 256, "LogicalResourceId": 384}
_PHYSICAL_ID_LIMIT: Final = 1024
_CUT: Final = " [...]"


def body(
    event: Mapping[str, object],
    *,
    succeeded: bool,
    reason: str,
    code: Code | None = None,
    physical_id: object,
    data: Mapping[str, str],
) -> bytes:
    """Serialise an answer: whole if it fits, else without its data, else with the end of its reason cut off.

    The code ends the reason, also of one that is cut.
    """
    reason = reason or ("" if succeeded else "no reason was given")
    ending = code.ends("") if code else ""
    answer: dict[str, Any] = {
        "Status": "SUCCESS" if succeeded else "FAILED",
        "Reason": reason + ending,
        **{name: _id(event.get(name), limit) for name, limit in _IDS.items()},
        "PhysicalResourceId": _id(physical_id, _PHYSICAL_ID_LIMIT),
    }
    if data:
        with_data = serialised({**answer, "Data": dict(data)})
        if len(with_data) <= LIMIT:
            return with_data
    room = LIMIT - len(serialised({**answer, "Reason": ""}))
    return serialised({**answer, "Reason": fitting(reason, room - len(ending)) + ending})


def fitting(text: str, room: int) -> str:
    """Cut the end of a text, at a word if there is one near, so that it fits into so many bytes of JSON."""
    if _size(text) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _size(text[:middle] + _CUT) <= room else (low, middle - 1)
    kept = text[:low]
    word = kept.rfind(" ")
    return (kept[:word] if word > low - 80 and word > 0 else kept) + _CUT


def serialised(value: object) -> bytes:
    """Write JSON as compactly as it goes; what UTF-8 cannot hold becomes a question mark."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _size(text: str) -> int:
    return len(serialised(text)) - len('""')


def _id(value: object, limit: int) -> str:
    return fitting(value, limit) if isinstance(value, str) and value else "unknown"
