"""Which principals the simulator knows, and what it says of boundaries, repository policies and organizations.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_testing-policies.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prove_on_aws.lab import NeedsError, allow, document
from prove_on_aws.names import PATH
from prove_on_aws.outcome import skipped
from prove_on_aws.probe import Probe
from prove_on_aws.probes.simulation import CONTROL, controlled, seconds_until_simulated, simulate
from prove_on_aws.verdicts import principals
from prove_on_aws.verdicts.simulator import ALLOWED, one_decision

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prove_on_aws.lab import Lab
    from prove_on_aws.outcome import Finding

_PULL: Final = "ecr:BatchGetImage"
_PUSH: Final = "ecr:PutImage"
# AWS's documentation uses it; it is simulated, and nothing of it is read.
_FOREIGN: Final = "111122223333"


def _named(lab: Lab) -> Iterator[tuple[str, Finding]]:
    absent = lab.iam_arn("role", f"{lab.run}-absent")
    yield "simulator-no-such-entity", principals.no_such_entity(simulate(lab, absent, [_PULL], ["*"]))
    foreign = absent.replace(lab.caller.account, _FOREIGN)
    yield "simulator-foreign-principal", principals.refuses_foreign(simulate(lab, foreign, [_PULL], ["*"]))

    group = lab.claim("group", "group")
    iam = lab.client("iam")
    iam.create_group(Path=PATH, GroupName=group)
    iam.put_group_policy(GroupName=group, PolicyName="own", PolicyDocument=document(allow(_PULL)))
    arn = lab.iam_arn("group", group)
    reply = lab.deadline.settle(
        lambda: simulate(lab, arn, [_PULL], ["*"]),
        lambda one: one_decision(one) == ALLOWED,
        at_most=lab.options.propagation,
    )
    yield "simulator-group", principals.allows(reply)

    repository = lab.repository("simulated")
    role = lab.role("trusted", policies={"control": controlled()})
    lab.set_policy(repository, {"Effect": "Allow", "Principal": {"AWS": role.arn}, "Action": _PULL})
    seconds_until_simulated(lab, role.arn)
    trusted = simulate(lab, role.arn, [_PULL], [repository.arn])
    yield "simulator-repository-policy", principals.denies_implicitly(trusted)


def _bounded(lab: Lab) -> Iterator[tuple[str, Finding]]:
    deny = {"Effect": "Deny", "Action": _PUSH, "Resource": "*"}
    boundary = lab.policy("boundary", document(allow(CONTROL, _PUSH), deny))
    role = lab.role("bounded", policies={"own": controlled(allow(_PULL, _PUSH))}, boundary=boundary)
    seconds_until_simulated(lab, role.arn)
    named = lab.repository_named(f"{lab.run}-absent")
    asked = [simulate(lab, role.arn, [_PULL], these) for these in ([named.arn], [named.arn, f"{named.arn}-2"])]
    yield "simulator-boundary", principals.boundary_detail(asked)
    yield "simulator-boundary-deny", principals.boundary_deny(simulate(lab, role.arn, [_PUSH], [named.arn]))


def _organization(lab: Lab) -> Iterator[tuple[str, Finding]]:
    denied, under = lab.options.denied_by_scp, lab.options.denied_by_scp_under
    if not denied and not under:
        raise NeedsError(
            "a service control policy that denies something here: name the action, --denied-by-scp ACTION and "
            "--denied-by-scp-under ACTION=KEY; none is made, since it would bind the other principals of the account"
        )
    role = lab.role("governed", policies={"own": controlled(allow("*"))})
    seconds_until_simulated(lab, role.arn)
    if denied:
        yield "scp-detail", principals.denied_by_organization(simulate(lab, role.arn, [denied], ["*"]))
    else:
        yield "scp-detail", skipped("needs --denied-by-scp ACTION")
    if under:
        action, _, key = under.partition("=")
        yield "scp-condition", principals.denied_by_condition(simulate(lab, role.arn, [action], ["*"]), key)
    else:
        yield "scp-condition", skipped("needs --denied-by-scp-under ACTION=KEY")


NAMED: Final = Probe(
    "the principals that the simulator knows",
    ("simulator-no-such-entity", "simulator-foreign-principal", "simulator-group", "simulator-repository-policy"),
    makes="a role, a group, a repository",
    usual=30,
    at_most=150,
    run=_named,
)
BOUNDED: Final = Probe(
    "the simulator and permissions boundaries",
    ("simulator-boundary", "simulator-boundary-deny"),
    makes="a role, a managed policy",
    usual=20,
    at_most=150,
    run=_bounded,
)
ORGANIZATION: Final = Probe(
    "the simulator and service control policies",
    ("scp-detail", "scp-condition"),
    makes="a role",
    usual=20,
    at_most=150,
    run=_organization,
)
