"""Deployed checks are asked with what CloudFormation gave them; what gives no answer is said, and costs no other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ecr_access.cli.check import command
from tests.ecr_access.cli.check.deployed.cloud import (
    ACCOUNT,
    OLD,
    REGION,
    Cloud,
    RefusedError,
    answer,
    finding,
    stack_id,
)

if TYPE_CHECKING:
    from ecr_access.cli.check.caller import Caller

ELSEWHERE = f"arn:aws:ecr:{REGION}:444455556666:repository/base"


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Cloud:
    """A cloud that the command asks."""
    made = Cloud()

    def of_environment(**_: object) -> Caller:
        return made.caller()

    monkeypatch.setattr(command, "of_environment", of_environment)
    return made


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run the command; return the status, and what it wrote."""

    def run(*arguments: str) -> tuple[int, str, str]:
        status = command.main([*arguments])
        return status, *capsys.readouterr()

    return run


def test_the_function_gets_what_cloudformation_gave_it(cloud: Cloud, check: Any) -> None:
    """Resolved, over the pages of resources and exports; and it is not asked to publish."""
    required = {"Principals": {"Fn::GetAtt": ["Role", "Arn"]}, "Repositories": [{"Fn::ImportValue": "base"}, "web"]}
    cloud.stack(
        "Images", check={"Requirements": {"PULL": {"Others": [required]}}, "Publish": "Images"}, answer=answer()
    )
    cloud.exports = {"first": "1", "base": ELSEWHERE}
    assert check("--stack", "Images") == (0, "", "note: the check of stack Images has nothing to prove\n")
    assert cloud.sent() == [
        {
            "Recheck": {
                "ServiceToken": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:Images-Function",
                "Requirements": {
                    "PULL": {
                        "Others": [
                            {
                                "Principals": f"arn:aws:iam::{ACCOUNT}:role/team/Images-Role",
                                "Repositories": [ELSEWHERE, "web"],
                            }
                        ]
                    }
                },
            }
        }
    ]


@pytest.mark.parametrize(
    ("verdicts", "status", "verdict"),
    [
        (["allowed"], 0, "allowed"),
        (["allowed", "denied", "undetermined"], 1, "denied"),
        (["allowed", "undetermined"], 2, "undetermined"),
    ],
)
def test_the_status_is_that_of_a_check(
    cloud: Cloud, check: Any, verdicts: list[str], status: int, verdict: str
) -> None:
    """A denial outweighs a doubt."""
    cloud.stack("Images", check={}, answer=answer(*map(finding, verdicts)))
    found, out, _ = check("--stack", "Images", "--json")
    assert (found, json.loads(out)["verdict"]) == (status, verdict)
    assert [one["verdict"] for one in json.loads(out)["findings"]] == verdicts
    assert "failure" not in json.loads(out)


