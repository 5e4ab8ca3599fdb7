"""Each verdict finds an assumption held by one answer, and refuted by another."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pytest

from prove_on_aws.outcome import Outcome
from prove_on_aws.probes import PROBES
from prove_on_aws.reply import Reply
from prove_on_aws.verdicts import access, deployments, principals, registry, simulator, stacks
from prove_on_aws.verdicts.stacks import Sent
from tests.prove_on_aws import shapes
from tests.prove_on_aws.shapes import DENIED, NOT_FOUND, OK, ONE, TWO, UPDATE_BACK, newer, older, one, refusal

if TYPE_CHECKING:
    from collections.abc import Callable

Case = tuple["Callable[..., Any]", list[tuple[Any, ...]], list[tuple[Any, ...]]]

_BOUNDARY = "PermissionsBoundaryDecisionDetail"
_NOT_BY_BOUNDARY = {_BOUNDARY: {"AllowedByPermissionsBoundary": False}}
_BY_BOUNDARY = {_BOUNDARY: {"AllowedByPermissionsBoundary": True}}
_ORGANIZATION = "OrganizationsDecisionDetail"
_NOT_BY_ORGANIZATION = {_ORGANIZATION: {"AllowedByOrganizations": False}}
_THREE = {"a": "allowed", "b": "implicitDeny", "c": "explicitDeny"}
_PULL = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:GetRepositoryPolicy")
_ROLLED_BACK = "UPDATE_ROLLBACK_COMPLETE"
_SAID = "role one may not ecr:GetAuthorizationToken on *: explicitly\n  denied by a statement"
_BOTH = {ONE: "allowed", TWO: "allowed"}
_LISTED = {"MissingContextValues": ["aws:SourceIp"]}

_LET_IN: Final[Case] = (access.let_in, [(OK,), (NOT_FOUND,)], [(DENIED,)])
_KEPT_OUT: Final[Case] = (access.kept_out, [(DENIED,)], [(OK,), (NOT_FOUND,)])


def _refused(code: str) -> Case:
    return partial(registry.refused_with, code=code), [(refusal(code),)], [(OK,), (refusal("ServerException"),)]


def _limited(limit: int) -> Case:
    check = partial(registry.limited_to, limit=limit)
    refused = refusal("LimitExceeded")
    return check, [(OK, refused)], [(OK, OK), (refused, refused)]


def _there(*, wanted: bool) -> Case:
    check = partial(stacks.repository_is, wanted=wanted, status="ROLLBACK_COMPLETE")
    return (lambda there: check(there=there)), [(wanted,)], [(not wanted,)]


def _fails(verdict: Callable[..., Any]) -> Callable[..., Any]:
    return lambda code, printed, status: verdict(code, printed, status=status)


CASES: Final[dict[str, Case]] = {
    "simulator-decisions": (
        lambda reply: simulator.decides(reply, _THREE),
        [(older(*((action, ONE, decision) for action, decision in _THREE.items())),)],
        [(older(*((action, ONE, "allowed") for action in _THREE)),), (refusal("InvalidInput"),)],
    ),
    "simulator-several-resources": (
        lambda reply: simulator.answers_all(reply, ["a"], [ONE, TWO]),
        [(newer("a", _BOTH),), (older(("a", ONE, "allowed"), ("a", TWO, "allowed")),)],
        [(older(("a", ONE, "allowed")),), (newer("a", {ONE: "allowed"}),)],
    ),
    "simulator-pages": (
        lambda replies: simulator.pages(replies, ["a", "b"]),
        [([shapes.page("a", "1"), shapes.page("b")],), ([older(("a", ONE, "x"), ("b", ONE, "x"))],)],
        [([shapes.page("a")],), ([shapes.page("a", "1"), shapes.page("a", "1"), shapes.page("b")],)],
    ),
    "simulator-hundred-resources": (
        lambda reply: simulator.answers_all(reply, ["a"], [ONE, TWO]),
        [(newer("a", _BOTH),)],
        [(older(("a", ONE, "allowed")),), (refusal("InvalidInput"),)],
    ),
    "simulator-too-many-resources": (
        lambda *asked: simulator.refuses_too_many(asked, "a"),
        [(([ONE], newer("a", {ONE: "allowed"})), ([ONE, TWO], refusal("InvalidInput")))],
        [(([ONE, TWO], older(("a", ONE, "allowed"))),), (([ONE, TWO], refusal("ValidationError")),)],
    ),
    "simulator-missing-keys": (
        lambda *replies: simulator.lists_missing_key(replies, "aws:SourceIp"),
        [(one("implicitDeny", **_LISTED), newer("a", {ONE: "implicitDeny", TWO: "implicitDeny"}, entry=_LISTED))],
        [
            (one("implicitDeny"),),
            (newer("a", {ONE: "implicitDeny"}, **_LISTED),),
        ],
    ),
    "simulator-unrelated-keys": (
        lambda reply: simulator.lists_key_of_others(reply, "s3:prefix"),
        [(one("implicitDeny", MissingContextValues=["s3:prefix"]),)],
        [(one("implicitDeny", MissingContextValues=[]),), (refusal("InvalidInput"),)],
    ),
    "simulator-context-entries": (
        simulator.uses_context,
        [(one("allowed"), one("implicitDeny"))],
        [(one("allowed"), one("allowed")), (one("implicitDeny"), one("implicitDeny"))],
    ),
    "simulator-principal-keys": (
        simulator.takes_principal_keys,
        [(one("allowed"),)],
        [(one("implicitDeny"),), (refusal("InvalidInput"),)],
    ),
    "simulator-token-on-resource": (
        simulator.token_on_resource,
        [(one("allowed"), one("implicitDeny"))],
        [(one("implicitDeny"), one("implicitDeny")), (one("allowed"), one("allowed"))],
    ),
    "simulator-source-policy-id": (
        lambda reply: simulator.names_policies(reply, {"a": "own-policy", "b": "attached"}),
        [(shapes.matched("own-policy", "attached"),), (shapes.matched("role_one_own-policy", "attached"),)],
        [(shapes.matched("PolicyInputList.1", "attached"),), (one("allowed"),)],
    ),
    "simulator-no-such-entity": (
        principals.no_such_entity,
        [(refusal("NoSuchEntity"),)],
        [(one("implicitDeny"),), (refusal("InvalidInput"),)],
    ),
    "simulator-foreign-principal": (principals.refuses_foreign, [(refusal("InvalidInput"),)], [(one("implicitDeny"),)]),
    "simulator-group": (principals.allows, [(one("allowed"),)], [(one("implicitDeny"),), (refusal("NoSuchEntity"),)]),
    "simulator-repository-policy": (principals.denies_implicitly, [(one("implicitDeny"),)], [(one("allowed"),)]),
    "simulator-boundary": (
        lambda *replies: principals.boundary_detail(replies),
        [
            (one("implicitDeny", **_NOT_BY_BOUNDARY),),
            (newer("a", {ONE: "implicitDeny"}, entry=_NOT_BY_BOUNDARY),),
            (newer("a", {ONE: "implicitDeny"}, **_NOT_BY_BOUNDARY),),
        ],
        [
            (one("allowed"),),
            (one("implicitDeny"),),
            (one("implicitDeny", **_BY_BOUNDARY),),
            (one("explicitDeny", **_NOT_BY_BOUNDARY),),
        ],
    ),
    "simulator-boundary-deny": (
        principals.boundary_deny,
        [(one("explicitDeny"),)],
        [(one("implicitDeny"),), (one("allowed"),)],
    ),
    "scp-detail": (
        principals.denied_by_organization,
        [(one("implicitDeny", **_NOT_BY_ORGANIZATION),)],
        [(one("allowed"),), (one("explicitDeny", **{_ORGANIZATION: {"AllowedByOrganizations": True}}),)],
    ),
    "scp-condition": (
        lambda reply: principals.denied_by_condition(reply, "aws:SourceIp"),
        [(one("explicitDeny", **_NOT_BY_ORGANIZATION),)],
        [(one("allowed"),), (one("explicitDeny", **_NOT_BY_ORGANIZATION, **_LISTED),)],
    ),
    "iam-propagation": (partial(access.within, window=60), [(9.5,)], [(75.0,), (None,)]),
    "repository-policy-suffices": (partial(access.within, window=60), [(0.1,)], [(61.0,), (None,)]),
    "root-statement-delegates": _KEPT_OUT,
    "root-statement-under-arn": _KEPT_OUT,
    "principal-arn-of-session": _LET_IN,
    "principal-is-no-service": _LET_IN,
    "deny-not-principal": _KEPT_OUT,
    "session-arn-without-path": (
        lambda arn: access.session_arn(arn, "one"),
        [("arn:aws:sts::111122223333:assumed-role/one/session",)],
        [("arn:aws:sts::111122223333:assumed-role/prove-on-aws/one/session",)],
    ),
    "boundary-limits-role": _KEPT_OUT,
    "organization-id": _LET_IN,
    "organization-path": _LET_IN,
    "organization-path-slash": _KEPT_OUT,
    "cross-account-root-under-arn": _LET_IN,
    "cross-account-own-side": _KEPT_OUT,
    "cross-account-repository-side": _KEPT_OUT,
    "ecr-seen-at-once": (registry.seen_at_once, [([OK, OK],)], [([refusal("RepositoryNotFoundException"), OK],)]),
    "ecr-hundred-names": _refused("RepositoryNotFoundException"),
    "ecr-missing-among-several": _refused("RepositoryNotFoundException"),
    "ecr-no-policy": _refused("RepositoryPolicyNotFoundException"),
    "ecr-no-image": _refused("ImageNotFoundException"),
    "ecr-keeps-images": _refused("RepositoryNotEmptyException"),
    "ecr-absent-principal": _refused("InvalidParameterException"),
    "ecr-resource-element": _refused("InvalidParameterException"),
    "ecr-reserved-role": (registry.accepted, [(OK,)], [(refusal("InvalidParameterException"),)]),
    "ecr-deleted-principal": (
        partial(access.deleted_principal, arn=shapes.ROLE),
        [('{"Statement":[{"Principal":{"AWS":"AROAJQABLZS4A3QDU576Q"}}]}',)],
        [(f'{{"Statement":[{{"Principal":{{"AWS":"{shapes.ROLE}"}}}}]}}',), ('{"Statement":[]}',)],
    ),
    "ecr-policy-limit": _limited(10_240),
    "iam-role-limit": _limited(10_240),
    "iam-managed-limit": _limited(6_144),
    "pull-needs-two-actions": (access.pulls, [(200, 200)], [(403, 403), (200, 403)]),
    "pull-missing-digest": (access.tells_missing_digest, [(200, 404), (200, 403)], [(200, 200), (200, 500)]),
    "kms-no-permission": (access.pulls, [(200, 200)], [(200, 403)]),
    "lambda-own-statement": (
        lambda *found: stacks.own_statement(found, shapes.FUNCTIONS),
        [
            (shapes.statement(shapes.FUNCTIONS, *_PULL),),
            ({"Principal": "*"}, shapes.statement(shapes.FUNCTIONS, *_PULL, service=["lambda.amazonaws.com"])),
        ],
        [
            (),
            (shapes.statement(shapes.FUNCTIONS.replace("1111", "9999"), *_PULL),),
            (shapes.statement(shapes.FUNCTIONS, "ecr:BatchGetImage"),),
            (shapes.statement(shapes.FUNCTIONS, *_PULL, service="codebuild.amazonaws.com"),),
        ],
    ),
    "answer-limit": (
        stacks.response_limit,
        [("CREATE_COMPLETE", "CREATE_FAILED", "Response object is too long.")],
        [
            ("CREATE_COMPLETE", "CREATE_COMPLETE", ""),
            ("CREATE_FAILED", "", ""),
            ("CREATE_COMPLETE", "CREATE_FAILED", "another reason"),
        ],
    ),
    "service-timeout": (
        partial(stacks.service_timeout, limit=15, slack=60),
        [("CREATE_FAILED", 17.0)],
        [("CREATE_FAILED", 300.0), ("CREATE_FAILED", 1.0), ("CREATE_COMPLETE", 17.0)],
    ),
    "service-token-fixed": (
        stacks.keeps_service_token,
        [("UPDATE_FAILED", "Modifying service token is not allowed.")],
        [("UPDATE_COMPLETE", ""), ("UPDATE_FAILED", "something else")],
    ),
    "rollback-repeats-digest": (
        lambda *sent: stacks.repeats_digest(sent, digest="1", physical_id="probe-1"),
        [(UPDATE_BACK,), ()],
        [
            (replace(UPDATE_BACK, digest="2"),),
            (replace(UPDATE_BACK, physical_id="probe-2"),),
            (UPDATE_BACK, Sent("Delete", "1", "probe-1")),
        ],
    ),
    "rollback-status": (
        lambda *sent: stacks.shows_rollback(sent),
        [(UPDATE_BACK,)],
        [(replace(UPDATE_BACK, status="UPDATE_IN_PROGRESS"),)],
    ),
    "rollback-deletes-new-id": (
        lambda *sent: stacks.deletes_new(sent, new="probe-3"),
        [(Sent("Delete", "3", "probe-3"),)],
        [
            (),
            (Sent("Delete", "1", "probe-1"),),
            (Sent("Update", "1", "probe-3"), Sent("Delete", "3", "probe-3")),
        ],
    ),
    "retain-except-create-failed": _there(wanted=False),
    "retain-except-create-deleted": _there(wanted=True),
    "import-rolled-back": _there(wanted=True),
    "ecr-already-exists": (
        stacks.already_exists,
        [("CREATE_FAILED", "Resource of type 'AWS::ECR::Repository' with identifier 'one' already exists.")],
        [("CREATE_COMPLETE", ""), ("CREATE_FAILED", "access denied")],
    ),
    "import-takes-retain-except-create": (
        stacks.imports,
        [("CREATE_COMPLETE", "2026", "2026"), ("IMPORT_COMPLETE", "2026", "2026")],
        [("CREATE_COMPLETE", "2026", "2027"), ("change set FAILED: ...", "2026", "2026")],
    ),
    "import-drops-policy": (
        stacks.drops_policy,
        [(refusal("RepositoryPolicyNotFoundException"),)],
        [(Reply({"policyText": "{}"}),)],
    ),
    "check-passes": (deployments.passes, [(0, "true")], [(1, ""), (0, "false"), (0, "")]),
    "check-fails": (
        _fails(deployments.fails),
        [(1, _SAID, _ROLLED_BACK)],
        [(0, "", "UPDATE_COMPLETE"), (1, "another reason", _ROLLED_BACK), (1, _SAID, "UPDATE_ROLLBACK_FAILED")],
    ),
    "check-fails-express": (
        _fails(deployments.fails_express),
        [(1, _SAID, "UPDATE_FAILED"), (1, _SAID, _ROLLED_BACK)],
        [(0, "", "UPDATE_COMPLETE"), (1, _SAID, "UPDATE_COMPLETE")],
    ),
    "check-log-group": (deployments.leaves_no_log_group, [(1, 0)], [(1, 1), (0, 0)]),
}


def test_every_assumption_that_is_tried_has_answers_of_both_kinds() -> None:
    """No probe can be one that always says "held"."""
    assert set(CASES) == {name for probe in PROBES for name in probe.tries}
    assert all(holding and refuting for _, holding, refuting in CASES.values())


@pytest.mark.parametrize("name", CASES)
def test_an_assumption_is_held_by_what_aws_documents(name: str) -> None:
    """Whatever shape the answer has."""
    verdict, holding, _ = CASES[name]
    assert [verdict(*answer).outcome for answer in holding] == [Outcome.HELD] * len(holding)


@pytest.mark.parametrize("name", CASES)
def test_an_assumption_is_refuted_by_another_answer(name: str) -> None:
    """And never skipped in silence."""
    verdict, _, refuting = CASES[name]
    assert [verdict(*answer).outcome for answer in refuting] == [Outcome.REFUTED] * len(refuting)


def test_what_an_answer_says_nothing_about_is_skipped() -> None:
    """Neither held nor refuted."""
    assert stacks.shows_rollback([]).outcome is Outcome.SKIPPED
    assert access.let_in(refusal("RepositoryNotFoundException")).outcome is Outcome.SKIPPED
    assert access.kept_out(refusal("RepositoryNotFoundException")).outcome is Outcome.SKIPPED
    assert access.tells_missing_digest(500, 404).outcome is Outcome.SKIPPED
    taken = [([ONE], newer("a", {ONE: "allowed"}))]
    assert simulator.refuses_too_many(taken, "a").outcome is Outcome.SKIPPED
