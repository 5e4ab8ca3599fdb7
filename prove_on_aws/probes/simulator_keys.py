"""How the simulator treats condition keys, the policies that it names, and a token that is allowed in the wrong place.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_ContextEntry.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prove_on_aws.lab import allow, document
from prove_on_aws.probe import Probe
from prove_on_aws.probes.simulation import controlled, seconds_until_simulated, simulate
from prove_on_aws.verdicts import simulator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prove_on_aws.lab import Lab
    from prove_on_aws.outcome import Finding

_TOKEN: Final = "ecr:GetAuthorizationToken"  # noqa: S105 -- an action
_SOURCE: Final = "aws:SourceIp"
_OTHER_SERVICE: Final = "s3:prefix"


def _run(lab: Lab) -> Iterator[tuple[str, Finding]]:
    named, region = lab.repository_named(f"{lab.run}-absent"), lab.caller.region
    tls = {"StringEquals": {"aws:RequestedRegion": region}, "Bool": {"aws:SecureTransport": "true"}}
    role_arn = lab.iam_arn("role", f"{lab.run}-keys")
    principal = {
        "ArnEquals": {"aws:PrincipalArn": role_arn},
        "StringEquals": {"aws:PrincipalAccount": lab.caller.account, "aws:ResourceAccount": lab.caller.account},
        "Bool": {"aws:PrincipalIsAWSService": "false", "aws:ViaAWSService": "false"},
    }
    inline = controlled(
        allow("ecr:BatchGetImage", Condition=tls),
        allow("ecr:DescribeImages", Condition={"IpAddress": {_SOURCE: "192.0.2.0/24"}}),
        allow("ecr:GetLifecyclePolicy", Condition=principal),
        allow(_TOKEN, on=named.arn),
        allow("s3:ListBucket", Condition={"StringEquals": {_OTHER_SERVICE: "a"}}),
    )
    role = lab.role("keys", policies={"own-policy": inline})
    attached = lab.policy("attached", document(allow("ecr:ListTagsForResource")))
    lab.client("iam").attach_role_policy(RoleName=role.name, PolicyArn=attached)
    for action in ("ecr:ListImages", "ecr:ListTagsForResource"):
        seconds_until_simulated(lab, role.arn, action)

    several = [named.arn, f"{named.arn}-2"]
    sourced = [simulate(lab, role.arn, ["ecr:DescribeImages"], these) for these in ([named.arn], several)]
    yield "simulator-missing-keys", simulator.lists_missing_key(sourced, _SOURCE)
    unrelated = simulate(lab, role.arn, ["ecr:DeleteRepository"], [named.arn])
    yield "simulator-unrelated-keys", simulator.lists_key_of_others(unrelated, _OTHER_SERVICE)

    here = {"aws:RequestedRegion": region, "aws:SecureTransport": "true"}
    elsewhere = {"aws:RequestedRegion": "xx-none-1", "aws:SecureTransport": "false"}
    asked = [simulate(lab, role.arn, ["ecr:BatchGetImage"], [named.arn], context=one) for one in (here, elsewhere)]
    yield "simulator-context-entries", simulator.uses_context(*asked)
    keys = {key: value for values in principal.values() for key, value in values.items()}
    known = simulate(lab, role.arn, ["ecr:GetLifecyclePolicy"], [named.arn], context=keys)
    yield "simulator-principal-keys", simulator.takes_principal_keys(known)

    tokens = [simulate(lab, role.arn, [_TOKEN], [resource]) for resource in (named.arn, "*")]
    yield "simulator-token-on-resource", simulator.token_on_resource(*tokens)
    names = {"ecr:ListImages": "own-policy", "ecr:ListTagsForResource": attached.rpartition("/")[2]}
    matched = simulate(lab, role.arn, list(names), [named.arn])
    yield "simulator-source-policy-id", simulator.names_policies(matched, names)


PROBE: Final = Probe(
    "the simulator's condition keys",
    (
        "simulator-missing-keys",
        "simulator-unrelated-keys",
        "simulator-context-entries",
        "simulator-principal-keys",
        "simulator-token-on-resource",
        "simulator-source-policy-id",
    ),
    makes="a role, a managed policy",
    usual=20,
    at_most=150,
    run=_run,
)
