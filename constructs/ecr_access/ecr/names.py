"""Repository names, by the rules of the API; knows nothing of the CDK."""

from __future__ import annotations

import re
from typing import Final

from ecr_access.wording import quoted

REPOSITORY_NAME_PATTERN: Final = r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*"
"""What a whole name must match; wider than ``aws_ecr``'s, which refuses ``a--b`` and ``a__b``.

https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
"""

MIN_LENGTH: Final = 2
MAX_LENGTH: Final = 256

_ALLOWED: Final = (
    f"allowed: {MIN_LENGTH} to {MAX_LENGTH} lowercase letters and digits, in words joined by '.', '_', '__' "
    "or hyphens, in namespaces joined by '/', such as 'team/web-app'"
)
_ALLOWED_CHARACTERS: Final = re.compile(r"[a-z0-9._/-]")
_UPPERCASE: Final = re.compile(r"[A-Z]")
_LISTED: Final = 5
_WORD_ENDS: Final = "._-"


def name_error(name: str) -> str | None:
    """Say what is wrong with a repository name, what is allowed and what to do; None if nothing is."""
    if not MIN_LENGTH <= len(name) <= MAX_LENGTH:
        wrong = f"has {len(name)} character{'' if len(name) == 1 else 's'}"
    elif re.fullmatch(REPOSITORY_NAME_PATTERN, name):
        return None
    else:
        wrong = _fault(name)
    lowered = name.lower()
    better = f"; try {quoted(lowered)}" if lowered != name and name_error(lowered) is None else ""
    return f"repository name {quoted(name)} {wrong}; {_ALLOWED}{better}"


def _fault(name: str) -> str:
    """Name the first rule that a name of a fitting length breaks."""
    if strange := sorted(set(_ALLOWED_CHARACTERS.sub("", name))):
        listed = ", ".join(map(repr, strange[:_LISTED]))
        return f"has uppercase {listed}" if all(map(_UPPERCASE.match, strange)) else f"has {listed}"
    for word in name.split("/"):
        if not word:
            return "has an empty namespace: a '/' at its start or end, or two in a row"
        if word[0] in _WORD_ENDS:
            return f"has {quoted(word)}, which starts with {word[0]!r}"
        if word[-1] in _WORD_ENDS:
            return f"has {quoted(word)}, which ends with {word[-1]!r}"
    # Characters and ends are fine, so it is what joins two words.
    joined = next(run for run in re.findall(r"[._-]{2,}", name) if run != "__" and set(run) != {"-"})
    return f"has words joined by {quoted(joined)}"
