"""The local cloud answers as AWS does where this library, or an importer's test, depends on it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from walkthrough.image import small_image
from walkthrough.registry import Registry

if TYPE_CHECKING:
    from ecr_access.local_cloud import LocalCloud

pytestmark = pytest.mark.local_cloud

_ANY: dict[str, object] = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}


def policy(*statements: dict[str, object]) -> str:
    """Write a policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def allow(action: str, resource: str = "*", **more: object) -> dict[str, object]:
    """Write a statement that allows an action."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: str, resource: str = "*", **more: object) -> dict[str, object]:
    """Write a statement that denies an action."""
    return allow(action, resource, **more) | {"Effect": "Deny"}


def repository(name: str, account: str) -> str:
    """Write the ARN of a repository."""
    return f"arn:aws:ecr:us-east-1:{account}:repository/{name}"


class Account:
    """An account with one principal, simulated."""

    def __init__(self, cloud: LocalCloud, account: str) -> None:
        """Make the role."""
        self.iam = cloud.client("iam", account)
        self.arn = f"arn:aws:iam::{account}:role/ci"
        self.iam.create_role(RoleName="ci", AssumeRolePolicyDocument=policy(_ANY))

    def put(self, name: str, *statements: dict[str, object]) -> None:
        """Put an inline policy on the role."""
        self.iam.put_role_policy(RoleName="ci", PolicyName=name, PolicyDocument=policy(*statements))

    def simulate(self, action: str, *resources: str, principal: str = "", **context: str) -> dict[str, Any]:
        """Simulate one action; the result in the shape of botocore's model."""
        entries = [
            {"ContextKeyName": f"aws:{key}", "ContextKeyValues": [value], "ContextKeyType": "string"}
            for key, value in context.items()
        ]
        arguments = {"ResourceArns": list(resources)} if resources else {}
        (result,) = self.iam.simulate_principal_policy(
            PolicySourceArn=principal or self.arn, ActionNames=[action], ContextEntries=entries, **arguments
        )["EvaluationResults"]
        return dict(result)


def sources(result: dict[str, Any]) -> list[str]:
    """Read the ids of the policies that decided."""
    assert {one["SourcePolicyType"] for one in result["MatchedStatements"]} <= {"IAM Policy"}
    return [one["SourcePolicyId"] for one in result["MatchedStatements"]]


def test_a_repository_whose_name_is_taken_is_not_created(cloud: LocalCloud) -> None:
    """The error has AWS's code, and names the registry."""
    ecr = cloud.client("ecr", "100000000001")
    ecr.create_repository(repositoryName="team/web", imageTagMutability="IMMUTABLE")
    with pytest.raises(ecr.exceptions.RepositoryAlreadyExistsException) as caught:
        ecr.create_repository(repositoryName="team/web")
    assert "'team/web' already exists in the registry with id '100000000001'" in str(caught.value)
    assert ecr.describe_repositories()["repositories"][0]["imageTagMutability"] == "IMMUTABLE"


def test_an_image_that_is_not_there_is_an_error(cloud: LocalCloud) -> None:
    """By an unknown tag as by an unknown digest; one that is there is described, and a missing repository is named."""
    ecr = cloud.client("ecr")
    ecr.create_repository(repositoryName="team/images")
    digest = Registry(cloud).push(small_image("here\n"), repository="team/images", tag="1")
    described = ecr.describe_images(repositoryName="team/images", imageIds=[{"imageTag": "1"}])
    assert [one["imageDigest"] for one in described["imageDetails"]] == [digest]
    for missing in ({"imageTag": "2"}, {"imageDigest": "sha256:" + "0" * 64}):
        with pytest.raises(ecr.exceptions.ImageNotFoundException, match="repository with name 'team/images'"):
            ecr.describe_images(repositoryName="team/images", imageIds=[{"imageTag": "1"}, missing])
    with pytest.raises(ecr.exceptions.RepositoryNotFoundException, match="in the registry with id '000000000000'"):
        ecr.describe_images(repositoryName="team/none", imageIds=[{"imageTag": "1"}])


@pytest.mark.parametrize("noun", ["role", "user", "group"])
def test_a_principal_that_does_not_exist_is_no_such_entity(cloud: LocalCloud, noun: str) -> None:
    """It is not denied, because it does not exist. Neither does one under another path than it has."""
    iam = cloud.client("iam")
    with pytest.raises(iam.exceptions.NoSuchEntityException, match=f"The {noun} with name gone cannot be found"):
        iam.simulate_principal_policy(
            PolicySourceArn=f"arn:aws:iam::000000000000:{noun}/path/gone", ActionNames=["ecr:PutImage"]
        )


def test_what_is_no_principal_is_invalid_input(cloud: LocalCloud) -> None:
    """A session cannot be simulated, but its role."""
    session = "arn:aws:sts::000000000000:assumed-role/ci/session"
    with pytest.raises(ClientError, match=r"\(InvalidInput\).*Invalid Entity Arn"):
        cloud.client("iam").simulate_principal_policy(PolicySourceArn=session, ActionNames=["ecr:PutImage"])


