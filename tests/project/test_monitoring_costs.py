"""The costs on the page of monitoring follow from the prices there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from cdk_ecr_access.monitoring.patterns import OPERATIONS

PAGE: Final = (Path(__file__).parents[2] / "docs" / "monitoring.md").read_text(encoding="utf-8")
HOURS, METRICS, GIGABYTES, LOG = 730, 4, 0.25, 2_000
MILLION = 1_000_000
POLLS = 5 * 3_600 / 20


def cells(pattern: str) -> list[list[str]]:
    """The rows of tables whose text fits a pattern, cell by cell."""
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in re.findall(pattern, PAGE, re.MULTILINE)]


PRICES = {of: float(price) for price, of, _ in cells(r"^\| \d+\.\d+ \|.*\|$")}
ROWS = [[float(cell.replace(",", "")) for cell in row] for row in cells(r"^\| [\d,]+ \| \d+ \|.*\|$")]


def price(begins: str) -> float:
    """The one price of what begins so."""
    (found,) = [value for of, value in PRICES.items() if of.startswith(begins)]
    return found


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]:.0f}")
def test_each_amount_is_the_sum_of_its_prices(row: list[float]) -> None:
    """To the cent."""
    _, stacks, seconds, recheck, alarm, watch, quotas, dashboard = row
    run = (
        (price("a million invocations by") + price("a million invocations of")) / MILLION
        + seconds * GIGABYTES * price("a GB-second")
        + price("a thousand calls") / 1_000
        + LOG / 1e9 * price("a GB of logs")
    )
    assert recheck == pytest.approx(stacks * (HOURS * run + METRICS * price("a metric of your own")), abs=0.005)
    assert alarm == pytest.approx(stacks * price("a metric that an alarm"))
    assert watch == pytest.approx(HOURS * POLLS * price("a million requests to SQS") / MILLION, abs=0.005)
    assert quotas == pytest.approx(len(OPERATIONS) * price("a metric that an alarm"))
    assert dashboard == pytest.approx(stacks * price("a dashboard"))


def test_the_bounds_that_are_named_are_so() -> None:
    """A run of five minutes each hour, and fifty events each hour."""
    assert [row[0] for row in ROWS] == [1, 100, 1_000]
    assert HOURS * 300 * GIGABYTES * price("a GB-second") == pytest.approx(0.73, abs=0.005)
    assert HOURS * 50 * price("a million events") / MILLION == pytest.approx(0.04, abs=0.005)


def test_every_call_with_a_quota_is_named() -> None:
    """On the page as in the code."""
    assert all(f"`{api}`" in PAGE for api in OPERATIONS)
