"""Tests of what the two sides say about one action."""

from __future__ import annotations

from typing import Any

import pytest

from access_check import fixes
from access_check.arns import Repository
from access_check.decisions import Decision
from access_check.failures import UndeterminedError
from access_check.finding import Verdict
from access_check.principals import principal_of
from access_check.repository_policy import RepositoryPolicy
from access_check.request import Requirement
from access_check.verdicts import Said, of_identity, of_repository
from tests.runtime.checking import allow
from tests.runtime.fakes import ACCOUNT, PREFIX, PULL, REGION

_ROLE = f"arn:aws:iam::{ACCOUNT}:role/ci"
_OTHER = "444455556666"
_SERVICE = "codebuild.amazonaws.com"
_APP = Repository(f"{PREFIX}app", REGION, ACCOUNT, "app")
_FROM_HOME = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}


def _required(whom: str) -> Requirement:
    principal = principal_of(whom)
    assert principal is not None
    return Requirement(principal, "PULL", tuple(PULL), _APP)


def _policy(*documents: dict[str, Any]) -> RepositoryPolicy:
    return RepositoryPolicy(_APP, tuple(one for document in documents for one in document["Statement"]))


def _identity(decision: Decision, policy: RepositoryPolicy | None = None) -> Said:
    return of_identity(_required(_ROLE), PULL[0], decision, policy, ())


def test_what_its_own_policies_allow_is_allowed() -> None:
    """Nothing has to be mended."""
    said = _identity(Decision("allowed"), _policy())
    assert said == Said(Verdict.ALLOWED, "its own policies allow it")


