"""Tests of what the two sides say about one action."""

from __future__ import annotations

from typing import Any

import pytest

from ecr_access.check import remediation
from ecr_access.check.action_result import ActionResult
from ecr_access.check.aws.errors import UndeterminedError
from ecr_access.check.evaluate_action import of_identity
from ecr_access.check.evaluate_repository import of_repository
from ecr_access.check.finding import Verdict
from ecr_access.check.request import Requirement
from ecr_access.check.simulator_decisions import Decision
from ecr_access.iam.arns import Repository
from ecr_access.iam.principals import Kind, Source, principal_of
from ecr_access.iam.repository_policy import RepositoryPolicy
from tests.ecr_access.check.checking import allow
from tests.ecr_access.check.fakes import ACCOUNT, PREFIX, PULL, REGION

_ROLE = f"arn:aws:iam::{ACCOUNT}:role/ci"
_OTHER = "444455556666"
_SERVICE = "codebuild.amazonaws.com"
_APP = Repository(f"{PREFIX}app", REGION, ACCOUNT, "app")
_FROM_HOME = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}


def _required(caller: str, *accounts: str, existing: bool = False) -> Requirement:
    principal = principal_of(caller)
    assert principal is not None
    sources = tuple(Source(one, REGION) for one in accounts or (ACCOUNT,)) if principal.kind is Kind.SERVICE else ()
    return Requirement(principal, "PULL", tuple(PULL), _APP, sources, existing)


def _policy(*documents: dict[str, Any]) -> RepositoryPolicy:
    return RepositoryPolicy(_APP, tuple(one for document in documents for one in document["Statement"]))


def _identity(decision: Decision, policy: RepositoryPolicy | None = None) -> ActionResult:
    return of_identity(_required(_ROLE), PULL[0], decision, policy, ())


def test_what_its_own_policies_allow_is_allowed() -> None:
    """Nothing has to be mended."""
    said = _identity(Decision("allowed"), _policy())
    assert said == ActionResult(Verdict.ALLOWED, "its own policies allow it")


