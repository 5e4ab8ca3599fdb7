"""Tokens in texts: told without asking the CDK, which costs a crossing into its process each time."""

from __future__ import annotations

import re
from typing import Final

KNOWN_LATER: Final = "known only at deployment"
"""What messages say of a token in the place of its inner name."""

PLAUSIBLE: Final = 128
"""Characters that a token is counted as unless it says what it is; the ARN of a role with a name of 64 has 102."""

PSEUDO_PARAMETERS: Final = {"AWS::Partition": 10, "AWS::Region": 15, "AWS::AccountId": 12, "AWS::URLSuffix": 16}
"""The longest value of each: aws-us-gov, ap-southeast-7 with room for two digits, 12 digits, amazonaws.com.cn."""

_TOKEN: Final = re.compile(r"\$\{Token\[(?P<hint>[^\]]*)\]\}")

# How the CDK writes a number that is not known before deployment.
_UNKNOWN_BELOW: Final = -1e200
_ENCODED: Final = re.compile(r"[$#]\{Token\[(?P<hint>[^\]]*)\]\}")


def is_known(number: float) -> bool:
    """Whether a number is known before deployment; the CDK writes one that is not as a negative one of vast size."""
    return number > _UNKNOWN_BELOW


def without_token_names(text: str) -> str:
    """Write a text for a message: pseudo parameters as CloudFormation calls them, other tokens in words."""
    return _ENCODED.sub(_in_words, text)


def _in_words(token: re.Match[str]) -> str:
    name = token["hint"].rpartition(".")[0]
    return name.replace(".", "::") if name.startswith("AWS.") else f"<{KNOWN_LATER}>"


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
