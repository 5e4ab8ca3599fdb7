"""What is refused comes as a statement of IAM too, for policies that are not written in the CDK."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ecr_access.diagnosis import diagnose
from ecr_access.diagnosis.kinds import ErrorKind
from tests.ecr_access.diagnosis.figures import SETS, entries

CORPUS: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "corpus.yaml").read_text(encoding="utf-8"))
REFUSED = [
    entry["text"]
    for entry in (*CORPUS, *(entry for name in SETS for entry in entries(name)))
    if re.search(r"not authorized\s+to\s+perform:?\s+[a-z0-9-]+:[A-Za-z]", entry["text"])
]
ROLE = "arn:aws:iam::111122223333:role/ci"
DENIED = "User: arn:aws:sts::111122223333:assumed-role/ci/run is not authorized to perform: {} on resource: {}"


def statements(text: str) -> list[dict[str, Any]]:
    """Return the statements among the steps."""
    found = diagnose(text)
    assert found
    lines = [line for step in found.steps for line in step.code.splitlines() if line.startswith("{")]
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize("text", REFUSED)
def test_a_refused_action_comes_with_its_statement_and_its_line_of_the_cdk(text: str) -> None:
    """Whichever service refuses it."""
    found = diagnose(text)
    assert found
    if found.cause.error in (ErrorKind.DENIED, ErrorKind.NOT_ECR) and found.reading.action:
        assert any(one.get("Effect") == "Allow" or "Condition" in one for one in statements(text))
        code = "\n".join(step.code for step in found.steps)
        assert re.search(r"\.grant_|add_to_principal_policy|add_statements|add_to_policy|add_condition", code)


@pytest.mark.parametrize(
    ("action", "beside"),
    [("ecr:PutImage", "ecr:UploadLayerPart"), ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")],
)
def test_the_statement_has_all_that_the_call_needs(action: str, beside: str) -> None:
    """Or the next call would be refused; with the token, which has no resource."""
    arn = "arn:aws:ecr:eu-west-1:111122223333:repository/team/web"
    level, token = statements(DENIED.format(action, arn))
    assert {action, beside} <= set(level["Action"])
    assert level["Resource"] == arn
    assert token == {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"}


@pytest.mark.parametrize("cut", [1, 5, 9])
def test_an_action_that_is_cut_off_is_not_taken_for_another(cut: int) -> None:
    """Fargate ends a reason after 255 characters, and what it cut off may be an action of pulling."""
    found = diagnose(f"AccessDeniedException: {DENIED.partition('{')[0]}ecr:BatchGetImage"[:-cut])
    assert found
    assert found.cause.name == "forbidden"


def test_a_repository_policy_names_the_principal_and_no_resource() -> None:
    """ECR refuses a resource in it."""
    first, *_ = statements(DENIED.format("ecr:PutImage", "arn:aws:ecr:eu-west-1:444455556666:repository/team/web"))
    assert first["Principal"] == {"AWS": ROLE}
    assert "Resource" not in first


def test_a_deny_is_not_answered_with_an_allow() -> None:
    """No allow wins over it; a condition of the deny does."""
    refused = DENIED.format("ecr:PutImage", "arn:aws:ecr:eu-west-1:111122223333:repository/team/web")
    assert statements(f"{refused} with an explicit deny") == [
        {"Condition": {"ArnNotEquals": {"aws:PrincipalArn": ROLE}}}
    ]


def test_the_statement_of_another_service_has_its_resource() -> None:
    """As the text has it."""
    arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-0a"
    assert statements(DENIED.format("secretsmanager:GetSecretValue", arn)) == [
        {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": arn}
    ]


@pytest.mark.parametrize(
    ("action", "line"),
    [
        ("secretsmanager:GetSecretValue", "secret.grant_read(execution_role)"),
        ("ssm:GetParameters", "parameter.grant_read(execution_role)"),
        ("logs:CreateLogStream", "log_group.grant_write(execution_role)"),
        ("iam:PassRole", "role.grant_pass_role(deployer)"),
    ],
)
def test_what_another_service_refuses_comes_with_its_grant(action: str, line: str) -> None:
    """As code, so that it can be copied."""
    found = diagnose(DENIED.format(action, "*"))
    assert found
    assert found.steps[0].code == line
