"""The list of assumptions: one source for the page, the command and the embedded cloud's differences."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from prove_on_aws.assumptions import assumptions, differences
from prove_on_aws.page import page
from prove_on_aws.probes import PROBES

_ROOT = Path(__file__).parents[2]


def test_the_page_is_the_list() -> None:
    """After a change of the list: python -m prove_on_aws --page > docs/assumptions.md."""
    assert (_ROOT / "docs" / "assumptions.md").read_text(encoding="utf-8") == page()


def test_each_assumption_is_tried_by_one_probe_or_says_why_not() -> None:
    """And each is there once."""
    tried = Counter(name for probe in PROBES for name in probe.tries)
    untried = Counter(one.id for one in assumptions() if one.untried)
    assert tried + untried == Counter(one.id for one in assumptions())
    assert set((tried + untried).values()) == {1}


def test_an_assumption_names_modules_that_are_there() -> None:
    """A module that was renamed is renamed here too."""
    named = {path for one in assumptions() for path in one.rests_on}
    assert not [path for path in named if not (_ROOT / path).exists()]


def test_the_embedded_cloud_differs_only_in_what_is_tried() -> None:
    """What no probe tries is skipped everywhere, and is no difference."""
    known, tried = differences(), {name for probe in PROBES for name in probe.tries}
    assert known.refuted.keys() | known.skipped.keys() <= tried
    assert not known.refuted.keys() & known.skipped.keys()


def test_a_probe_says_what_it_makes_and_how_long_it_takes() -> None:
    """The person who is asked reads it."""
    assert all(probe.makes and 0 < probe.usual < probe.at_most for probe in PROBES)
