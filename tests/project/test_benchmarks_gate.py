"""What the benchmarks draw and write down, and the gate that compares a run with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from benchmarks import gate, plots
from benchmarks.__main__ import FOLDER, SECTIONS, main
from benchmarks.section import BenchmarkError, Chart, Section

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CHART = Chart("Cost", "repositories", "ms", {"floor": [(1, 1), (2, 2)], "ours": [(1, 2), (2, 4)]})


def _section(ratio: float) -> Section[float]:
    return Section("New", 1, lambda _: ratio, lambda _: ["text"], lambda _: [CHART], lambda one: {"of the floor": one})


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Run the benchmarks on one section that measures the ratio given, in a folder of the test's own."""
    monkeypatch.setattr("benchmarks.__main__.FOLDER", tmp_path)

    def _run(ratio: float, *arguments: str) -> int:
        monkeypatch.setattr("benchmarks.__main__.SECTIONS", {"new": _section(ratio)})
        return main([*arguments])

    return _run


def test_a_section_with_figures_to_draw_shows_its_picture(run: Callable[..., int], tmp_path: Path) -> None:
    """The text embeds the picture, whose words can be read and searched."""
    assert run(2.0) == 0
    assert "![New](plots/new.svg)" in (tmp_path / "README.md").read_text()
    drawn = (tmp_path / "plots/new.svg").read_text()
    for word in ("Cost", "repositories", "ms", "floor", "ours"):
        assert f">{word}</text>" in drawn


@pytest.mark.parametrize("doubling", [False, True])
def test_the_same_figures_are_drawn_as_the_same_bytes(tmp_path: Path, *, doubling: bool) -> None:
    """So that a commit holds a picture only where its figures changed."""
    chart = Chart(CHART.title, CHART.x, CHART.y, CHART.lines, doubling=doubling)
    drawn = []
    for name in ("one.svg", "two.svg"):
        plots.draw([chart, chart], tmp_path / name)
        drawn.append((tmp_path / name).read_bytes())
    assert drawn[0] == drawn[1]


@pytest.mark.parametrize(("now", "status"), [(1.5, 0), (2.0, 0), (2.4, 0), (2.6, 1)])
def test_the_gate_lets_noise_through_and_nothing_more(
    run: Callable[..., int], capsys: pytest.CaptureFixture[str], now: float, status: int
) -> None:
    """A quarter more than what was written down is noise; what is better passes."""
    run(2.0)
    assert run(now, "--gate") == status
    assert ("worse by more than 25%" in capsys.readouterr().out) == bool(status)


def test_the_gate_writes_nothing(run: Callable[..., int], tmp_path: Path) -> None:
    """A run that is worse would otherwise be what the next one is compared with."""
    run(2.0)
    before = {one: one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()}
    run(9.0, "--gate")
    assert {one: one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()} == before


def test_a_ratio_that_was_never_written_down_passes(run: Callable[..., int]) -> None:
    """The pull request that adds a benchmark writes its ratios with it."""
    assert run(2.0, "--gate") == 0


def test_a_benchmark_that_cannot_be_run_fails_the_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was not measured was not compared."""

    def fails(_: int) -> float:
        raise BenchmarkError("no Node.js")

    failing = Section("New", 1, fails, lambda _: [], None, lambda one: {"of the floor": one})
    monkeypatch.setattr("benchmarks.__main__.SECTIONS", {"new": failing})
    assert main(["--gate"]) == 1


def test_ratios_of_other_sections_are_kept(tmp_path: Path) -> None:
    """Sections are measured one by one."""
    path = tmp_path / "ratios.json"
    gate.write(path, "first", {"a": 1.234})
    gate.write(path, "second", {"b": 2})
    assert gate.read(path) == {"first": {"a": 1.23}, "second": {"b": 2}}


def test_what_is_written_down_belongs_to_sections_of_today() -> None:
    """A benchmark that was renamed leaves neither ratios nor a picture behind, and every picture is shown."""
    gated = {name for name, section in SECTIONS.items() if section.ratios}
    drawn = {name for name, section in SECTIONS.items() if section.charts}
    assert set(gate.read(FOLDER / "ratios.json")) == gated
    assert {one.stem for one in (FOLDER / "plots").iterdir()} == drawn
    shown = re.findall(r"\(plots/([a-z-]+)\.svg\)", (FOLDER / "README.md").read_text(encoding="utf-8"))
    assert {*shown} == drawn
