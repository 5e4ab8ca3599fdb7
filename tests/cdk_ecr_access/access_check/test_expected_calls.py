"""How many calls a check will make, and whether it has the time for them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from aws_cdk import Annotations, App, Stack
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Annotations as Found
from aws_cdk.assertions import Match

from cdk_ecr_access import AccessCheck, AccessibleRepository
from cdk_ecr_access.access_check import expected_calls as module
from cdk_ecr_access.access_check.expected_calls import ExpectedCalls, expected_calls
from cdk_ecr_access.access_check.requirements import DeclaredRequirement, as_properties
from ecr_access.check.aws.rates import LOWEST, SIMULATIONS
from ecr_access.iam.actions import AccessLevel
from ecr_access.iam.arns import Registry
from tests.ecr_access.check.checking import run
from tests.ecr_access.check.fakes import ACCOUNT, PULL, REGION, TOKEN, Aws, Clock
from tests.reading import ENV

if TYPE_CHECKING:
    from collections.abc import Iterator

_HOME = Registry("aws", REGION, ACCOUNT)


def required(aws: Aws, principals: int, repositories: dict[str, int]) -> Iterator[DeclaredRequirement]:
    """Require access that every principal has, to so many repositories of each Region."""
    arns = [aws.repository(f"r{n}", region=region) for region, count in repositories.items() for n in range(count)]
    for number in range(principals):
        role = aws.role(f"role{number}")
        aws.decide(role, TOKEN, "*")
        aws.decide(role, PULL, *arns)
        yield from (DeclaredRequirement(role, AccessLevel.PULL, arn, token=True) for arn in arns)


@pytest.mark.parametrize("principals", [1, 3])
@pytest.mark.parametrize("repositories", [{REGION: 1}, {REGION: 101}, {REGION: 7, "us-east-1": 203}])
def test_as_many_calls_are_counted_as_the_check_makes(principals: int, repositories: dict[str, int]) -> None:
    """By the operation; those of ECR by Region, whose rates are apart."""
    aws = Aws()
    asked = [*required(aws, principals, repositories)]
    arns = dict.fromkeys(one.repository or "" for one in asked)
    counted = expected_calls(asked, simulated={one.principal for one in asked}, looked_up=arns, home=_HOME)
    assert run(aws, Clock(), **as_properties(asked)).succeeded
    made = aws.count()
    calls = sum(counted.ecr.values(), Counter[str]())
    assert calls["DescribeRepositories"] == made["DescribeRepositories"]
    assert calls["GetRepositoryPolicy"] == made["GetRepositoryPolicy"]
    assert counted.simulations == made["SimulatePrincipalPolicy"]
    assert {region: calls["GetRepositoryPolicy"] for region, calls in counted.ecr.items()} == repositories


def test_a_token_of_the_cdk_is_a_repository_of_the_check() -> None:
    """It refers to one of its own stack."""
    one = DeclaredRequirement("role", AccessLevel.PULL, "${Token[TOKEN.1]}")
    found = expected_calls([one], simulated=["role"], looked_up=["${Token[TOKEN.1]}"], home=_HOME)
    assert ([*found.ecr], found.simulations) == ([REGION], 1)


def test_the_lowest_rates_give_the_time() -> None:
    """So many at once, and so many a second from then on."""
    assert (LOWEST.seconds(200), LOWEST.seconds(5000)) == (0, 240)
    assert SIMULATIONS.seconds(4180) == 200


@pytest.mark.parametrize(
    ("policies", "simulations", "fits"),
    [(3100, 0, True), (3101, 0, False), (0, 4530, True), (0, 4531, False), (1200, 3530, True), (1200, 3531, False)],
)
def test_calls_fit_into_the_parts_of_the_time_that_the_check_gives_them(
    policies: int, simulations: int, *, fits: bool
) -> None:
    """Half of it for policies, three quarters for both."""
    counted = ExpectedCalls({REGION: Counter({"GetRepositoryPolicy": policies})}, simulations)
    assert (counted.problem == "") is fits


def test_regions_are_read_side_by_side() -> None:
    """Each has a rate of its own."""
    regions = {region: Counter({"GetRepositoryPolicy": 3000}) for region in (REGION, "us-east-1")}
    assert ExpectedCalls(regions).problem == ""


def stack_of_calls(app: App) -> Stack:
    """Declare a stack whose check makes three calls."""
    stack = Stack(app, "Stack", env=ENV)
    repository = AccessibleRepository(stack, "Web", repository_name="team/web")
    repository.grant_pull(iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com")))
    return stack


def test_the_synth_warns_of_calls_that_do_not_fit(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """With their number by Region, the time, and the way out."""
    monkeypatch.setattr(module, "SIMULATIONS", SIMULATIONS._replace(burst=0, a_second=0.001))
    (warning,) = Found.from_stack(stack_of_calls(app)).find_warning("*", Match.any_value())
    assert "1 GetRepositoryPolicy in eu-west-1 and 2 SimulatePrincipalPolicy" in str(warning.entry.data)
    assert "declare some of the principals in another stack" in str(warning.entry.data)
    assert "[ECR-ACCESS-307]" in str(warning.entry.data)


def test_the_warning_can_be_acknowledged(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where AWS has raised the rates of an account."""
    monkeypatch.setattr(module, "SIMULATIONS", SIMULATIONS._replace(burst=0, a_second=0.001))
    stack = stack_of_calls(app)
    Annotations.of(AccessCheck.of(stack)).acknowledge_warning("cdk-ecr-access:manyCalls", "raised")
    assert Found.from_stack(stack).find_warning("*", Match.any_value()) == []


def test_a_check_that_has_the_time_warns_of_nothing(app: App) -> None:
    """As nearly all have."""
    assert Found.from_stack(stack_of_calls(app)).find_warning("*", Match.any_value()) == []
