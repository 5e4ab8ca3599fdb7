"""What the command prints."""

from __future__ import annotations

import io
import json

import pytest

from ecr_access.check.finding import Explanation, Finding, Verdict
from ecr_access.cli.check.output import overall, write_json, write_table

ROLE = "arn:aws:iam::111122223333:role/build"
WEB = "arn:aws:ecr:eu-west-1:111122223333:repository/team/web"
ALLOWED = Finding(ROLE, "TOKEN", "", Verdict.ALLOWED)
HERE = Finding(ROLE, "TOKEN", "", Verdict.ALLOWED, elsewhere="the other side is not seen")
DENIED = Finding(
    ROLE,
    "PULL",
    WEB,
    Verdict.DENIED,
    (Explanation("no statement allows it", "allow {actions}", ("ecr:BatchGetImage",)),),
)
UNKNOWN = Finding(ROLE, "PUSH", WEB, Verdict.UNDETERMINED, (Explanation("throttled", "try again"),))


@pytest.mark.parametrize(
    ("findings", "verdict"),
    [
        ([], "allowed"),
        ([ALLOWED], "allowed"),
        ([ALLOWED, HERE], "allowed here"),
        ([HERE, ALLOWED, UNKNOWN], "undetermined"),
        ([UNKNOWN, DENIED, HERE], "denied"),
    ],
)
def test_a_denial_outweighs_a_doubt(findings: list[Finding], verdict: str) -> None:
    """And a doubt outweighs what is allowed; what is allowed on one side alone is no more than that."""
    assert overall(findings) == verdict


def test_the_table_has_a_row_a_finding_and_a_fix_for_what_is_not_allowed() -> None:
    """The numbers count what is to be done alone, and long lines are not broken."""
    to = io.StringIO()
    write_table([HERE, DENIED, UNKNOWN], to)
    rows = [line.split() for line in to.getvalue().splitlines() if "role/build" in line and not line[0].isdigit()]
    assert rows == [
        ["allowed", "here", "role/build", "TOKEN", "*"],
        ["denied", "role/build", "PULL", "team/web"],
        ["undetermined", "role/build", "PUSH", "team/web"],
    ]
    assert (
        f'1. {ROLE}, PULL on {WEB}\n   ecr:BatchGetImage: no statement allows it\n   fix: allow "ecr:BatchGetImage"'
        in to.getvalue()
    )
    assert f"2. {ROLE}, PUSH on {WEB}\n   throttled\n   fix: try again" in to.getvalue()
    assert "3." not in to.getvalue()
    assert "not verifiable from here: the other side is not seen" in to.getvalue()


def test_nothing_is_to_be_done_where_all_is_allowed() -> None:
    """A table alone."""
    to = io.StringIO()
    write_table([ALLOWED], to)
    assert "allowed here" not in to.getvalue()
    assert "fix" not in to.getvalue()
    assert "not verifiable" not in to.getvalue()


class Terminal(io.StringIO):
    """A stream that a person looks at."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def test_a_terminal_gets_columns_and_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under a header; NO_COLOR leaves the columns."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    coloured, plain = Terminal(), Terminal()
    write_table([DENIED, ALLOWED], coloured)
    assert "\033[31mdenied \033[0m  role/build  PULL    team/web" in coloured.getvalue()
    monkeypatch.setenv("NO_COLOR", "1")
    write_table([DENIED, ALLOWED], plain)
    assert plain.getvalue().splitlines()[:3] == [
        "verdict  principal   access  repository",
        "denied   role/build  PULL    team/web",
        "allowed  role/build  TOKEN   *",
    ]


def test_a_program_gets_a_line_a_finding() -> None:
    """With tabs between its cells."""
    to = io.StringIO()
    write_table([DENIED], to)
    assert to.getvalue().splitlines()[0] == "denied\trole/build\tPULL\tteam/web"


def test_json_says_what_is_allowed_on_one_side_alone() -> None:
    """Of the finding, and of all."""
    to = io.StringIO()
    write_json([ALLOWED, HERE], to)
    found = json.loads(to.getvalue())
    assert found["verdict"] == "allowed here"
    assert [one["verdict"] for one in found["findings"]] == ["allowed", "allowed here"]
    assert found["findings"][1]["cause"] == "the other side is not seen"


def test_json_has_the_lines_of_the_log() -> None:
    """One shape for both, so that one program reads them."""
    to = io.StringIO()
    write_json([DENIED], to)
    found = json.loads(to.getvalue())
    assert found["verdict"] == "denied"
    assert found["findings"] == [
        {
            "principal": ROLE,
            "access": "PULL",
            "repository": WEB,
            "verdict": "denied",
            "cause": "ecr:BatchGetImage: no statement allows it",
            "fix": 'allow "ecr:BatchGetImage"',
        }
    ]