def test_the_simulator_names_the_policies_that_decided(cloud: LocalCloud) -> None:
    """The statements that allow; of an explicit deny the one that denies; of an implicit deny none."""
    account = Account(cloud, "100000000002")
    account.put("push", allow("ecr:PutImage"))
    managed = account.iam.create_policy(PolicyName="Pushing", PolicyDocument=policy(allow("ecr:*")))["Policy"]["Arn"]
    account.iam.attach_role_policy(RoleName="ci", PolicyArn=managed)
    allowed = account.simulate("ecr:PutImage")
    assert (allowed["EvalDecision"], sources(allowed)) == ("allowed", ["role_ci_push", "Pushing"])
    silent = account.simulate("s3:GetObject")
    assert (silent["EvalDecision"], sources(silent)) == ("implicitDeny", [])
    account.put("taken-away", deny("ecr:PutImage"))
    denied = account.simulate("ecr:PutImage")
    assert (denied["EvalDecision"], sources(denied)) == ("explicitDeny", ["role_ci_taken-away"])


def test_a_user_has_the_policies_of_its_groups(cloud: LocalCloud) -> None:
    """Each under the name of the group that has it; the group can be simulated too."""
    account = Account(cloud, "100000000003")
    iam = account.iam
    user = iam.create_user(UserName="ann")["User"]["Arn"]
    group = iam.create_group(GroupName="ops")["Group"]["Arn"]
    iam.add_user_to_group(UserName="ann", GroupName="ops")
    iam.put_group_policy(GroupName="ops", PolicyName="pull", PolicyDocument=policy(allow("ecr:BatchGetImage")))
    iam.put_user_policy(UserName="ann", PolicyName="own", PolicyDocument=policy(allow("ecr:Batch*")))
    assert sources(account.simulate("ecr:BatchGetImage", principal=user)) == ["user_ann_own", "group_ops_pull"]
    assert sources(account.simulate("ecr:BatchGetImage", principal=group)) == ["group_ops_pull"]


def test_several_resources_are_one_result_with_a_decision_each(cloud: LocalCloud) -> None:
    """The result itself has the strictest of the decisions, and the policies that made it."""
    account = Account(cloud, "100000000004")
    first, second, third = (repository(f"team/{name}", "100000000004") for name in ("one", "two", "three"))
    account.put("push", allow("ecr:PutImage", repository("team/*", "100000000004")))
    account.put("no", deny("ecr:PutImage", second))
    result = account.simulate("ecr:PutImage", first, second, third)
    assert (result["EvalDecision"], sources(result)) == ("explicitDeny", ["role_ci_no"])
    assert result["EvalResourceName"] == "arn:${Partition}:ecr:${Region}:${Account}:repository/${RepositoryName}"
    assert {one["EvalResourceName"]: (one["EvalResourceDecision"], *sources(one)) for one in _each(result)} == {
        first: ("allowed", "role_ci_push"),
        second: ("explicitDeny", "role_ci_no"),
        third: ("allowed", "role_ci_push"),
    }


def test_a_permissions_boundary_limits_what_is_allowed(cloud: LocalCloud) -> None:
    """What it leaves out is denied implicitly, and the result says by what; without one it says nothing of it."""
    account = Account(cloud, "100000000005")
    account.put("all", allow("ecr:*"))
    assert "PermissionsBoundaryDecisionDetail" not in account.simulate("ecr:PutImage")
    boundary = account.iam.create_policy(PolicyName="Boundary", PolicyDocument=policy(allow("ecr:Batch*")))["Policy"]
    account.iam.put_role_permissions_boundary(RoleName="ci", PermissionsBoundary=boundary["Arn"])
    for action, decision, within in (("PutImage", "implicitDeny", False), ("BatchGetImage", "allowed", True)):
        result = account.simulate(f"ecr:{action}", repository("team/web", "100000000005"))
        for one in (result, *_each(result)):
            assert one["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": within}
        assert result["EvalDecision"] == decision


def test_a_condition_has_the_value_that_the_request_gives(cloud: LocalCloud) -> None:
    """Without one its key is named among the missing, and holds no value."""
    account = Account(cloud, "100000000006")
    account.put("push", allow("ecr:PutImage", Condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}))
    for region, decision in (("eu-west-1", "allowed"), ("us-east-1", "implicitDeny")):
        result = account.simulate("ecr:PutImage", RequestedRegion=region)
        assert (result["EvalDecision"], result["MissingContextValues"]) == (decision, [])
    result = account.simulate("ecr:PutImage")
    assert (result["EvalDecision"], result["MissingContextValues"]) == ("implicitDeny", ["aws:RequestedRegion"])


def _each(result: dict[str, Any]) -> list[dict[str, Any]]:
    return list(result["ResourceSpecificResults"])


def test_a_role_may_put_metrics_of_its_namespace_and_events_of_its_source_alone(cloud: LocalCloud) -> None:
    """The keys of a call decide, as on AWS."""
    account = Account(cloud, "555566667777")
    account.put(
        "Own",
        allow("cloudwatch:PutMetricData", Condition={"StringEquals": {"cloudwatch:namespace": "Own"}}),
        allow("events:PutEvents", Condition={"StringEquals": {"events:source": "own"}}),
    )
    given = cloud.client("sts", "555566667777").assume_role(RoleArn=account.arn, RoleSessionName="test")["Credentials"]
    session = cloud.session(
        access_key=given["AccessKeyId"], secret_key=given["SecretAccessKey"], token=given["SessionToken"]
    )
    metrics, events = session.client("cloudwatch"), session.client("events")
    data = [{"MetricName": "One", "Value": 1.0}]
    metrics.put_metric_data(Namespace="Own", MetricData=data)
    with pytest.raises(ClientError, match="AccessDenied"):
        metrics.put_metric_data(Namespace="Other", MetricData=data)
    event = {"DetailType": "Test", "Detail": "{}"}
    events.put_events(Entries=[{"Source": "own", **event}])
    with pytest.raises(ClientError, match="AccessDenied"):
        events.put_events(Entries=[{"Source": "other", **event}])