def test_what_the_repository_allows_under_an_agreed_condition_is_allowed() -> None:
    """The statement is one that the app declares."""
    document = allow({"AWS": _ROLE}, PULL, Condition=_FROM_HOME)
    said = of_identity(_required(_ROLE), PULL[0], Decision("implicitDeny"), _policy(document), document["Statement"])
    assert said.verdict is Verdict.ALLOWED


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_one_agreed_condition_is_enough_beside_those_of_statements_for_others(order: tuple[int, int]) -> None:
    """A repository that an organization may pull from is one that an account may, under the condition of its grant."""
    agreed = allow({"AWS": f"arn:aws:iam::{_OTHER}:root"}, PULL, Condition=_FROM_HOME)
    others = allow("*", PULL, Condition={"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}})
    policy = _policy(*([agreed, others][at] for at in order))
    said = of_repository(_required(_OTHER), PULL[0], policy, agreed["Statement"])
    assert said == ActionResult(
        Verdict.ALLOWED, "the repository policy allows it, depending on aws:SourceIp as this app declares"
    )
    assert of_repository(_required(_OTHER), PULL[0], policy, ()).verdict is Verdict.UNDETERMINED


def test_what_the_repository_may_deny_has_to_be_agreed_to_as_well() -> None:
    """Whichever statement allows it."""
    deny = {"Effect": "Deny", "Principal": "*", "Action": "ecr:*", "Condition": {"Null": {"aws:SourceVpc": "true"}}}
    document = allow({"AWS": _ROLE}, PULL, Condition=_FROM_HOME)
    policy = _policy(document, {"Statement": [deny]})
    for agreed, verdict in (
        (document["Statement"], Verdict.UNDETERMINED),
        ([*document["Statement"], deny], Verdict.ALLOWED),
    ):
        said = of_identity(_required(_ROLE), PULL[0], Decision("implicitDeny"), policy, agreed)
        assert said.verdict is verdict


def test_what_its_own_policies_allow_needs_no_condition_of_a_statement_that_allows_it_too() -> None:
    """A repository that an organization may pull from is one that a role of the account may, by its own policies."""
    condition = {"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}}
    said = _identity(Decision("allowed"), _policy(allow("*", PULL, Condition=condition)))
    assert said == ActionResult(Verdict.ALLOWED, "its own policies allow it")


def test_what_its_own_policies_allow_may_be_denied_under_a_condition() -> None:
    """Of the keys, only the denial's are in doubt."""
    organization = {"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}}
    denial = allow("*", PULL, Effect="Deny", Condition=_FROM_HOME)
    said = _identity(Decision("allowed"), _policy(allow("*", PULL, Condition=organization), denial))
    assert said.verdict is Verdict.UNDETERMINED
    assert said.cause == 'statement "number 2" of the repository policy depends on aws:SourceIp, which only a call has'


@pytest.mark.parametrize("caller", [_SERVICE, _ROLE])
def test_a_condition_that_is_not_declared_is_a_doubt_with_a_way_out(caller: str) -> None:
    """Only the call can tell, and the app's author has to decide whether that is enough."""
    principal = {"Service": _SERVICE} if caller == _SERVICE else {"AWS": _ROLE}
    document = allow(principal, PULL, Condition=_FROM_HOME)
    said = of_repository(_required(caller), PULL[0], _policy(document), ())
    assert said.verdict is Verdict.UNDETERMINED
    assert said.cause.endswith(
        'statement "number 1" of the repository policy depends on aws:SourceIp, which only a call has'
    )
    assert said.fix.startswith("make sure that calls satisfy the condition, then ")
    agreed = of_repository(_required(caller), PULL[0], _policy(document), document["Statement"])
    assert agreed.verdict is Verdict.ALLOWED


def test_every_key_that_may_undo_a_denial_is_named() -> None:
    """The simulator had no value for them."""
    said = _identity(Decision("explicitDeny", missing=("aws:SourceVpce", "aws:SourceIp")))
    assert said.verdict is Verdict.UNDETERMINED
    assert "unless aws:SourceVpce, aws:SourceIp, which only a call has, decides" in said.cause
    assert said.fix.startswith("make sure that calls satisfy the condition, then ")


def test_the_statement_that_a_service_lacks_names_the_account_it_acts_for() -> None:
    """And not the repository's."""
    said = of_repository(_required(_SERVICE, _OTHER), PULL[0], _policy(), ())
    assert said.verdict is Verdict.DENIED
    assert said.cause == f"for account {_OTHER}: the repository has no policy"
    assert said.fix == remediation.repository(_required(_SERVICE).principal, "PULL", _APP, (_OTHER,))
    assert f'"aws:SourceAccount":"{_OTHER}"' in said.fix
    assert ACCOUNT not in said.fix


def _for_account(account: str) -> dict[str, Any]:
    return allow({"Service": _SERVICE}, PULL, Condition={"StringEquals": {"aws:SourceAccount": account}})


def test_a_service_must_be_allowed_for_each_account_it_acts_for() -> None:
    """The cause and the fix name the accounts that fail, and no other."""
    third = "555566667777"
    required = _required(_SERVICE, ACCOUNT, _OTHER, third)
    assert of_repository(required, PULL[0], _policy(*map(_for_account, (ACCOUNT, _OTHER, third))), ()).verdict is (
        Verdict.ALLOWED
    )
    said = of_repository(required, PULL[0], _policy(_for_account(_OTHER)), ())
    assert said.verdict is Verdict.DENIED
    assert said.cause == f"for accounts {ACCOUNT}, {third}: no statement of the repository policy allows it"
    assert f'"aws:SourceAccount":["{ACCOUNT}","{third}"]' in said.fix
    denied = {"Statement": [{**_for_account(third)["Statement"][0], "Effect": "Deny", "Sid": "No"}]}
    said = of_repository(required, PULL[0], _policy(_for_account(_OTHER), denied), ())
    assert said.cause == (
        f"for account {ACCOUNT}: no statement of the repository policy allows it; "
        f'for account {third}: explicitly denied by statement "No" of the repository policy'
    )
    assert said.fix.endswith(f"; {remediation.DENY}")
    assert said.final


def test_many_accounts_are_counted() -> None:
    """A hundred of them fit into a message."""
    accounts = [f"{number:012}" for number in range(100)]
    said = of_repository(_required(_SERVICE, *accounts), PULL[0], _policy(), ())
    assert "000000000009 and 90 more: the repository has no policy" in said.cause
    assert said.fix.endswith(" and the same for 90 more accounts")


def test_a_denial_of_one_account_outweighs_the_doubt_of_another() -> None:
    """What is denied is named first, and alone."""
    project = f"arn:aws:codebuild:{REGION}:{_OTHER}:project/web"
    one = allow({"Service": _SERVICE}, PULL, Condition={"ArnLike": {"aws:SourceArn": project}})
    said = of_repository(_required(_SERVICE, ACCOUNT, _OTHER), PULL[0], _policy(one), ())
    assert said.cause == f"for account {ACCOUNT}: no statement of the repository policy allows it"
    said = of_repository(_required(_SERVICE, _OTHER), PULL[0], _policy(one), ())
    assert said.verdict is Verdict.UNDETERMINED
    assert said.cause.startswith(
        f'for account {_OTHER}: statement "number 1" of the repository policy depends on aws:S'
    )
    assert of_repository(_required(_SERVICE, _OTHER), PULL[0], _policy(one), one["Statement"]).verdict is (
        Verdict.ALLOWED
    )


def test_what_the_owner_of_a_repository_has_to_write_is_no_grant() -> None:
    """A grant in this app writes nothing into the policy of a repository that it does not declare."""
    said = of_repository(_required(_OTHER, existing=True), PULL[0], _policy(), ())
    assert said.cause == "the repository has no policy"
    assert said.fix.startswith("ask the owner of the repository to add to its policy: {")
    assert "grant_" not in said.fix


@pytest.mark.parametrize(
    "live",
    [
        {"Condition": {"StringNotEquals": {"aws:SourceIp": "10.0.0.0/8"}}},
        {"Condition": {**_FROM_HOME, "Null": {"aws:SourceVpc": "false"}}},
        {"Action": ["ecr:BatchGetImage"], "Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}},
    ],
)
def test_a_declared_key_agrees_to_no_other_statement_with_that_key(live: dict[str, Any]) -> None:
    """The statement is what its author knows, not the key."""
    declared = allow({"AWS": _ROLE}, PULL, Condition=_FROM_HOME)["Statement"]
    policy = _policy({"Statement": [{**declared[0], **live}]})
    assert of_repository(_required(_ROLE), PULL[0], policy, declared).verdict is Verdict.UNDETERMINED


def test_a_declared_allow_agrees_to_no_deny_with_its_key() -> None:
    """The deny was written outside the app."""
    declared = allow({"AWS": _ROLE}, PULL, Condition=_FROM_HOME)
    deny = {"Effect": "Deny", "Principal": "*", "Action": "ecr:*", "Condition": _FROM_HOME}
    policy = _policy(declared, {"Statement": [deny]})
    assert of_repository(_required(_ROLE), PULL[0], policy, declared["Statement"]).verdict is Verdict.UNDETERMINED


def test_a_declared_deny_agrees_to_a_narrower_one_and_to_no_broader_one() -> None:
    """Of a broader one its author knows a part."""
    declared = {"Effect": "Deny", "Principal": "*", "Action": "ecr:*", "Condition": _FROM_HOME}
    narrower = {**declared, "Action": PULL, "Condition": {**_FROM_HOME, "Null": {"aws:SourceVpc": "true"}}}
    for live, known, verdict in ((narrower, declared, Verdict.ALLOWED), (declared, narrower, Verdict.UNDETERMINED)):
        policy = _policy(allow({"AWS": _ROLE}, PULL), {"Statement": [live]})
        assert of_repository(_required(_ROLE), PULL[0], policy, [known]).verdict is verdict


def test_a_condition_that_is_declared_for_one_principal_is_not_agreed_to_for_another() -> None:
    """A live statement may name more principals than the app knows."""
    declared = allow({"AWS": _ROLE}, PULL, Condition=_FROM_HOME)["Statement"]
    policy = _policy({"Statement": [{**declared[0], "Principal": {"AWS": [_ROLE, _OTHER]}}]})
    assert of_repository(_required(_ROLE), PULL[0], policy, declared).verdict is Verdict.ALLOWED
    assert of_repository(_required(_OTHER), PULL[0], policy, declared).verdict is Verdict.UNDETERMINED


def test_a_deny_that_lists_a_role_in_not_principal_is_a_doubt_even_if_declared() -> None:
    """A permissions boundary is denied, and sessions are not listed: its author may not know."""
    root = f"arn:aws:iam::{ACCOUNT}:root"
    deny = {"Sid": "Others", "Effect": "Deny", "NotPrincipal": {"AWS": [_ROLE, root]}, "Action": "ecr:*"}
    policy = _policy({"Statement": [deny]})
    for agreed in ([], [deny]):
        said = of_identity(_required(_ROLE), PULL[0], Decision("allowed"), policy, agreed)
        assert said.verdict is Verdict.UNDETERMINED
        assert said.cause == (
            'statement "Others" of the repository policy denies with NotPrincipal, which exempts no role or user for '
            "certain: not its sessions, and never one with a permissions boundary"
        )
        assert said.fix == "deny under the condition ArnNotEquals aws:PrincipalArn in the place of NotPrincipal"


def test_what_is_proved_goes_before_what_a_control_policy_may_deny() -> None:
    """The simulator judges such a policy's conditions without the keys of a call, which proves nothing."""
    silent, denying = _policy(), _policy({"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "ecr:*"}]})
    organization = Decision("implicitDeny", by_organization=False)
    said = _identity(organization, silent)
    assert said.verdict is Verdict.UNDETERMINED
    assert said.cause.startswith("a service control policy of the organization may deny it: the policy simulator ")
    assert said.fix.startswith(f"{remediation.ORGANIZATION}; if they do, accept what no deployment can find out: ")
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
    assert said == ActionResult(Verdict.UNDETERMINED, "no policy", "b", unanswered=True)


def test_what_would_meet_a_condition_is_told_of_the_principal_and_the_repository() -> None:
    """Each hint in its turn."""
    said = _identity(Decision("implicitDeny", missing=("aws:ResourceTag/a", "aws:PrincipalTag/b")))
    assert "; or tag the repository with a; tag the role with b; make sure that calls satisfy" in said.fix


def test_an_agreed_condition_of_the_repository_is_agreed_to_with_other_values_too() -> None:
    """The keys of the principal's own policies are another matter."""
    declared = allow({"AWS": _ROLE}, PULL, Condition=_FROM_HOME)
    decision = Decision("implicitDeny", missing=("aws:SourceVpce",), supposed=(Decision("implicitDeny"),))
    said = of_identity(_required(_ROLE), PULL[0], decision, _policy(declared), declared["Statement"])
    assert said.verdict is Verdict.ALLOWED


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
    said = of_identity(_required(_ROLE), PULL[0], Decision("allowed"), policy, [deny])
    assert said == ActionResult(
        Verdict.ALLOWED, "its own policies allow it, depending on aws:SourceIp as this app declares"
    )


_SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/ci/one"
_USER = f"arn:aws:iam::{ACCOUNT}:user/ann"


@pytest.mark.parametrize(
    ("caller", "principal", "verdict"),
    [
        (_ROLE, {"Principal": {"AWS": _ROLE}}, Verdict.DENIED),
        (_ROLE, {"Principal": "*"}, Verdict.ALLOWED),
        (_ROLE, {"Principal": {"AWS": _SESSION}}, Verdict.UNDETERMINED),
        (_ROLE, {"NotPrincipal": {"AWS": _OTHER}}, Verdict.UNDETERMINED),
        (_ROLE, {"NotPrincipal": {"AWS": _ROLE}}, Verdict.DENIED),
        (_USER, {"Principal": {"AWS": _USER}}, Verdict.ALLOWED),
        (_USER, {"Principal": {"AWS": _ROLE}}, Verdict.DENIED),
    ],
)
def test_a_boundary_limits_what_is_allowed_to_a_role_by_its_name(
    caller: str, principal: dict[str, Any], verdict: Verdict
) -> None:
    """What all callers, a session or a user are allowed goes past it; of NotPrincipal nothing is documented."""
    policy = _policy({"Statement": [{"Sid": "Pull", "Effect": "Allow", "Action": "ecr:*", **principal}]})
    said = of_identity(_required(caller), PULL[0], Decision("implicitDeny", by_boundary=False), policy, ())
    assert said.verdict is verdict


def test_an_allow_with_not_principal_may_exclude_some_callers() -> None:
    """No statement that the app declares agrees to that."""
    document = {"Statement": [{"Effect": "Allow", "Action": "ecr:*", "NotPrincipal": {"AWS": _ROLE}, "Sid": "Others"}]}
    said = of_repository(_required("o-abcdefghij"), PULL[0], _policy(document), document["Statement"])
    assert said == ActionResult(
        Verdict.UNDETERMINED,
        'statement "Others" of the repository policy allows with NotPrincipal, which may exclude it',
        "name in Principal which principals are allowed",
    )
