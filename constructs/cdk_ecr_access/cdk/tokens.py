"""Tokens in texts: told without asking the CDK, which costs a crossing into its process each time."""

from __future__ import annotations

import re
from typing import Final

from ecr_access.iam.lengths import PLAUSIBLE, PSEUDO_PARAMETERS

_TOKEN: Final = re.compile(r"\$\{Token\[(?P<hint>[^\]]*)\]\}")


def is_token(text: str) -> bool:
    """Whether a text is not known before deployment, wholly or in part."""
    return "${Token[" in text


def are_different(value: str, other: str) -> bool:
    """Whether two accounts, or two Regions, are known to be different; a token may turn out to be the other."""
    return value != other and not (is_token(value) or is_token(other))


def is_list_token(text: str) -> bool:
    """Whether a text stands for a list that is not known before deployment, as the only one of its list."""
    return text.startswith("#{Token[")


def plausible_length(text: str) -> int:
    """Count the characters that a text may have when it is deployed, each token at its largest plausible length."""
    return len(_TOKEN.sub("", text)) + sum(_longest(match["hint"]) for match in _TOKEN.finditer(text))


def _longest(hint: str) -> int:
    return PSEUDO_PARAMETERS.get(hint.rpartition(".")[0].replace(".", "::"), PLAUSIBLE)
