"""Tests of joining the two sides of a requirement, through the whole check."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ecr_access.check.policy_drift import DeclaredPolicy
from ecr_access.iam.repository_policy import RepositoryPolicy
from tests.ecr_access.check.checking import allow, findings_of, run
from tests.ecr_access.check.fakes import ACCOUNT, PULL, PUSH, REGION, TOKEN

if TYPE_CHECKING:
    from ecr_access.iam.principals import Principal
    from tests.ecr_access.check.fakes import Aws, Clock

_OTHER = "444455556666"


def test_a_role_allowed_by_the_repository_alone(aws: Aws, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    """In one account an allow on either side suffices, though the simulator says implicitDeny."""
    role = aws.role("ci")
    aws.decide(role, TOKEN, "*")
    condition = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
    one, two = (
        aws.repository("app", allow({"AWS": role}, PULL)),
        aws.repository("base", allow("*", PULL, Condition=condition)),
    )
    reason = run(aws, clock, aws.requires(role, one, two)).reason
    causes = [one["cause"] for one in findings_of(capsys)]
    assert causes[1] == "the repository policy allows it"
    assert 'statement "number 1" of the repository policy depends on aws:SourceIp, which only a call has' in causes[2]
    assert reason.startswith(
        "could not determine whether role ci has PULL on repository base; nothing was proved wrong"
    )


def test_a_condition_that_the_app_declares_is_agreed_to(
    aws: Aws, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    """The author of a grant knows its condition. A condition that another team added is not agreed."""
    role = aws.role("ci")
    aws.decide(role, TOKEN, "*")
    policy = allow({"AWS": role}, PULL, Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}})
    app = aws.repository("app", policy)
    declared = [{"Repositories": [app], "Statements": policy["Statement"]}]
    assert run(aws, clock, aws.requires(role, app), Declared=declared).succeeded
    causes = [one["cause"] for one in findings_of(capsys)]
    assert "the repository policy allows it, depending on aws:SourceIp as this app declares" in causes
    policy["Statement"][0]["Condition"]["Bool"] = {"aws:MultiFactorAuthPresent": "true"}
    assert "depends on aws:SourceIp, aws:MultiFactorAuthPresent" in run(aws, clock, aws.requires(role, app)).reason


def test_a_denial_that_a_condition_may_undo_is_undetermined(aws: Aws, clock: Clock) -> None:
    """The usual "deny outside the VPC": the simulator has no value for the key; an unconditional one is believed."""
    role, app = aws.puller("ci"), aws.repository("app")
    for missing, words in (
        (["aws:SourceVpce"], "unless aws:SourceVpce, which only a call has, decides"),
        ([], "fix: "),
    ):
        aws.decide(role, PULL, app, decision="explicitDeny", policies=["P"], missing=missing)
        assert f'explicitly denied by a statement in policy "P"{", " if missing else "; "}{words}' in (
            run(aws, clock, aws.requires(role, app)).reason
        )
    assert clock.now == 0


def test_a_token_that_is_allowed_on_a_repository_is_told_apart(aws: Aws, clock: Clock) -> None:
    """The commonest mistake of all: the action has no resource but ``*``."""
    role, app = aws.puller("ci"), aws.repository("app")
    aws.roles[role].clear()
    aws.decide(role, [*TOKEN, *PULL], app)
    reason = run(aws, clock, aws.requires(role, app)).reason
    assert f"it is allowed on {app}, where it has no effect: the action has no resource but *" in reason
    aws.decide(role, TOKEN, app, decision="implicitDeny")
    assert "no statement of its own policies allows it" in run(aws, clock, aws.requires(role, app)).reason


def test_what_the_simulator_has_to_be_told(aws: Aws, clock: Clock) -> None:
    """Organizations deny whole Regions: without the Region of the call such a policy would deny everything."""
    there = aws.repository("app", region="us-west-2")
    role = aws.puller("ci", there)
    assert run(aws, clock, aws.requires(role, there)).succeeded
    entries = [call[1]["ContextEntries"] for call in aws.calls if call[0] == "SimulatePrincipalPolicy"]
    regions = [
        one["ContextKeyValues"] for it in entries for one in it if one["ContextKeyName"] == "aws:RequestedRegion"
    ]
    assert regions == [[REGION], ["us-west-2"]]


def test_a_boundary_limits_what_a_repository_allows_a_role(aws: Aws, clock: Clock) -> None:
    """A user goes past it; a service control policy may stop both."""
    role, user = aws.role("ci"), aws.role("ann", kind="user")
    app = aws.repository("app", allow({"AWS": [role, user]}, PULL))
    for one in (role, user):
        aws.decide(one, PULL, app, decision="implicitDeny", boundary=False)
    answer = run(aws, clock, aws.requires(role, app, token=False), aws.requires(user, app, token=False))
    assert (
        "role ci may not ecr:BatchGetImage and more on app\n1. arn:aws:iam::111122223333:role/ci may not ecr:Batch"
        in answer.reason
    )
    for one in (role, user):
        aws.decide(one, PULL, app, decision="implicitDeny", organization=False)
    answer = run(aws, clock, aws.requires(role, app, token=False), aws.requires(user, app, token=False))
    assert "2 of 2 could not be determined" in answer.reason
    assert "a service control policy of the organization may deny it" in answer.reason


def test_a_repository_policy_that_denies(aws: Aws, clock: Clock) -> None:
    """An explicit deny wins over what the role's own policies allow."""
    deny = {"Sid": "Closed", "Effect": "Deny", "Principal": "*", "Action": "ecr:*"}
    app = aws.repository("app", {"Statement": [deny]})
    answer = run(aws, clock, aws.requires(aws.puller("ci", app), app), aws.requires(_OTHER, app, token=False))
    assert 'explicitly denied by statement "Closed" of the repository policy' in answer.reason
    assert f"{_OTHER} may not ecr:BatchGetImage, ecr:GetDownloadUrlForLayer on {app}: explicitly" in answer.reason


