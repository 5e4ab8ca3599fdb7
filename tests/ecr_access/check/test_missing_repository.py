"""Tests of wording that a repository is missing."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from ecr_access.check import missing_repository
from ecr_access.check.aws.retry import RetryBudget
from ecr_access.check.missing_repository import Absence
from ecr_access.iam.arns import Repository
from tests.ecr_access.check.fakes import ACCOUNT, PREFIX, REGION

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pytest

    from tests.ecr_access.check.fakes import Aws, Clock


def _repository(name: str, region: str = REGION) -> Repository:
    return Repository(PREFIX + name, region, ACCOUNT, name)


def _budget(clock: Clock) -> RetryBudget:
    return RetryBudget(clock.left, clock.left, clock.sleep, clock.jitter)


def test_the_nearest_are_listed(aws: Aws, clock: Clock) -> None:
    """Only repositories of the same registry."""
    present = [_repository("a/web"), _repository("b/web"), _repository("c/web", "us-east-1")]
    problem = Absence(aws, _budget(clock), [], present)(_repository("web"))
    assert problem.cause.endswith('; closest: "a/web", "b/web"')
    assert problem.fix == "correct the name, or declare the repository"


def test_a_listing_that_does_not_end_is_done_without(clock: Clock) -> None:
    """No deployment waits for a suggestion."""
    released = threading.Event()

    class Slow:
        def ecr(self, _region: str) -> Any:
            released.wait(10)
            return self

        def describe_repositories(self, **_: object) -> dict[str, Any]:
            return {"repositories": []}

    clock.total = 0
    slow: Any = Slow()
    problem = Absence(slow, _budget(clock), [_repository("web")], [_repository("a/web")])(_repository("web"))
    released.set()
    assert problem.cause.endswith('; closest: "a/web"')


def test_a_missing_repository_is_compared_once(aws: Aws, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many need it; and of many missing ones the first fifty alone, as comparing takes time."""
    compared: list[str] = []

    def nearest(name: str, names: Iterable[str]) -> list[str]:
        if [*names]:
            compared.append(name)
        return []

    monkeypatch.setattr(missing_repository, "nearest", nearest)
    told = Absence(aws, _budget(clock), [], [_repository("web")])
    for _ in range(3):
        for number in range(60):
            assert told(_repository(f"gone{number}")).cause
    assert compared == [f"gone{number}" for number in range(50)]
