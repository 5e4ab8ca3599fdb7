"""Draws the charts of a section into one SVG file, the same bytes for the same figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.section import Chart

_WIDTH, _HEIGHT = 6.0, 3.8
_MARKERS: Final = "osD^vP"
# Fonts are the reader's; and neither ids at random nor the day are written.
_SETTINGS: Final[Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "benchmarks",
    "font.family": "sans-serif",
    "font.size": 9,
}


def draw(charts: Sequence[Chart], path: Path) -> None:
    """Draw charts side by side; each line has a marker and a style of its own, to be told apart without colours."""
    import matplotlib as mpl  # half a second, for those alone who draw
    from matplotlib.figure import Figure

    with mpl.rc_context(_SETTINGS):
        figure = Figure(figsize=(_WIDTH * len(charts), _HEIGHT), layout="constrained")
        for axes, chart in zip(figure.subplots(1, len(charts), squeeze=False)[0], charts, strict=True):
            _fill(axes, chart)
        path.parent.mkdir(exist_ok=True)
        figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})


def _fill(axes: Any, chart: Chart) -> None:
    for number, (name, points) in enumerate(chart.lines.items()):
        x, y = [[point[axis] for point in points] for axis in (0, 1)]
        axes.plot(x, y, label=name, marker=_MARKERS[number % len(_MARKERS)], markersize=4)
    axes.set(title=chart.title, xlabel=chart.x, ylabel=chart.y)
    if chart.doubling:
        axes.set_xscale("log", base=2)
        axes.set_yscale("log", base=2)
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter("{x:g}")
    else:
        axes.set_ylim(bottom=0)
    axes.grid(visible=True, alpha=0.3)
    axes.legend(frameon=False)