def test_a_finding_is_shown_as_ever(cloud: Cloud, check: Any) -> None:
    """The same table, the cause and the fix, where one stack is named."""
    denied = finding("denied", repository=f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/web", cause="no", fix="grant it")
    cloud.stack("Images", check={}, answer=answer(denied))
    status, out, err = check("--stack", "Images")
    assert (status, err) == (1, "")
    assert out.startswith("denied\trole/web\tPULL\tweb\n\n1. arn:aws:iam::111122223333:role/web, PULL on arn:")
    assert "   no\n   fix: grant it\n" in out


def test_several_stacks_are_one_table(cloud: Cloud, check: Any) -> None:
    """With a column for the stack, in the order in which they are named."""
    for name in ("One", "Two"):
        cloud.stack(name, check={}, answer=answer(finding()))
    status, out, _ = check("--stack", "Two", "--stack", "One", "--stack", "Two")
    assert status == 0
    assert [line.split("\t")[:2] for line in out.splitlines() if line] == [["allowed", "Two"], ["allowed", "One"]]


def test_what_another_account_must_allow_is_allowed_here(cloud: Cloud, check: Any) -> None:
    """And so is a check that cannot see a registry; with --both-sides that is no proof."""
    half = finding(cause="rests on this; its owner decides", elsewhere="its owner decides")
    cloud.stack("Half", check={}, answer=answer(half))
    cloud.stack("Unseen", check={}, answer=answer(finding(), unseen=(ELSEWHERE,)))
    for name, said in (("Half", "its owner decides"), ("Unseen", ELSEWHERE)):
        assert f"not verifiable from here: {said}" in check("--stack", name)[1]
        assert check("--stack", name)[0] == 0
        assert check("--stack", name, "--both-sides")[0] == 2
    document = json.loads(check("--stack", "Half", "--json")[1])
    assert document["verdict"] == "allowed here"
    assert document["findings"][0]["cause"] == "rests on this; its owner decides"


@pytest.mark.parametrize(
    ("given", "failed", "said"),
    [
        (OLD, "", "is of a version that answers CloudFormation alone"),
        ({"error": "these are not the properties"}, "", "its check proved nothing: these are not the properties"),
        (
            {"errorType": "Sandbox.Timedout", "errorMessage": "Task timed out"},
            "Unhandled",
            "Sandbox.Timedout: Task timed",
        ),
        (b"", "Unhandled", "failed (Unhandled): without a reason"),
        (b"<html>", "", "is none of a check: "),
        ({"findings": [{"verdict": "maybe"}], "unseen": []}, "", "is none of a check: "),
        ({"findings": 1, "unseen": []}, "", "is none of a check: "),
        ([], "", "is none of a check: "),
        (RefusedError("ResourceNotFoundException"), "", ":function:Bad-Function is gone"),
        (RefusedError("AccessDeniedException"), "", "lambda:InvokeFunction failed: "),
        (RefusedError("KMSDisabledException"), "", "KMSDisabledException"),
    ],
)
def test_a_function_without_an_answer_is_said(cloud: Cloud, check: Any, given: Any, failed: str, said: str) -> None:
    """With its code and status 2; the other stack's answer is there."""
    cloud.stack("Bad", check={}, answer=given)
    cloud.stack("Good", check={}, answer=answer(finding()))
    cloud.failed = {"Bad-Function": failed} if failed else {}
    status, out, err = check("--stack", "Bad", "--stack", "Good")
    assert status == 2
    assert out.startswith("allowed\tGood\t")
    assert err.startswith("error: stack 'Bad': ")
    assert said in err
    assert err.endswith("[ECR-ACCESS-913]\n")


def test_a_denial_outweighs_a_stack_without_an_answer(cloud: Cloud, check: Any) -> None:
    """The status is 1, and the failure is in the JSON with it."""
    cloud.stack("Bad", check={}, answer=OLD)
    cloud.stack("Worse", check={}, answer=answer(finding("denied")))
    status, out, _ = check("--stack", "Bad", "--stack", "Worse", "--json")
    document = json.loads(out)
    assert (status, document["verdict"], document["failure"]["status"]) == (1, "denied", 1)
    assert len(document["failure"]["messages"]) == 1


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"Ref": "Hidden"}, "Requirements[0] is '${Hidden}', of Ref"),
        ({"Fn::GetAtt": ["Bucket", "Arn"]}, "Requirements[0] is '${Bucket.Arn}', of Fn::GetAtt"),
        ({"Fn::ImportValue": "gone"}, "Requirements[0] is '${gone}', of Fn::ImportValue"),
        ("{{resolve:ssm:/role}}", "of a dynamic reference"),
        ({"Fn::GetAZs": ""}, "of Fn::GetAZs"),
        ({"Fn::Join": ["", [{"Ref": "Bucket"}, {"Fn::GetAtt": ["Bucket", "Arn"]}]]}, "of Ref and Fn::GetAtt"),
    ],
)
def test_what_cannot_be_resolved_is_said(cloud: Cloud, check: Any, value: object, said: str) -> None:
    """Which property, and which function; the check is not asked with a guess."""
    cloud.stack(
        "Images",
        check={"Requirements": [value]},
        Parameters=[{"ParameterKey": "Hidden", "ParameterValue": "****"}],
    )
    status, _, err = check("--stack", "Images")
    assert status == 2
    assert said in err
    assert err.endswith("[ECR-ACCESS-912]\n")
    assert cloud.sent() == []


def test_parameters_are_those_of_the_stack(cloud: Cloud, check: Any) -> None:
    """Of one that names a parameter of Systems Manager, the value that it had."""
    given = [{"ParameterKey": "Stage", "ParameterValue": "/stage", "ResolvedValue": "prod"}]
    cloud.stack("Images", check={"Existing": [{"Ref": "Stage"}]}, answer=answer(), Parameters=given)
    check("--stack", "Images")
    assert cloud.sent()[0]["Recheck"]["Existing"] == ["prod"]


def test_what_the_cdk_exports_from_another_region_is_resolved(cloud: Cloud, check: Any) -> None:
    """By the parameter that the CDK keeps it in."""
    name = "/cdk/exports/Images/ImagesuswestExportsWebArn"
    cloud.stack("Images", check={"Existing": [{"Fn::GetAtt": ["Reader", name]}]}, answer=answer())
    cloud.parameters = {name: ELSEWHERE}
    check("--stack", "Images")
    assert cloud.sent()[0]["Recheck"]["Existing"] == [ELSEWHERE]
    cloud.parameters = {}
    assert f"Existing[0] is '${{{name}}}', of Fn::GetAtt" in check("--stack", "Images")[2]
    cloud.refused = {("GetParameter", "")}
    assert "ssm:GetParameter failed: " in check("--stack", "Images")[2]


def test_a_stack_that_changes_meanwhile_is_said(cloud: Cloud, check: Any) -> None:
    """Its template may be ahead of its resources."""
    cloud.stack("Images", check={}, answer=answer(finding()), StackStatus="UPDATE_IN_PROGRESS")
    assert check("--stack", "Images")[2] == (
        "note: stack Images is UPDATE_IN_PROGRESS: its template may not be what is deployed\n"
    )