def test_what_the_repository_allows_under_an_agreed_condition_is_allowed() -> None:
    """The keys are those of the statements that the app declares."""
    policy = _policy(allow({"AWS": _ROLE}, PULL, Condition=_FROM_HOME))
    said = of_identity(_required(_ROLE), PULL[0], Decision("implicitDeny"), policy, {"aws:sourceip"})
    assert said.verdict is Verdict.ALLOWED


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_one_agreed_condition_is_enough_beside_those_of_statements_for_others(order: tuple[int, int]) -> None:
    """A repository that an organization may pull from is one that an account may, under the condition of its grant."""
    agreed = allow({"AWS": f"arn:aws:iam::{_OTHER}:root"}, PULL, Condition=_FROM_HOME)
    others = allow("*", PULL, Condition={"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}})
    policy = _policy(*([agreed, others][at] for at in order))
    said = of_repository(_required(_OTHER), PULL[0], policy, {"aws:sourceip"})
    assert said == Said(
        Verdict.ALLOWED, "the repository policy allows it, depending on aws:SourceIp as this app declares"
    )
    assert of_repository(_required(_OTHER), PULL[0], policy, ()).verdict is Verdict.UNDETERMINED


def test_what_the_repository_may_deny_has_to_be_agreed_to_as_well() -> None:
    """Whichever statement allows it."""
    deny = {"Effect": "Deny", "Principal": "*", "Action": "ecr:*", "Condition": {"Bool": {"aws:ViaAWSService": "true"}}}
    policy = _policy(allow({"AWS": _ROLE}, PULL, Condition=_FROM_HOME), {"Statement": [deny]})
    for agreed, verdict in (
        ({"aws:sourceip"}, Verdict.UNDETERMINED),
        ({"aws:sourceip", "aws:viaawsservice"}, Verdict.ALLOWED),
    ):
        said = of_identity(_required(_ROLE), PULL[0], Decision("implicitDeny"), policy, agreed)
        assert said.verdict is verdict


def test_what_its_own_policies_allow_needs_no_condition_of_a_statement_that_allows_it_too() -> None:
    """A repository that an organization may pull from is one that a role of the account may, by its own policies."""
    condition = {"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}}
    said = _identity(Decision("allowed"), _policy(allow("*", PULL, Condition=condition)))
    assert said == Said(Verdict.ALLOWED, "its own policies allow it")


def test_what_its_own_policies_allow_may_be_denied_under_a_condition() -> None:
    """Of the keys, those of the denial alone are in doubt."""
    organization = {"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}}
    denial = allow("*", PULL, Effect="Deny", Condition=_FROM_HOME)
    said = _identity(Decision("allowed"), _policy(allow("*", PULL, Condition=organization), denial))
    assert said.verdict is Verdict.UNDETERMINED
    assert said.cause == 'statement "number 2" of the repository policy depends on aws:SourceIp, which only a call has'


@pytest.mark.parametrize("whom", [_SERVICE, _ROLE])
def test_a_condition_that_nobody_declared_is_a_doubt_with_a_way_out(whom: str) -> None:
    """Only the call can tell, and somebody has to decide whether that is enough."""
    principal = {"Service": _SERVICE} if whom == _SERVICE else {"AWS": _ROLE}
    policy = _policy(allow(principal, PULL, Condition=_FROM_HOME))
    said = of_repository(_required(whom), PULL[0], policy, ())
    assert said.verdict is Verdict.UNDETERMINED
    assert said.cause == 'statement "number 1" of the repository policy depends on aws:SourceIp, which only a call has'
    assert said.fix.startswith("see that its calls meet the condition, then ")
    assert of_repository(_required(whom), PULL[0], policy, {"aws:sourceip"}).verdict is Verdict.ALLOWED


def test_every_key_that_may_undo_a_denial_is_named() -> None:
    """The simulator had no value for them."""
    said = _identity(Decision("explicitDeny", missing=("aws:SourceVpce", "aws:SourceIp")))
    assert said.verdict is Verdict.UNDETERMINED
    assert "unless aws:SourceVpce, aws:SourceIp, which only a call has, decides" in said.cause
    assert said.fix.startswith("see that its calls meet the condition, then ")


def test_the_statement_that_a_service_lacks_is_written_for_that_repository() -> None:
    """A service is kept to the account of the repository."""
    said = of_repository(_required(_SERVICE), PULL[0], _policy(), ())
    assert said.verdict is Verdict.DENIED
    assert said.fix == fixes.repository(_required(_SERVICE).principal, "PULL", _APP)
    assert f'"aws:SourceAccount":"{ACCOUNT}"' in said.fix


def test_what_is_proved_goes_before_what_a_control_policy_may_deny() -> None:
    """The simulator judges such a policy's conditions without the keys of a call, which proves nothing."""
    silent, denying = _policy(), _policy({"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "ecr:*"}]})
    organization = Decision("implicitDeny", by_organization=False)
    said = _identity(organization, silent)
    assert said.verdict is Verdict.UNDETERMINED
    assert said.cause.startswith("a service control policy of the organization may deny it: the policy simulator ")
    assert said.fix.startswith(f"{fixes.ORGANIZATION}; if they do, accept what no deployment can find out: ")
    assert _identity(organization, denying).verdict is Verdict.DENIED
    own = Decision("explicitDeny", ("P",), by_organization=False, own=True)
    assert _identity(own, silent).cause == 'explicitly denied by a statement in policy "P"'


@pytest.mark.parametrize("missing", [(), ("aws:SourceIp",)])
def test_a_denial_that_a_control_policy_may_have_made_is_a_doubt(missing: tuple[str, ...]) -> None:
    """Where no statement of its own policies is shown, and where a condition may have decided one."""
    denied = Decision("explicitDeny", ("P",), missing, by_organization=False, own=bool(missing))
    said = _identity(denied, _policy())
    assert said.verdict is Verdict.UNDETERMINED
    assert "a service control policy of the organization may deny it" in said.cause


def test_a_boundary_outweighs_a_decision_that_contradicts_it() -> None:
    """An answer that allows what its boundary does not is not believed."""
    said = _identity(Decision("allowed", by_boundary=False), _policy())
    assert (said.verdict, said.cause) == (Verdict.DENIED, "its permissions boundary does not allow it")


def test_a_second_decision_that_is_in_doubt_is_told_as_it_is() -> None:
    """Where there is none, and where the organization may deny it then."""
    for other, words in (
        (Decision(""), "the policy simulator gave no decision for ecr:BatchGetImage"),
        (Decision("implicitDeny", by_organization=False), "a service control policy of the organization may deny it"),
    ):
        said = _identity(Decision("allowed", missing=("aws:SourceIp",), supposed=(other,)), _policy())
        assert said.verdict is Verdict.UNDETERMINED
        assert said.cause.startswith(words)


def test_what_neither_side_answers_is_told_by_the_repository() -> None:
    """Either would do; nothing was proved."""
    said = of_identity(
        _required(_ROLE), PULL[0], UndeterminedError("no decision", "a"), UndeterminedError("no policy", "b"), ()
    )
    assert said == Said(Verdict.UNDETERMINED, "no policy", "b", unanswered=True)


def test_what_would_meet_a_condition_is_told_of_the_principal_and_the_repository() -> None:
    """Each hint in its turn."""
    said = _identity(Decision("implicitDeny", missing=("aws:ResourceTag/a", "aws:PrincipalTag/b")))
    assert "; or tag the repository with a; tag the role with b; see that its calls meet" in said.fix


def test_an_agreed_condition_of_the_repository_is_agreed_to_with_other_values_too() -> None:
    """The keys of the principal's own policies are another matter."""
    policy = _policy(allow({"AWS": _ROLE}, PULL, Condition=_FROM_HOME))
    decision = Decision("implicitDeny", missing=("aws:SourceVpce",), supposed=(Decision("implicitDeny"),))
    assert of_identity(_required(_ROLE), PULL[0], decision, policy, {"aws:sourceip"}).verdict is Verdict.ALLOWED


def test_what_is_denied_with_a_key_or_without_is_denied() -> None:
    """A repository policy denies whatever the keys say."""
    denying = _policy({"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "ecr:*"}]})
    decision = Decision("allowed", missing=("aws:SourceIp",), supposed=(Decision(""),))
    assert _identity(decision, denying).verdict is Verdict.DENIED


def test_what_the_repository_may_deny_is_a_doubt_unless_the_app_declares_it() -> None:
    """An explicit deny wins over what the principal's own policies allow."""
    deny = {"Effect": "Deny", "Principal": "*", "Action": "ecr:*", "Condition": _FROM_HOME}
    policy = _policy({"Statement": [deny]})
    assert _identity(Decision("allowed"), policy).verdict is Verdict.UNDETERMINED
    said = of_identity(_required(_ROLE), PULL[0], Decision("allowed"), policy, {"aws:sourceip"})
    assert said == Said(Verdict.ALLOWED, "its own policies allow it, depending on aws:SourceIp as this app declares")