def test_a_repository_policy_that_is_none(aws: Aws, clock: Clock) -> None:
    """It is not taken for silence."""
    app = aws.repository("app", "{")
    answer = run(aws, clock, aws.requires(aws.puller("ci", app), app))
    assert "but 1 of 2 could not be determined\n1. could not determine PULL of" in answer.reason
    assert "its policy is no JSON" in answer.reason


def test_one_cause_is_said_once_for_many_repositories(aws: Aws, clock: Clock) -> None:
    """And actions of different causes are told apart."""
    role = aws.puller("ci")
    arns = [aws.repository(f"app{n}") for n in range(3)]
    aws.decide(role, PUSH[:2], *arns)
    aws.decide(role, PUSH[1:2], arns[0], decision="explicitDeny", policies=["P"])
    answer = run(aws, clock, aws.requires(role, *arns, level="PUSH"))
    assert "; 3 of 4 access requirements are not met\n1. " in answer.reason
    assert f"\n1. {role} may not ecr:InitiateLayerUpload on {arns[0]}: explicitly denied" in answer.reason
    assert (
        f"\n2. {role} may not ecr:PutImage on {', '.join(arns)}: no statement of its own policies or" in answer.reason
    )


def test_a_repository_of_another_account_is_judged_by_the_identity_side(
    aws: Aws, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    """It cannot be described from here, and the finding says so."""
    there = f"arn:aws:ecr:{REGION}:{_OTHER}:repository/app"
    role = aws.puller("ci", there)
    assert run(aws, clock, aws.requires(role, there)).succeeded
    assert "the repository policy of account 444455556666 cannot be read from here" in capsys.readouterr().out
    assert aws.count() == {"GetAuthorizationToken": 1, "SimulatePrincipalPolicy": 2}
    aws.decide(role, PULL, there, decision="implicitDeny")
    reason = run(aws, clock, aws.requires(role, there)).reason
    assert (
        "no statement of its own policies allows it; fix: repository.grant_pull(role), or in a policy of the role"
        in reason
    )


def test_other_principals_are_judged_by_the_repository_policy(
    aws: Aws, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    """The token of a role of another account is that account's to prove."""
    app = aws.repository("app", allow({"AWS": _OTHER, "Service": "codebuild.amazonaws.com"}, PULL))
    foreign = f"arn:aws:iam::{_OTHER}:role/ci"
    service = aws.requires("codebuild.amazonaws.com", app, token=False)
    assert run(aws, clock, aws.requires(foreign, app), service).succeeded
    assert findings_of(capsys)[0]["cause"] == (
        "the repository policy allows it; its own policies are for account 444455556666 to prove"
    )
    assert "SimulatePrincipalPolicy" not in aws.count()


@pytest.mark.parametrize(
    ("policy", "principal", "words"),
    [
        (
            None,
            _OTHER,
            "the repository has no policy; fix: repository.grant_pull(account), or in the repository policy: {",
        ),
        (
            allow({"AWS": "AROAEXAMPLEEXAMPLE12"}, PULL),
            _OTHER,
            "allows it (it names a principal that has been deleted)",
        ),
        (
            allow({"AWS": ACCOUNT}, PULL),
            ACCOUNT,
            "trusting it only delegates to its IAM policies, and grants no access; fix: grant to the roles or users",
        ),
    ],
)
def test_what_a_repository_policy_lacks(aws: Aws, clock: Clock, policy: object, principal: str, words: str) -> None:
    """Each with what to do."""
    app = aws.repository("app", policy)
    assert words in run(aws, clock, aws.requires(principal, app, token=False)).reason


@pytest.mark.parametrize(
    ("principal", "repository", "words"),
    [
        (
            f"arn:aws:iam::{_OTHER}:role/ci",
            None,
            "only one role, user or group of account 111122223333 can be simulated",
        ),
        ("o-abc1234567", None, "only one role, user or group of account 111122223333 can be simulated"),
        (f"arn:aws:iam::{ACCOUNT}:role/ci-*", None, "only one role, user or group of account 111122223333"),
        (_OTHER, f"arn:aws:ecr:{REGION}:{_OTHER}:repository/app", "policy cannot be read from account 111122223333"),
    ],
)
def test_what_cannot_be_judged_from_here(
    aws: Aws, clock: Clock, principal: str, repository: str | None, words: str
) -> None:
    """It is undetermined, and the fix names the account that can."""
    requirement = aws.requires(principal, *([repository] if repository else []), token=repository is None)
    answer = run(aws, clock, requirement)
    assert words in answer.reason
    assert "; require it in a stack of account " in answer.reason


def test_a_simulator_that_leaves_something_out(aws: Aws, clock: Clock) -> None:
    """Silence is not taken for a denial."""
    role = aws.role("ci")
    aws.shape = "silent"
    assert run(aws, clock, aws.requires(role)).reason.endswith(
        "the policy simulator gave no decision for ecr:GetAuthorizationToken; "
        "deploy again; if it stays, report it with the log"
    )


def test_a_role_that_goes_away_meanwhile_has_its_token_nowhere(aws: Aws, clock: Clock) -> None:
    """The message says what was found before the role was deleted between two calls."""
    role, app = aws.role("ci"), aws.repository("app")
    aws.decide(role, PULL, app)
    aws.errors["SimulatePrincipalPolicy"] = [None, None, aws.error("NoSuchEntity")]
    reason = run(aws, clock, aws.requires(role, app), PropagationSeconds="0").reason
    assert "no statement of its own policies allows it" in reason
    assert "where it has no effect" not in reason


def test_an_explicit_denial_of_the_repository_is_believed_at_once(aws: Aws, clock: Clock) -> None:
    """No time mends it; the statement and the actions to leave out of it are named."""
    role = aws.puller("ci", app := aws.repository("app", None))
    statement = {"Sid": "Never", "Effect": "Deny", "Principal": "*", "Action": PULL[:1]}
    aws.repository("app", {"Statement": [statement]})
    reason = run(aws, clock, aws.requires(role, app), PropagationSeconds="60").reason
    assert 'explicitly denied by statement "Never" of the repository policy' in reason
    assert 'fix: remove that statement, or exclude "ecr:BatchGetImage" from it' in reason
    assert "ecr:GetDownloadUrlForLayer" not in reason
    assert clock.now == 0


def test_the_repositorys_own_account_is_no_grantee(aws: Aws, clock: Clock) -> None:
    """Trusting it only delegates to its IAM policies; no time mends that."""
    app = aws.repository("app", allow({"AWS": ACCOUNT}, PULL))
    reason = run(aws, clock, aws.requires(ACCOUNT, app, token=False), PropagationSeconds="60").reason
    assert "it is the repository's own account" in reason
    assert "fix: grant to the roles or users themselves" in reason
    assert clock.now == 0


@pytest.mark.parametrize("missing", [[], ["s3:prefix"]])
def test_an_implicit_denial_is_one_whatever_other_services_ask_for(aws: Aws, clock: Clock, missing: list[str]) -> None:
    """The simulator lists the keys of every statement."""
    role, app = aws.puller("ci"), aws.repository("app")
    aws.decide(role, PULL, app, decision="implicitDeny", missing=missing)
    reason = run(aws, clock, aws.requires(role, app)).reason
    assert "of the repository policy allows it; fix: repository.grant_pull(role)" in reason


def test_an_implicit_denial_that_lacks_a_key_is_undetermined(aws: Aws, clock: Clock) -> None:
    """A statement may allow it under a condition: the key and the missing allow are told, and both fixes."""
    role, app = aws.puller("ci"), aws.repository("app")
    aws.decide(role, PULL, app, decision="implicitDeny", missing=["aws:ResourceTag/team", "s3:prefix"])
    reason = run(aws, clock, aws.requires(role, app)).reason
    assert "1 of 2 could not be determined" in reason
    assert (
        "no statement of its own policies or of the repository policy allows it, unless one does that depends on "
        "aws:ResourceTag/team, which only a call has; repository.grant_pull(role), or in a policy"
    ) in reason
    assert "; or tag the repository with team; make sure that calls satisfy the condition, then accept" in reason
    aws.repository("app", allow({"AWS": role}, PULL))
    assert run(aws, clock, aws.requires(role, app)).succeeded


def test_a_boundary_that_lacks_a_key_is_undetermined(aws: Aws, clock: Clock) -> None:
    """A boundary may allow Regions, or networks, alone."""
    role, app = aws.puller("ci"), aws.repository("app")
    aws.decide(role, PULL, app, decision="implicitDeny", boundary=False, missing=["aws:SourceVpc"])
    reason = run(aws, clock, aws.requires(role, app)).reason
    assert "its permissions boundary does not allow it, unless one does that depends on aws:SourceVpc" in reason
    assert "add to the permissions boundary: " in reason


@pytest.mark.parametrize(
    ("values", "succeeds"),
    [
        ({"true": "allowed", "false": "allowed"}, True),
        ({"true": "explicitDeny", "false": "allowed"}, False),
        ({"true": "allowed", "false": "implicitDeny"}, False),
    ],
)
def test_what_is_allowed_in_some_calls_alone_is_undetermined(
    aws: Aws, clock: Clock, values: dict[str, str], *, succeeds: bool
) -> None:
    """The simulator judged the calls that lack the key; a role's own calls have it."""
    role, app = aws.puller("ci"), aws.repository("app")
    key = "aws:MultiFactorAuthPresent"
    aws.decide(role, PULL, app, missing=[key], given=lambda context: values[context[key.lower()]])
    answer = run(aws, clock, aws.requires(role, app))
    assert answer.succeeded is succeeds
    cause = "its own policies allow it, but not in every call: that depends on aws:MultiFactorAuthPresent, which only a"
    assert (cause in answer.reason) is not succeeds
    assert ("only a call has; make sure that calls satisfy the condition, then accept" in answer.reason) is not succeeds
    assert clock.now == 0


@pytest.mark.parametrize(("given", "succeeds"), [("implicitDeny", True), ("explicitDeny", False)])
def test_what_the_repository_allows_may_be_denied_by_a_principals_own_policies(
    aws: Aws, clock: Clock, given: str, *, succeeds: bool
) -> None:
    """The usual "deny without MFA" applies to calls that have the key, whichever side allows them."""
    role = aws.puller("ci")
    app = aws.repository("app", allow({"AWS": role}, PULL))
    missing = ["aws:MultiFactorAuthPresent"]
    aws.decide(role, PULL, app, decision="implicitDeny", missing=missing, given=lambda _: given)
    answer = run(aws, clock, aws.requires(role, app))
    assert answer.succeeded is succeeds
    assert ("the repository policy allows it, but not in every call: that depends on" in answer.reason) is not succeeds


def test_what_neither_side_allows_is_not_simulated_again(aws: Aws, clock: Clock) -> None:
    """Nor what another account's repository may allow, which cannot be read from here."""
    role, app = aws.puller("ci"), aws.repository("app")
    there = f"arn:aws:ecr:{REGION}:{_OTHER}:repository/app"
    aws.decide(role, PULL, app, there, decision="implicitDeny", missing=["aws:SourceVpce"])
    reason = run(aws, clock, aws.requires(role, app, there), PropagationSeconds="0").reason
    assert "2 of 3 could not be determined" in reason
    assert aws.count()["SimulatePrincipalPolicy"] == 1 + 2


def test_what_the_repository_allows_needs_no_allow_that_depends_on_a_key(aws: Aws, clock: Clock) -> None:
    """Its own policies allow it in some calls, and the repository's in all."""
    role = aws.puller("ci")
    app = aws.repository("app", allow({"AWS": role}, PULL))
    aws.decide(role, PULL, app, missing=["aws:SourceVpce"], given=lambda _: "implicitDeny")
    assert run(aws, clock, aws.requires(role, app)).succeeded


def test_a_second_simulation_without_an_answer_is_undetermined(aws: Aws, clock: Clock) -> None:
    """Its failure is the cause, and what else was found stays."""
    role, app = aws.puller("ci"), aws.repository("app")
    aws.decide(role, PULL, app, missing=["aws:SourceVpce"])
    aws.errors["SimulatePrincipalPolicy"] = [None, None, aws.error("InvalidInput", "no such type")]
    reason = run(aws, clock, aws.requires(role, app)).reason
    assert "1 of 2 could not be determined" in reason
    assert "iam:SimulatePrincipalPolicy on arn:aws:iam::111122223333:role/ci failed (" in reason
    assert "no such type" in reason


@pytest.mark.parametrize("decision", ["", "maybe"])
def test_a_decision_that_is_unknown_is_undetermined(aws: Aws, clock: Clock, decision: str) -> None:
    """It is neither "allowed" nor "denied", whatever the repository policy allows; what that denies is denied."""
    role = aws.puller("ci")
    app = aws.repository("app", allow({"AWS": role}, PULL))
    aws.shape = "old"
    aws.decide(role, PULL[:1], app, decision=decision)
    assert (
        "the policy simulator gave no decision for ecr:BatchGetImage" in run(aws, clock, aws.requires(role, app)).reason
    )
    aws.repository("app", allow({"AWS": role}, PULL, Effect="Deny"))
    assert "explicitly denied by statement" in run(aws, clock, aws.requires(role, app)).reason


@pytest.mark.parametrize("broken", [None, [], "<html>", {"EvaluationResults": "x"}, {"EvaluationResults": [1]}])
def test_an_answer_that_cannot_be_read_is_undetermined_and_the_others_stay(
    aws: Aws, clock: Clock, monkeypatch: pytest.MonkeyPatch, broken: object
) -> None:
    """It concerns one principal: of the others everything is found out."""
    app = aws.repository("app")
    garbled, well, denied = aws.puller("garbled", app), aws.puller("well", app), aws.role("denied")
    answers = aws.simulate_principal_policy

    def simulate(**asked: object) -> object:
        return broken if asked["PolicySourceArn"] == garbled else answers(**asked)

    monkeypatch.setattr(aws, "simulate_principal_policy", simulate)
    answer = run(aws, clock, *(aws.requires(one, app) for one in (garbled, well, denied)))
    assert "2 of 6 access requirements are not met, 2 could not be determined" in answer.reason
    assert f"{denied} may not ecr:GetAuthorizationToken on *: no statement" in answer.reason
    assert f"of {garbled} on *, {app}: the answer of iam:SimulatePrincipalPolicy cannot be read: " in answer.reason


def test_a_call_that_fails_leaves_what_another_found(aws: Aws, clock: Clock) -> None:
    """A principal's token is simulated apart from its repositories."""
    role, app = aws.role("ci"), aws.repository("app")
    aws.errors["SimulatePrincipalPolicy"] = [None, aws.error("Strange")]
    reason = run(aws, clock, aws.requires(role, app), PropagationSeconds="0").reason
    assert f"{role} may not ecr:GetAuthorizationToken on *: no statement of its own policies allows it" in reason
    assert "could not determine PULL of arn:aws:iam::111122223333:role/ci" in reason


def test_an_explicit_denial_is_one_though_the_other_side_gives_no_answer(aws: Aws, clock: Clock) -> None:
    """It wins, whatever the other side says."""
    role, app = aws.puller("ci"), aws.repository("app")
    aws.decide(role, PULL, app, decision="explicitDeny", policies=["P"])
    aws.always["GetRepositoryPolicy"] = aws.error("Strange")
    assert f'may not {", ".join(PULL)} on {app}: explicitly denied by a statement in policy "P"' in (
        run(aws, clock, aws.requires(role, app)).reason
    )
    aws.always = {"SimulatePrincipalPolicy": aws.error("Strange")}
    aws.repository("app", allow("*", PULL[:1], Effect="Deny", Sid="Never"))
    reason = run(aws, clock, aws.requires(role, app)).reason
    assert f'may not {PULL[0]} on {app}: explicitly denied by statement "Never" of the repository policy' in reason


def test_one_call_asks_about_the_repositories_of_one_account(aws: Aws, clock: Clock) -> None:
    """Whose the resource is, is told for all resources of a call."""
    here, there = aws.repository("app"), f"arn:aws:ecr:{REGION}:{_OTHER}:repository/app"
    role = aws.puller("ci", here, there)
    assert run(aws, clock, aws.requires(role, here, there)).succeeded
    owners = [
        [one["ContextKeyValues"] for one in asked["ContextEntries"] if one["ContextKeyName"] == "aws:ResourceAccount"]
        for name, asked in aws.calls
        if name == "SimulatePrincipalPolicy"
    ]
    assert owners == [[], [[ACCOUNT]], [[_OTHER]]]


def test_several_policies_that_deny_are_all_named(aws: Aws, clock: Clock) -> None:
    """Each of them has to be changed."""
    role, app = aws.puller("ci"), aws.repository("app")
    aws.decide(role, PULL, app, decision="explicitDeny", policies=["A", "B"])
    assert (
        'explicitly denied by a statement in policy "A", "B"; fix: ' in run(aws, clock, aws.requires(role, app)).reason
    )


def test_a_principal_that_cannot_be_simulated_here_is_told_where(aws: Aws, clock: Clock) -> None:
    """The message names the account of the principal, or its own if it has none."""
    reason = run(aws, clock, aws.requires(f"arn:aws:iam::{_OTHER}:role/ci")).reason
    assert f"require it in a stack of account {_OTHER}, of one role, user or group" in reason
    reason = run(aws, clock, aws.requires("codebuild.amazonaws.com")).reason
    assert "require it in a stack of account its own, of one role, user or group" in reason


def test_a_repository_policy_that_is_none_is_undetermined(aws: Aws, clock: Clock) -> None:
    """What cannot be understood is not taken for a denial; looking again would not change it."""
    role, app = aws.puller("ci"), aws.repository("app", "[]")
    aws.decide(role, PULL, app)
    reason = run(aws, clock, aws.requires(role, app), PropagationSeconds="60").reason
    assert "its policy has no list of statements; put a valid repository policy" in reason
    assert clock.now == 0


def test_a_policy_that_may_not_be_read_names_the_call(aws: Aws, clock: Clock) -> None:
    """Which permission, on which repository."""
    role, app = aws.puller("ci"), aws.repository("app")
    aws.decide(role, PULL, app)
    aws.always["GetRepositoryPolicy"] = aws.error("AccessDeniedException")
    assert f"may not ecr:GetRepositoryPolicy on {app} (" in run(aws, clock, aws.requires(role, app)).reason
    asked = [request for operation, request in aws.calls if operation == "GetRepositoryPolicy"]
    assert asked[0] == {"registryId": ACCOUNT, "repositoryName": "app"}


def test_what_either_side_allows_is_told(aws: Aws, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    """One action may rest on the one and another on the other."""
    role = aws.role("ci")
    app = aws.repository("app", allow({"AWS": role}, PULL[1:]))
    aws.decide(role, PULL[:1], app)
    assert run(aws, clock, aws.requires(role, app, token=False)).succeeded
    cause = findings_of(capsys)[0]["cause"]
    assert cause == "its own policies allow it; the repository policy allows it"


def test_a_service_is_allowed_under_what_the_app_declares(aws: Aws, clock: Clock) -> None:
    """As a role is; under a condition that is not declared it is a doubt."""
    service = "codebuild.amazonaws.com"
    policy = allow({"Service": service}, PULL, Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}})
    app = aws.repository("app", policy)
    declared = [{"Repositories": [app], "Statements": policy["Statement"]}]
    assert run(aws, clock, aws.requires(service, app, token=False), Declared=declared).succeeded
    assert not run(aws, clock, aws.requires(service, app, token=False)).succeeded


def test_a_doubt_names_its_actions_in_the_log(aws: Aws, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    """Before its cause."""
    app = aws.repository("app", "{")
    run(aws, clock, aws.requires(aws.puller("ci", app), app, token=False))
    cause = findings_of(capsys)[0]["cause"]
    assert cause.startswith(f"{PULL[0]}, {PULL[1]}: its policy is no JSON")


def test_a_policy_that_the_check_cannot_handle_costs_its_findings_alone(
    aws: Aws, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The findings on all else stand, and the log has the trace."""
    statement = {"Sid": "Pull", "Effect": "Allow", "Principal": "*", "Action": PULL}
    app, base = (aws.repository(name, {"Statement": [statement]}) for name in ("app", "base"))
    real = RepositoryPolicy.judge

    def judge(policy: RepositoryPolicy, principal: Principal, action: str, **more: Any) -> object:
        return real(policy, principal, action, **more) if policy.repository.name == "base" else statement["Condition"]

    monkeypatch.setattr(RepositoryPolicy, "judge", judge)
    role = aws.puller("ci")
    assert "1 of 3 could not be determined" in run(aws, clock, aws.requires(role, app, base)).reason
    out, err = capsys.readouterr()
    findings = [line["finding"] for line in map(json.loads, out.splitlines()) if "finding" in line]
    assert [one["verdict"] for one in findings] == ["allowed", "allowed", "undetermined"]
    assert findings[2]["cause"] == f"{', '.join(PULL)}: the check itself failed at it (KeyError)"
    assert json.loads(err)["error"] == "KeyError"


def test_a_declared_policy_that_the_check_cannot_compare_is_undetermined(
    aws: Aws, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It costs that finding, and no other."""
    statement = {"Effect": "Allow", "Principal": "*", "Action": PULL}
    app = aws.repository("app", {"Statement": [statement]})
    monkeypatch.setattr(DeclaredPolicy, "compare", lambda *_: statement["Condition"])
    declared = [{"Repositories": [app], "Statements": [statement]}]
    reason = run(aws, clock, aws.requires(aws.puller("ci")), Declared=declared).reason
    assert f"could not determine POLICY of this app on {app}" in reason
    assert "1 of 2 could not be determined" in reason