def test_a_template_in_yaml_is_read(cloud: Cloud, check: Any) -> None:
    """In the short forms as well; one that cannot be read is said."""
    cloud.stack("Images", check={}, answer=answer())
    cloud.body = (
        "Resources:\n"
        "  Function: {Type: 'AWS::Lambda::Function'}\n"
        "  Check:\n"
        "    Type: Custom::EcrAccessCheck\n"
        "    Properties: {ServiceToken: !GetAtt Function.Arn, Existing: [!Sub '${AWS::StackName}/web']}\n"
    )
    assert check("--stack", "Images")[0] == 0
    assert cloud.sent()[0]["Recheck"]["Existing"] == ["Images/web"]
    cloud.body = "Resources: ["
    status, _, err = check("--stack", "Images")
    assert (status, "its template cannot be read" in err, "[ECR-ACCESS-912]" in err) == (2, True, True)
    cloud.body = "Resources: {}"
    assert "its template has no check any more" in check("--stack", "Images")[2]


def test_a_stack_that_is_not_there_is_said(cloud: Cloud, check: Any) -> None:
    """With the nearest name, where it was looked for, and without a name if they cannot be listed."""
    cloud.stack("Images", check={})
    cloud.stack("Old", StackStatus="DELETE_COMPLETE")
    status, _, err = check("--stack", "Imagse")
    assert status == 2
    assert f"there is no stack 'Imagse' in account {ACCOUNT} in {REGION}" in err
    assert "did you mean 'Images'? [ECR-ACCESS-911]" in err
    assert "there is no stack 'arn:aws:cloudformation:" in check("--stack", stack_id("Old"))[2]


def test_a_stack_without_a_check_is_said(cloud: Cloud, check: Any) -> None:
    """It is no stack whose access is proved."""
    cloud.stack("Plain")
    status, _, err = check("--stack", "Plain")
    assert (status, cloud.sent()) == (2, [])
    assert "stack 'Plain' (CREATE_COMPLETE) has no resource Custom::EcrAccessCheck" in err


@pytest.mark.parametrize("operation", ["DescribeStacks", "ListStackResources", "GetTemplate", "ListExports"])
def test_what_may_not_be_read_is_said(cloud: Cloud, check: Any, operation: str) -> None:
    """By the permission that is missing."""
    cloud.stack("Images", check={"Existing": [{"Fn::ImportValue": "x"}]})
    cloud.refused = {(operation, "")}
    status, _, err = check("--stack", "Images")
    assert status == 2
    assert f"cloudformation:{operation} failed: " in err
    assert err.endswith("[ECR-ACCESS-912]\n")


def test_all_stacks_are_those_that_have_a_check(cloud: Cloud, check: Any) -> None:
    """Over all pages; one verdict; one that cannot be read is said."""
    cloud.stack("One", check={}, answer=answer(finding()))
    cloud.stack("Plain")
    cloud.stack("Two", check={}, answer=answer(finding(), finding()))
    status, out, err = check("--all-stacks")
    assert (status, err) == (0, "")
    assert [line.split("\t")[1] for line in out.splitlines() if "\t" in line] == ["One", "Two", "Two"]
    assert out.endswith("allowed: 3 findings, stacks: 2\n")
    cloud.refused = {("ListStackResources", "Plain")}
    status, out, err = check("--all-stacks", "--json")
    assert (status, json.loads(out)["verdict"]) == (2, "undetermined")
    assert "stack 'Plain': cloudformation:ListStackResources failed" in json.loads(out)["failure"]["messages"][0]


def test_no_stack_with_a_check_is_said(cloud: Cloud, check: Any) -> None:
    """Nothing was proved; the same if stacks may not be listed."""
    cloud.stack("Plain")
    status, out, err = check("--all-stacks", "--json")
    assert status == 2
    assert json.loads(out)["verdict"] == "undetermined"
    assert f"no stack of account {ACCOUNT} in {REGION} has a resource Custom::EcrAccessCheck, of 1 that" in err
    cloud.refused = {("DescribeStacks", "")}
    assert "[ECR-ACCESS-912]" in check("--all-stacks")[2]


def test_what_aws_throttles_is_asked_again(cloud: Cloud, check: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """By botocore, whose own pauses are not waited for here."""
    cloud.stack("Images", check={}, answer=answer(finding()))
    cloud.throttled = 2
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    assert check("--stack", "Images")[0] == 0
    assert cloud.throttled == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "name what to check: --repository NAME, or --stack NAME, or --all-stacks"),
        (["--stack", "A", "--all-stacks"], "--stack with --all-stacks: leave one out"),
        (["--stack", "A", "--principal", "x"], "--principal with --stack: "),
        (["--all-stacks", "--repository", "x", "--push"], "--repository, --push with --all-stacks: "),
        (["--all-stacks", "--wait", "0", "--timeout", "1"], "--wait, --timeout with --all-stacks: "),
    ],
)
def test_options_that_make_no_sense_together_are_refused(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before AWS is asked."""
    with pytest.raises(SystemExit) as left:
        command.main([*arguments, "--json"])
    out, err = capsys.readouterr()
    assert left.value.code == 2
    assert said in err
    assert json.loads(out)["failure"]["messages"][0].endswith("[ECR-ACCESS-901]")
