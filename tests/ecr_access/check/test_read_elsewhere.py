"""Two checks of one account, of which one simulates a principal and another reads the repository policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_access.check.evaluate_action import of_identity
from ecr_access.check.finding import Verdict
from ecr_access.check.read_elsewhere import not_denied, unless_elsewhere
from ecr_access.check.request import Requirement
from ecr_access.check.simulator_decisions import Decision
from ecr_access.iam.arns import repository_at
from ecr_access.iam.principals import Kind, Principal
from ecr_access.iam.repository_policy import RepositoryPolicy
from tests.ecr_access.check.checking import findings_of, run, summary_of
from tests.ecr_access.check.fakes import ACCOUNT, PREFIX, PULL, TOKEN

if TYPE_CHECKING:
    from tests.ecr_access.check.fakes import Aws, Clock

_OTHER = "444455556666"
_BAD = f"arn:aws:iam::{ACCOUNT}:role/bad"
_ENDPOINT = {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}


def _deny(principal: object = "*", **more: object) -> dict[str, Any]:
    return {"Sid": "Deny", "Effect": "Deny", "Principal": principal, "Action": "ecr:*", **more}


def test_a_repository_of_another_stack_is_not_called_about(
    aws: Aws, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    """The principal is simulated, and the log says which check proves the rest."""
    app = aws.repository("app", {"Statement": [_deny()]})
    assert run(aws, clock, aws.requires(aws.puller("ci", app), app), ReadElsewhere=["app"]).succeeded
    assert aws.count() == {"GetAuthorizationToken": 1, "SimulatePrincipalPolicy": 2}
    assert summary_of(capsys)["not_verifiable"] == 1


def test_what_its_own_policies_do_not_allow_is_not_denied(
    aws: Aws, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    """The repository policy may, which is not read; it is looked at again, as the policies may be new."""
    app = aws.repository("app", {"Statement": [{**_deny({"AWS": ACCOUNT}), "Effect": "Allow"}]})
    role = aws.role("ci")
    aws.decide(role, TOKEN, "*")
    assert not run(aws, clock, aws.requires(role, app), ReadElsewhere="app").succeeded
    *_, found = findings_of(capsys)
    assert found["verdict"] == "undetermined"
    assert "unless the repository policy does, which the check of its own stack reads" in found["cause"]
    assert aws.count()["SimulatePrincipalPolicy"] > 2


@pytest.mark.parametrize(("decision", "verdict"), [("explicitDeny", "denied"), ("allowed", "allowed")])
def test_what_its_own_policies_decide_is_decided(
    aws: Aws, clock: Clock, capsys: pytest.CaptureFixture[str], decision: str, verdict: str
) -> None:
    """An explicit deny wins, whatever the repository policy says."""
    app = aws.repository("app")
    role = aws.puller("ci")
    aws.decide(role, PULL, app, decision=decision)
    run(aws, clock, aws.requires(role, app), ReadElsewhere=["app"])
    assert [one["verdict"] for one in findings_of(capsys) if one["access"] == "PULL"] == [verdict]


@pytest.mark.parametrize("principal", [_OTHER, "o-abcdefghij", "codebuild.amazonaws.com"])
def test_only_a_simulated_principal_can_do_without_the_policy(
    aws: Aws, clock: Clock, capsys: pytest.CaptureFixture[str], principal: str
) -> None:
    """Another principal has nothing else to be judged by."""
    app = aws.repository("app")
    assert not run(aws, clock, aws.requires(principal, app, token=False), ReadElsewhere=["app"]).succeeded
    (found,) = findings_of(capsys)
    assert (found["verdict"], found["cause"]) == (
        "undetermined",
        "ecr:BatchGetImage, ecr:GetDownloadUrlForLayer: the repository policy cannot be read here",
    )


@pytest.mark.parametrize(
    ("live", "declared", "verdict"),
    [
        (None, None, Verdict.ALLOWED),
        (_deny(Condition={"Bool": {"aws:SecureTransport": "false"}}), None, Verdict.ALLOWED),
        (_deny({"AWS": _OTHER}), None, Verdict.ALLOWED),
        (_deny(Action="ecr:PutImage"), None, Verdict.ALLOWED),
        (_deny(), None, Verdict.DENIED),
        (_deny({"AWS": ACCOUNT}), None, Verdict.DENIED),
        (_deny(), _deny(), Verdict.DENIED),
        (_deny({"AWS": _BAD}), None, Verdict.UNDETERMINED),
        (_deny({"AWS": _BAD}), _deny({"AWS": _BAD}), Verdict.UNDETERMINED),
        (_deny(Condition=_ENDPOINT), None, Verdict.UNDETERMINED),
        (_deny(Condition=_ENDPOINT), _deny(Condition=_ENDPOINT), Verdict.ALLOWED),
        *(
            (_deny(Condition={"StringLike": {key: "*x*"}}), _deny(Condition={"StringLike": {key: "*x*"}}), verdict)
            for key, verdict in (
                ("aws:PrincipalArn", Verdict.UNDETERMINED),
                ("aws:PrincipalTag/team", Verdict.UNDETERMINED),
                ("aws:userid", Verdict.UNDETERMINED),
                ("aws:SourceVpce", Verdict.ALLOWED),
            )
        ),
        (
            {"Effect": "Deny", "NotPrincipal": {"AWS": _BAD}, "Action": "ecr:*"},
            {"Effect": "Deny", "NotPrincipal": {"AWS": _BAD}, "Action": "ecr:*"},
            Verdict.UNDETERMINED,
        ),
    ],
)
def test_a_repository_policy_denies_nothing_to_the_account(
    aws: Aws,
    clock: Clock,
    capsys: pytest.CaptureFixture[str],
    *,
    live: dict[str, Any] | None,
    declared: dict[str, Any] | None,
    verdict: Verdict,
) -> None:
    """Allowed is said where no principal of the account can be denied, but as the app itself declares it."""
    app = aws.repository("app", {"Statement": [live]} if live else None)
    compared = {"Declared": [{"Repositories": [app], "Statements": [declared]}]} if declared else {}
    answer = run(aws, clock, NotDenied={"PULL": ["app"]}, **compared)
    (found,) = [one for one in findings_of(capsys) if one["access"] == "PULL"]
    assert (found["principal"], found["verdict"]) == (ACCOUNT, verdict.value)
    assert answer.succeeded is (verdict is Verdict.ALLOWED)


def test_a_repository_that_denies_nothing_has_to_exist(aws: Aws, clock: Clock) -> None:
    """The principals of other stacks use it."""
    assert f"{PREFIX}app does not exist" in run(aws, clock, NotDenied={"PULL": ["app"]}).reason


_ROLES = [f"arn:aws:iam::{ACCOUNT}:role/{name}" for name in ("bad", "ci", "path/web")]
_CONDITIONS = st.fixed_dictionaries(
    {},
    optional={
        "StringEquals": st.dictionaries(
            st.sampled_from(["aws:PrincipalArn", "aws:PrincipalAccount", "aws:SourceVpce", "aws:PrincipalTag/team"]),
            st.sampled_from([_BAD, ACCOUNT, _OTHER, "vpce-1"]),
            min_size=1,
        ),
        "ArnNotLike": st.just({"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/c*"}),
        "Bool": st.just({"aws:SecureTransport": "false"}),
    },
)
_STATEMENTS = st.fixed_dictionaries(
    {
        "Effect": st.sampled_from(["Deny", "Deny", "Allow"]),
        "Action": st.sampled_from(["ecr:*", PULL[0], "ecr:PutImage"]),
    },
    optional={"Condition": _CONDITIONS},
).flatmap(
    lambda one: st.sampled_from(["Principal", "Principal", "NotPrincipal"]).flatmap(
        lambda element: st.sampled_from(["*", ACCOUNT, _OTHER, _BAD]).map(lambda who: {**one, element: {"AWS": who}})
    )
)


@given(st.lists(_STATEMENTS, max_size=4), st.lists(_STATEMENTS, max_size=2))
def test_both_halves_together_allow_no_more_than_one_look(
    live: list[dict[str, Any]], declared: list[dict[str, Any]]
) -> None:
    """Where a simulation allows, and the policy denies nothing to the account, one check of both allows it too."""
    repository = repository_at(f"{PREFIX}app")
    policy = RepositoryPolicy(repository, (*live, *declared))
    account = Requirement(Principal(ACCOUNT, Kind.ACCOUNT, ACCOUNT), "PULL", tuple(PULL), repository, not_denied=True)
    if not_denied(account, PULL[0], policy, declared).verdict is not Verdict.ALLOWED:
        return
    for role in _ROLES:
        one = Requirement(Principal(role, Kind.IAM_IDENTITY, ACCOUNT), "PULL", tuple(PULL), repository)
        for decision in (Decision("allowed"), Decision("implicitDeny"), Decision("explicitDeny")):
            alone = unless_elsewhere(of_identity(one, PULL[0], decision, None, ()))
            both = of_identity(one, PULL[0], decision, policy, declared)
            if alone.verdict is not Verdict.UNDETERMINED:
                assert both.verdict is alone.verdict
