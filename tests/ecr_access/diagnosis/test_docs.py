"""The page about it says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from ecr_access.diagnosis import diagnose
from ecr_access.diagnosis.causes import CAUSES
from ecr_access.diagnosis.kinds import ErrorKind
from ecr_access.diagnosis.reading import Reading

PAGE = (Path(__file__).parents[3] / "docs" / "diagnose.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(?P<name>[a-z-]+)` \| (?P<error>[^|]+) \| (?P<summary>[^|]+) \|$", re.MULTILINE)
ERRORS = {
    ErrorKind.NOT_FOUND: "404",
    ErrorKind.DENIED: "403",
    ErrorKind.THROTTLED: "429",
    ErrorKind.NOT_FOUND_OR_DENIED: "404 or 403",
    ErrorKind.NONE_OF_THEM: "none",
    ErrorKind.NOT_ECR: "not ECR",
}
FILLED = {
    "wrong-account": Reading(registry_id="111122223333", image_account="444455556666"),
    "wrong-region": Reading(region="eu-west-1", client_region="us-east-1"),
}


def test_the_table_is_that_of_the_causes() -> None:
    """Each with its error and its sentence."""
    rows = {row["name"]: (row["error"], row["summary"]) for row in ROW.finditer(PAGE)}
    assert rows == {one.name: (ERRORS[one.error], one.summary(FILLED.get(one.name, Reading()))) for one in CAUSES}


def test_the_example_is_what_is_printed() -> None:
    """Line breaks aside."""
    found = diagnose(
        "denied: User: arn:aws:sts::111122223333:assumed-role/ci/run is not authorized to perform: "
        "ecr:InitiateLayerUpload on resource: arn:aws:ecr:eu-west-1:444455556666:repository/team/web because no "
        "resource-based policy allows the ecr:InitiateLayerUpload action"
    )
    assert found
    page = " ".join(PAGE.split())
    assert found.summary in page
    assert found.cause.meaning in page
    assert " ".join(found.steps[0].code.split()) in page
