"""Tests of what the check says about the policy of a repository that the app does not declare: its effect counts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.ecr_access.check.checking import allow, log_of, run
from tests.ecr_access.check.fakes import ACCOUNT, PULL, REGION

if TYPE_CHECKING:
    from tests.ecr_access.check.fakes import Aws, Clock

_OTHER = "444455556666"
_LAMBDA, _BUILDS = "lambda.amazonaws.com", "codebuild.amazonaws.com"
_FUNCTIONS = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:*"
# What Lambda itself writes into the policy of a repository of its own account.
_WRITTEN_BY_LAMBDA = allow(
    {"Service": _LAMBDA},
    ["ecr:BatchGetImage", "ecr:DeleteRepositoryPolicy", "ecr:GetDownloadUrlForLayer", "ecr:SetRepositoryPolicy"],
    Condition={"StringLike": {"aws:sourceArn": _FUNCTIONS}},
)


def _expects(arn: str, *statements: dict[str, Any]) -> dict[str, Any]:
    """Expect statements in the policy of a repository that the app does not declare."""
    return {"Existing": [arn], "Declared": [{"Repositories": [arn], "Statements": [*statements]}]}


def _builds(account: str, **changes: object) -> dict[str, Any]:
    condition = {"StringEquals": {"aws:SourceAccount": account}}
    return {
        "Effect": "Allow",
        "Principal": {"Service": _BUILDS},
        "Action": [*PULL, "ecr:BatchCheckLayerAvailability"],
        "Condition": condition,
        **changes,
    }


@pytest.mark.parametrize(
    "live",
    [
        _WRITTEN_BY_LAMBDA,
        allow({"Service": _LAMBDA}, ["ecr:*"]),
        allow({"Service": [_BUILDS, _LAMBDA]}, PULL, Condition={"ArnLike": {"aws:SourceArn": _FUNCTIONS}}),
        allow("*", PULL, Condition={"StringLike": {"aws:SourceArn": f"arn:aws:lambda:*:{ACCOUNT}:*"}}),
    ],
)
def test_whatever_lets_lambda_pull_is_enough(aws: Aws, clock: Clock, live: dict[str, Any]) -> None:
    """What Lambda writes by itself, a broader statement, and one that is written differently."""
    app = aws.repository("app", live)
    expected = allow({"Service": _LAMBDA}, PULL, Condition={"StringLike": {"aws:SourceArn": _FUNCTIONS}})
    requirement = aws.requires(_LAMBDA, app, token=False)
    answer = run(aws, clock, requirement, **_expects(app, *expected["Statement"]))
    assert answer.succeeded, answer.reason


@pytest.mark.parametrize(
    ("live", "words"),
    [
        (None, "the repository has no policy"),
        (allow({"Service": _LAMBDA}, PULL, Condition={"StringLike": {"aws:SourceArn": _FUNCTIONS}}), ""),
        ({"Statement": [_builds("999999999999")]}, ""),
        ({"Statement": [_builds(ACCOUNT, Condition={"StringNotEquals": {"aws:SourceAccount": ACCOUNT}})]}, ""),
    ],
)
def test_what_lets_a_service_in_for_another_account_alone_is_denied(
    aws: Aws, clock: Clock, live: object, words: str
) -> None:
    """In the words of a permission that is missing, with a fix that helps."""
    app = aws.repository("app", live)
    answer = run(aws, clock, aws.requires(_BUILDS, app, token=False), **_expects(app, _builds(ACCOUNT)))
    assert not answer.succeeded
    cause = words or "no statement of the repository policy allows it"
    assert f"for account {ACCOUNT}: {cause}; fix: ask the owner of the repository to add to its policy: " in (
        answer.reason
    )
    assert "not the declared one" not in answer.reason
    assert "grant_" not in answer.reason


def test_a_lambda_function_here_that_runs_an_image_of_another_account_is_told_its_own_account(
    aws: Aws, clock: Clock
) -> None:
    """The statement names the account of the function, and that account's root besides."""
    app = aws.repository("app")
    requirement = {**aws.requires(_LAMBDA, app, token=False), "Accounts": [ACCOUNT, _OTHER]}
    answer = run(aws, clock, requirement, Existing=[app])
    assert f"{_LAMBDA} may not ecr:BatchGetImage, ecr:GetDownloadUrlForLayer on {app}: for accounts" in answer.reason
    statements = json.loads(answer.reason.partition("add to its policy: ")[2])
    functions = [f"arn:aws:lambda:{REGION}:{account}:function:*" for account in (ACCOUNT, _OTHER)]
    assert statements[0]["Condition"] == {"StringLike": {"aws:SourceArn": functions}}
    assert statements[1]["Principal"] == {"AWS": f"arn:aws:iam::{_OTHER}:root"}


