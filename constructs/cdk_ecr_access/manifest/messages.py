"""What constructs say is wrong, in the words of a manifest: without tokens and without Python."""

from __future__ import annotations

import re
from typing import Final

from ecr_access.tokens import without_token_names

_WORDS: Final = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        ("account AWS::AccountId in AWS::Region", "the stack's account and Region"),
        # A statement to be copied refers to the stack where the manifest does not say where that is.
        (
            r", with the value of what it refers to in this stack, such as a role that is given a role_name:",
            ", which has its values filled in once the manifest names its account and region:",
        ),
        (r"say policy_covers_grants=True where the repository is named here", "write policy_covers_grants: true here"),
        (r"given as propagation=Duration\.seconds\(\.\.\.\) or in the context", "given in the context"),
        (r"give the stack its account, if", "name the manifest's account, if"),
        (
            r"share a prefix of the names, .* leaves the token to be given to the role",
            "make a role for each team, or name a role that exists by its ARN, which the repository policies trust",
        ),
        (r"'[^']*/Role:([^/']+)'", r"role '\1'"),
        (r" \((?:iam|ecr|kms)\.\w+\)", ""),
        (r"repository policy of '[^']*/Repository:([^/']+)/Resource'", r"repository policy of '\1'"),
    )
)
_INVALID: Final = "Validation failed with the following errors:\n"
_NAME: Final = re.compile(r"(?<=repository policy of ')[^']+")
_CONSTRUCT: Final = re.compile(r"^ *\[[^\]]*\] ", re.MULTILINE)


def in_words(error: Exception | str) -> str:
    """Return the message of an error of a construct as a person who writes YAML reads it."""
    text = without_token_names(str(error))
    for pattern, words in _WORDS:
        text = pattern.sub(words, text)
    return _NAME.sub(lambda name: name[0].replace(":", "/"), text)


def refusal(error: RuntimeError) -> str:
    """Return what the CDK refused to synthesize the manifest for; empty for any other error."""
    _, invalid, errors = str(error).partition(_INVALID)
    told = "\n".join(f"  {in_words(one)}" for one in _CONSTRUCT.sub("", errors).splitlines())
    return f"the manifest cannot be deployed as it is; nothing was synthesized\n{told}" if invalid else ""
