"""A problem is found by its path and its line."""

from __future__ import annotations

import pytest

from ecr_access.manifest import ManifestError, parse_manifest
from ecr_access.manifest.document import parse_document
from ecr_access.manifest.places import Lines, Path, Positions, written

TEXT = """\
# a comment
roles:
  ci: {}
repositories:
  - name: base
    pull:
      - ci
      - "444455556666"
"""


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


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("roles",), 2),
        (("roles", "ci"), 3),
        (("repositories", 0), 5),
        (("repositories", 0, "name"), 5),
        (("repositories", 0, "pull", 1), 8),
        ((), None),
        (("tags",), None),
        (("repositories", 1), None),
        (("repositories", 0, "name", 0), None),
    ],
)
def test_the_line_is_that_of_the_key_or_the_item(path: Path, line: int | None) -> None:
    """Counted from 1, as editors do."""
    assert Lines(TEXT).of(path) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('{"a":\n  {"b": 1}}', 2),
        ("a: {b: 1}\na:\n  b: 2\n", 3),
        ('{"a": {\n\t"b": 1}}', 2),
        ("a: [", None),
        ("", None),
    ],
)
def test_json_has_lines_where_yaml_can_read_it(text: str, line: int | None) -> None:
    """Where a key is given twice, the last counts; without lines, a path is enough."""
    assert Lines(text).of(("a", "b")) == line


def test_problems_are_in_the_order_of_the_text_with_their_lines() -> None:
    """A person goes through them from the top, whoever found them."""
    text = "repositories:\n- pull: [nobody]\n  name: Bad\n  scan_on_push: 1\nroles:\n  CI: {}\n"
    with pytest.raises(ManifestError) as raised:
        parse_manifest(parse_document(text), source="a test", text=text)
    assert [(problem.at, problem.line) for problem in raised.value.problems] == [
        ("repositories[0].pull[0]", 2),
        ("repositories[0].name", 3),
        ("repositories[0].scan_on_push", 4),
        ("roles.CI", 6),
    ]
    assert " repositories[0].name (line 3): repository name 'Bad' has" in str(raised.value)


def test_what_is_missing_comes_before_what_is_there() -> None:
    """A problem with an entry comes before those in it."""
    assert Positions({"b": 0, "a": [1, 2]}).of(("a", 1)) < Positions({"b": 0, "a": [1, {"x": 1}]}).of(("a", 1, "x"))
    assert Positions({"a": 1}).of(("x",)) == ()
