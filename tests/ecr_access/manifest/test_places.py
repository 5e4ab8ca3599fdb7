"""A problem is found by its path and its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ecr_access.manifest import ManifestError, parse_manifest
from ecr_access.manifest.document import parse_document
from ecr_access.manifest.places import Positions, written

if TYPE_CHECKING:
    from ecr_access.documents.document import Path


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), ""),
        (("repositories", 0, "pull", 12), "repositories[0].pull[12]"),
        (("roles", "web-deploy"), "roles.web-deploy"),
        (("tags", "a b", "x"), "tags['a b'].x"),
        (("", 1), "[''][1]"),
        (("1",), "['1']"),
    ],
)
def test_a_path_reads_as_code_does(path: Path, text: str) -> None:
    """Keys that are no words are quoted."""
    assert written(path) == text


def test_problems_are_in_the_order_of_the_text_with_their_lines() -> None:
    """A person goes through them from the top, whichever part of the library found them."""
    text = "repositories:\n- pull: [unknown]\n  name: Bad\n  scan_on_push: 1\nroles:\n  CI: {}\n"
    document = parse_document(text)
    with pytest.raises(ManifestError) as raised:
        parse_manifest(document.value, source="a test", lines=document.lines)
    assert [(problem.at, problem.line) for problem in raised.value.problems] == [
        ("repositories[0].pull[0]", 2),
        ("repositories[0].name", 3),
        ("repositories[0].scan_on_push", 4),
        ("roles.CI", 6),
    ]
    assert " repositories[0].name (line 3): repository name 'Bad' has" in str(raised.value)


def test_what_is_missing_comes_before_what_is_there() -> None:
    """A problem with an entry comes before the problems in it."""
    assert Positions({"b": 0, "a": [1, 2]}).of(("a", 1)) < Positions({"b": 0, "a": [1, {"x": 1}]}).of(("a", 1, "x"))
    assert Positions({"a": 1}).of(("x",)) == ()
