"""What constructs say, as a person who writes YAML reads it."""

from __future__ import annotations

import pytest
from aws_cdk import Aws

from cdk_ecr_access.manifest.messages import in_words, refusal


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"account {Aws.ACCOUNT_ID} in {Aws.REGION}: no", "the stack's account and Region: no"),
        (f"the Region {Aws.REGION} of {Aws.ACCOUNT_ID}", "the Region AWS::Region of AWS::AccountId"),
        ("role ${Token[TOKEN.123]} is not known", "role <known only at deployment> is not known"),
        ("trust an organization (iam.OrganizationPrincipal)", "trust an organization"),
        ("nothing of Python", "nothing of Python"),
    ],
    # The CDK numbers its tokens, which may come out otherwise in each process that collects the tests.
    ids=["account and Region", "Region of account", "unknown token", "a class", "nothing"],
)
def test_tokens_and_python_are_put_into_words(text: str, words: str) -> None:
    """What else is said stays."""
    assert in_words(ValueError(text)) == words


def test_a_synthesis_that_was_refused_is_told_by_repository() -> None:
    """The CDK names constructs."""
    error = RuntimeError(
        "ValidationFailedWithErrors: Validation failed with the following errors:\n"
        "  [EcrAccess/EcrAccessCheck] the repository policy of 'EcrAccess/Declared/Repository:team:web/Resource' has\n"
        "  [EcrAccess] too many"
    )
    assert refusal(error) == (
        "the manifest cannot be deployed as it is; nothing was synthesized\n"
        "  the repository policy of 'team/web' has\n  too many"
    )


def test_any_other_error_is_not_ours() -> None:
    """It keeps its traceback."""
    assert refusal(RuntimeError("no asset")) == ""