def test_a_service_is_denied_for_the_account_that_is_lacking_alone(aws: Aws, clock: Clock) -> None:
    """Each account that it acts for is compared."""
    app = aws.repository("app", {"Statement": [_builds(ACCOUNT)]})
    requirement = aws.requires(_BUILDS, app, token=False)
    assert run(aws, clock, requirement).succeeded
    reason = run(aws, clock, {**requirement, "Accounts": [ACCOUNT, _OTHER]}).reason
    assert f"for account {_OTHER}: no statement of the repository policy allows it" in reason
    assert f'conditions={{"StringEquals":{{"aws:SourceAccount":"{_OTHER}"}}}}' in reason


def test_one_project_of_a_service_is_a_doubt_unless_the_app_declares_it(aws: Aws, clock: Clock) -> None:
    """The requirement is about every project of the account."""
    project = f"arn:aws:codebuild:{REGION}:{ACCOUNT}:project/web"
    statement = _builds(ACCOUNT, Condition={"ArnLike": {"aws:SourceArn": project}})
    app = aws.repository("app", {"Statement": [statement]})
    requirement = aws.requires(_BUILDS, app, token=False)
    reason = run(aws, clock, requirement).reason
    assert "depends on aws:SourceArn, which only a call has" in reason
    assert run(aws, clock, requirement, Declared=_expects(app, statement)["Declared"]).succeeded


def test_the_root_of_another_account_that_an_owner_is_expected_to_allow_is_judged(
    aws: Aws, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also where the app cannot tell at synth whether it is another account."""
    expected = [
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{one}:root"}, "Action": PULL}
        for one in (ACCOUNT, _OTHER)
    ]
    app = aws.repository("app", allow({"AWS": _OTHER}, ["ecr:*"]))
    assert run(aws, clock, **_expects(app, *expected)).succeeded
    found = [line["finding"]["principal"] for line in log_of(capsys) if "finding" in line]
    assert found == [f"arn:aws:iam::{_OTHER}:root"]
    aws.repository("app", allow({"AWS": ACCOUNT}, ["ecr:*"]))
    reason = run(aws, clock, **_expects(app, *expected)).reason
    assert f"{_OTHER}:root may not ecr:BatchGetImage, ecr:GetDownloadUrlForLayer on {app}: no statement of" in reason
    assert "\n2." not in reason


def test_a_role_that_an_owner_is_expected_to_allow_may_be_allowed_by_its_own_policies(aws: Aws, clock: Clock) -> None:
    """In one account either side suffices."""
    app = aws.repository("app")
    role = aws.puller("ci", app)
    expected = allow({"AWS": role}, PULL)["Statement"]
    answer = run(aws, clock, aws.requires(role, app), **_expects(app, *expected))
    assert answer.succeeded, answer.reason


def test_a_condition_that_is_expected_is_agreed_to(aws: Aws, clock: Clock) -> None:
    """The app says so; another condition is a doubt, and none is broader."""
    home = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
    expected = allow({"AWS": _OTHER}, PULL, Condition=home)["Statement"]
    app = aws.repository("app")
    expected[0]["Principal"] = {"AWS": f"arn:aws:iam::{_OTHER}:root"}
    for condition, verdict in ((home, True), ({}, True), ({"Null": {"aws:SourceVpc": "false"}}, False)):
        aws.repository("app", allow({"AWS": _OTHER}, PULL, Condition=condition))
        answer = run(aws, clock, aws.requires(_OTHER, app, token=False), **_expects(app, *expected))
        assert answer.succeeded is verdict
        assert "\n2." not in answer.reason


def test_a_policy_with_a_malformed_condition_is_undetermined(aws: Aws, clock: Clock) -> None:
    """It is not read as one without a condition."""
    app = aws.repository("app", allow({"AWS": _OTHER}, PULL, Condition={"StringEquals": "odd"}))
    reason = run(aws, clock, aws.requires(_OTHER, app, token=False)).reason
    assert "could not determine PULL" in reason
    assert 'its policy cannot be read: statement "number 1": its condition operator "StringEquals" is "odd"' in reason
