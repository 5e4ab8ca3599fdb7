"""Tests of the simulator in memory: its answers have the shape of AWS's, and show no more than AWS's do."""

from __future__ import annotations

from typing import Any, Final

import pytest
from botocore.exceptions import ClientError
from botocore.session import get_session

from tests.ecr_access.check.differential.simulator import Cloud
from tests.ecr_access.check.differential.world import REPOSITORY, Combination, role

_ROLE: Final = role("111122223333", "ci")
_ALL: Final[dict[str, Any]] = {"Effect": "Allow", "Action": "*", "Resource": "*"}
_PULL: Final = "ecr:BatchGetImage"


def _when(effect: str, key: str, value: object, operator: str = "StringEquals") -> dict[str, Any]:
    return {"Effect": effect, "Action": "*", "Resource": "*", "Condition": {operator: {key: value}}}


def _simulate(one: Combination, *, resource: str = REPOSITORY, **supplied: tuple[str, str]) -> dict[str, Any]:
    entries = [
        {"ContextKeyName": f"aws:{key}", "ContextKeyType": kind, "ContextKeyValues": [value]}
        for key, (kind, value) in supplied.items()
    ]
    answer = Cloud.of(one).simulate_principal_policy(
        PolicySourceArn=_ROLE, ActionNames=[_PULL], ResourceArns=[resource], ContextEntries=entries
    )
    result: dict[str, Any] = answer["EvaluationResults"][0]
    return result


def _unknown(value: object, shape: Any) -> list[str]:
    """List the fields that AWS's model lacks."""
    if isinstance(value, list):
        return [name for one in value for name in _unknown(one, shape.member)]
    if not isinstance(value, dict):
        return []
    missing = [name for name in value if name not in shape.members]
    return missing + [
        found for name in value if name in shape.members for found in _unknown(value[name], shape.members[name])
    ]


@pytest.mark.parametrize("shape", ["new", "old"])
def test_an_answer_has_the_fields_of_awss_model(shape: str) -> None:
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html."""
    one = Combination(_ROLE, identity=(_ALL,), boundary=(_ALL,), organization=((_ALL,),), shape=shape)
    model = get_session().get_service_model("iam").operation_model("SimulatePrincipalPolicy").output_shape
    assert _unknown({"EvaluationResults": [_simulate(one)]}, model) == []


def test_keys_are_missing_that_any_own_statement_reads() -> None:
    """Also keys of statements about another service, of boundaries and of variables; not keys of organizations."""
    unrelated = {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b/${aws:username}"}
    one = Combination(
        _ROLE,
        identity=(_ALL, unrelated),
        boundary=(_when("Allow", "aws:SourceVpce", "vpce-1"),),
        organization=((_ALL, _when("Deny", "aws:SourceIp", "10.0.0.0/8", "NotIpAddress")),),
    )
    [entry] = _simulate(one)["ResourceSpecificResults"]
    assert entry["MissingContextValues"] == ["aws:username", "aws:SourceVpce"]
    assert entry["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": False}
    supplied = _simulate(one, SourceVpce=("string", "vpce-1"))
    assert supplied["MissingContextValues"] == ["aws:username"]
    assert supplied["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": True}


def test_conditions_of_organizations_are_evaluated_without_the_keys() -> None:
    """aws/aws-cli#10525: supplying the key changes the decision, and nothing says that it is missing."""
    one = Combination(
        _ROLE, identity=(_ALL,), organization=((_ALL, _when("Deny", "aws:Region", "x", "StringNotEquals")),)
    )
    without, supplied = _simulate(one), _simulate(one, Region=("string", "x"))
    assert without["OrganizationsDecisionDetail"] == {"AllowedByOrganizations": False}
    assert (without["MissingContextValues"], without["EvalDecision"]) == ([], "explicitDeny")
    assert (supplied["OrganizationsDecisionDetail"], supplied["EvalDecision"]) == (
        {"AllowedByOrganizations": True},
        "allowed",
    )


def test_a_value_has_to_be_of_its_type() -> None:
    """A text where an address belongs would say nothing about a real call."""
    with pytest.raises(ClientError, match="InvalidInput"):
        _simulate(Combination(_ROLE), SourceIp=("ip", "unused"))
