"""The pages show the message of a failed deployment as it is printed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.ecr_access.check.checking import run

if TYPE_CHECKING:
    from tests.ecr_access.check.fakes import Aws, Clock

_DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize("page", ["check.md", "first_app.md"])
def test_the_message_is_the_one_that_is_printed(aws: Aws, clock: Clock, page: str) -> None:
    """Line breaks aside, of a role without the token."""
    answer = run(aws, clock, aws.requires(aws.role("without-token")))
    (shown,) = re.findall(
        r"^```text\n(role without-token .+?)```$", (_DOCS / page).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    assert " ".join(shown.split()) in " ".join(answer.reason.split())
