"""Tests of what is remembered in the physical id."""

from __future__ import annotations

import pytest

from access_check import proof


def test_an_update_to_what_was_proved_last_is_a_rollback() -> None:
    """The digest in the physical id is the one asked for."""
    event = {"RequestType": "Update", "PhysicalResourceId": "ecr-access-check-d1"}
    assert proof.is_rollback({**event, "ResourceProperties": {"Digest": "d1"}})


@pytest.mark.parametrize("properties", [{"Digest": "d2"}, {"Digest": ""}, {"Digest": 1}, {}, None, []])
def test_any_other_update_is_checked(properties: object) -> None:
    """Without the digest that was proved last, nothing is taken as proved."""
    event = {"RequestType": "Update", "PhysicalResourceId": "ecr-access-check-d1"}
    assert not proof.is_rollback({**event, "ResourceProperties": properties})


def test_a_create_is_no_rollback() -> None:
    """Only an update can be one."""
    event = {"RequestType": "Create", "PhysicalResourceId": "ecr-access-check-d1"}
    assert not proof.is_rollback({**event, "ResourceProperties": {"Digest": "d1"}})
