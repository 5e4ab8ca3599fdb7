"""ARNs of accounts and of sessions."""

from __future__ import annotations

import pytest

from ecr_access.iam.arns import account_of, account_root, role_of_session


def test_the_root_of_an_account_is_of_that_account() -> None:
    """A policy names a whole account by it."""
    root = account_root("aws-cn", "111122223333")
    assert root == "arn:aws-cn:iam::111122223333:root"
    assert account_of(root) == "111122223333"


@pytest.mark.parametrize(
    ("arn", "role"),
    [
        ("arn:aws:sts::111122223333:assumed-role/build/i-0abc", "arn:aws:iam::111122223333:role/build"),
        ("arn:aws:sts::111122223333:federated-user/build", None),
        ("arn:aws:iam::111122223333:role/build", None),
    ],
)
def test_a_session_is_of_a_role(arn: str, role: str | None) -> None:
    """Its ARN names the role without the role's path."""
    assert role_of_session(arn) == role
