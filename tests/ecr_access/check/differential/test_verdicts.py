"""The check beside AWS's rules: no verdict is false, on a tenth of what ``make differential`` draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from ecr_access.check.finding import Verdict
from tests.ecr_access.check.differential import residuals
from tests.ecr_access.check.differential.comparison import Compared, Outcome, compare
from tests.ecr_access.check.differential.drawing.combinations import combinations
from tests.ecr_access.check.differential.drawing.conditions import OPERATORS
from tests.ecr_access.check.differential.examples import examples, shown
from tests.ecr_access.check.differential.rules.conditions import entries
from tests.ecr_access.check.differential.table import Tally

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.ecr_access.check.differential.rules.statements import Json
    from tests.ecr_access.check.differential.world import Combination

_COUNT: Final = 4_000
_SEED: Final = 1
_SHOWN: Final = 5
_KINDS: Final = (
    *("role", "user", "group", "role of another account", "user of another account", "pattern of roles"),
    *("own account", "another account", "organization", "unit", "service"),
)


@pytest.fixture(scope="module")
def tally() -> Tally:
    """Compare a tenth of the combinations."""
    return Tally(map(compare, combinations(_COUNT, _SEED)))


def _told(found: list[Compared]) -> str:
    kinds = examples(found[:_SHOWN])
    return f"{len(found)} of {_COUNT}, such as\n" + "\n".join(
        f"{kind}\n{shown(each[0])}" for kind, each in kinds.items()
    )


def test_nothing_is_allowed_that_aws_denies(tally: Tally) -> None:
    """In any call that the requirement stands for, except calls that the simulator does not show."""
    found = tally.of(Outcome.FALSE_ALLOWED)
    assert not found, _told(found)


def test_nothing_is_denied_that_aws_allows(tally: Tally) -> None:
    """In some call of every member of the requirement."""
    found = tally.of(Outcome.FALSE_DENIED)
    assert not found, _told(found)


def test_what_the_simulator_does_not_show_is_rare_and_of_known_kinds(tally: Tally) -> None:
    """Each is counted by itself in the table."""
    known = {residuals.DENIED_VALUE, residuals.OTHER_VALUE, residuals.MIXTURE, residuals.ORGANIZATION}
    assert {*tally.residuals} <= known
    assert tally.outcomes["all", Outcome.RESIDUAL] < 0.05 * tally.count


def test_most_is_decided(tally: Tally) -> None:
    """To say "undetermined" of everything would never be false."""
    assert tally.verdicts["all", Verdict.UNDETERMINED] < 0.3 * tally.count


@pytest.mark.parametrize("kind", _KINDS)
def test_every_kind_of_principal_gets_every_verdict(tally: Tally, kind: str) -> None:
    """Nothing holds for want of cases."""
    assert all(tally.verdicts[kind, verdict] for verdict in Verdict)


def _statements(one: Combination) -> Iterator[Json]:
    yield from (*one.identity, *(one.boundary or ()), *(one.repository or ()))
    for level in one.organization:
        yield from level


def test_every_operator_is_drawn_in_every_form() -> None:
    """With each prefix and suffix, with one value and a list, with and without quotes."""
    found = {
        (operator, type(values).__name__)
        for one in combinations(_COUNT, _SEED)
        for statement in _statements(one)
        for operator, _, values in entries(statement.get("Condition"))
    }
    operators = {operator for operator, _ in found}
    for name in {one for names in OPERATORS.values() for one in names}:
        assert {name, f"{name}IfExists", f"ForAnyValue:{name}", f"ForAllValues:{name}"} <= operators, name
    assert {("Null", kind) for kind in ("str", "bool", "list")} <= found
    assert {("Bool", "bool"), ("StringEquals", "int"), ("NumericLessThan", "int")} <= found
