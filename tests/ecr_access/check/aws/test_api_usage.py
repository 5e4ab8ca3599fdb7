"""Tests of counting what a check costs."""

from __future__ import annotations

from ecr_access.check.aws.api_usage import ApiUsage


def test_everything_adds_up() -> None:
    """Requests by operation, refusals, and the time that threads waited."""
    usage = ApiUsage()
    for operation in ("iam:SimulatePrincipalPolicy", "ecr:DescribeRepositories", "iam:SimulatePrincipalPolicy"):
        usage.called(operation)
        usage.throttled()
        usage.waited(0.2501)
    assert usage.entries() == {
        "calls": {"ecr:DescribeRepositories": 1, "iam:SimulatePrincipalPolicy": 2},
        "throttled": 3,
        "waited": 0.75,
    }
