"""CloudFormation and a repository whose name is taken: refused early, or by the resource, or imported."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import WaiterError

if TYPE_CHECKING:
    from ecr_access.local_cloud import LocalCloud

pytestmark = pytest.mark.local_cloud

_TYPE = "AWS::ECR::Repository"
_AT_ONCE = {"Delay": 1, "MaxAttempts": 60}
_EARLY = "The following hook(s)/validation failed: [AWS::EarlyValidation::ResourceExistenceCheck]"


def template(name: object = None, *, deletion: str = "Retain", **others: object) -> str:
    """Write a template of a repository."""
    properties = {"RepositoryName": name} if name else {}
    resource = {"Type": _TYPE, "DeletionPolicy": deletion, "Properties": properties}
    return json.dumps({"Resources": {"Repository": resource}, **others})


def create_stack(cloud: LocalCloud, stack: str, body: str) -> None:
    """Create a stack without a change set, and wait until it is there."""
    cloudformation = cloud.client("cloudformation")
    cloudformation.create_stack(StackName=stack, TemplateBody=body)
    cloudformation.get_waiter("stack_create_complete").wait(StackName=stack, WaiterConfig=_AT_ONCE)


def change_set(cloud: LocalCloud, stack: str, body: str, **options: object) -> dict[str, Any]:
    """Create a change set of a new stack and describe it."""
    cloudformation = cloud.client("cloudformation")
    names = {"StackName": stack, "ChangeSetName": "changes"}
    cloudformation.create_change_set(**names, TemplateBody=body, ChangeSetType="CREATE", **options)
    return dict(cloudformation.describe_change_set(**names))


def execute(cloud: LocalCloud, stack: str) -> None:
    """Execute the change set and wait until the stack is there."""
    cloudformation = cloud.client("cloudformation")
    cloudformation.execute_change_set(StackName=stack, ChangeSetName="changes")
    cloudformation.get_waiter("stack_create_complete").wait(StackName=stack, WaiterConfig=_AT_ONCE)


def reasons(cloud: LocalCloud, stack: str) -> list[str]:
    """Read why the stack's repository could not be created."""
    events = cloud.client("cloudformation").describe_stack_events(StackName=stack)["StackEvents"]
    failed = [one for one in events if (one["ResourceType"], one["ResourceStatus"]) == (_TYPE, "CREATE_FAILED")]
    return [one["ResourceStatusReason"] for one in failed]


def status(cloud: LocalCloud, stack: str) -> str:
    """Read the status of a stack."""
    return str(cloud.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"])


def repositories(cloud: LocalCloud) -> dict[str, str]:
    """Read each repository's mutability by its name."""
    found = cloud.client("ecr").describe_repositories()["repositories"]
    return {one["repositoryName"]: one["imageTagMutability"] for one in found}


def test_the_resource_fails_and_the_stack_rolls_back(cloud: LocalCloud) -> None:
    """In AWS's words, and what is there already stays as it is."""
    cloud.client("ecr").create_repository(repositoryName="taken/handler", imageTagMutability="IMMUTABLE")
    with pytest.raises(WaiterError):
        create_stack(cloud, "Handler", template("taken/handler", deletion="Delete"))
    (reason,) = reasons(cloud, "Handler")
    taken = f"Resource of type '{_TYPE}' with identifier 'taken/handler' already exists."
    assert reason.startswith(f'Resource handler returned message: "{taken}" (RequestToken: ')
    assert reason.endswith(", HandlerErrorCode: AlreadyExists)")
    assert status(cloud, "Handler") == "ROLLBACK_COMPLETE"
    assert repositories(cloud)["taken/handler"] == "IMMUTABLE"


@pytest.mark.parametrize(
    "name", ["taken/early", {"Fn::Sub": "taken/${Last}"}, {"Fn::If": ["Late", "taken/late", {"Ref": "Early"}]}]
)
def test_a_change_set_that_would_create_it_fails_early(cloud: LocalCloud, name: object) -> None:
    """However the name is written, as long as it is known; the reason is among the change set's events."""
    if "taken/early" not in repositories(cloud):
        cloud.client("ecr").create_repository(repositoryName="taken/early")
    parameters = {one: {"Type": "String", "Default": value} for one, value in EARLY.items()}
    conditions = {"Late": {"Fn::Equals": [{"Ref": "Last"}, "late"]}}
    body = template(name, Parameters=parameters, Conditions=conditions)
    stack = f"Early{abs(hash(str(name)))}"
    described = change_set(cloud, stack, body)
    assert (described["Status"], described["ExecutionStatus"]) == ("FAILED", "UNAVAILABLE")
    assert described["StatusReason"].startswith(_EARLY)
    (event,) = cloud.client("cloudformation").describe_events(ChangeSetName=described["ChangeSetId"])["OperationEvents"]
    assert event["ValidationName"] == "NAME_CONFLICT_VALIDATION"
    assert (
        event["ValidationStatusReason"] == f"Resource of type '{_TYPE}' with identifier 'taken/early' already exists."
    )
    assert event["ValidationPath"] == "/Resources/Repository"
    assert (event["EventType"], event["OperationType"]) == ("VALIDATION_ERROR", "CREATE_CHANGESET")


EARLY = {"Last": "early", "Early": "taken/early"}


def test_a_change_set_that_is_not_validated_fails_by_the_resource(cloud: LocalCloud) -> None:
    """``DisableValidation`` leaves the refusal to the deployment."""
    cloud.client("ecr").create_repository(repositoryName="taken/unvalidated")
    described = change_set(cloud, "Unvalidated", template("taken/unvalidated"), DisableValidation=True)
    assert described["Status"] == "CREATE_COMPLETE"
    with pytest.raises(WaiterError):
        execute(cloud, "Unvalidated")
    assert "HandlerErrorCode: AlreadyExists" in reasons(cloud, "Unvalidated")[0]


def test_a_change_set_that_imports_takes_it_in_as_it_is(cloud: LocalCloud) -> None:
    """Nothing of it changes; and another stack cannot take it from this one."""
    cloud.client("ecr").create_repository(repositoryName="taken/imported", imageTagMutability="IMMUTABLE")
    described = change_set(cloud, "Importing", template("taken/imported"), ImportExistingResources=True)
    (change,) = described["Changes"]
    assert change["ResourceChange"]["Action"] == "Import"
    execute(cloud, "Importing")
    assert repositories(cloud)["taken/imported"] == "IMMUTABLE"
    described = change_set(cloud, "Thief", template("taken/imported"), ImportExistingResources=True)
    assert described["Status"] == "FAILED"
    assert "taken/imported already exists in stack" in described["StatusReason"]


def test_an_import_needs_a_repository_that_is_retained(cloud: LocalCloud) -> None:
    """The reason names the policies that are allowed."""
    cloud.client("ecr").create_repository(repositoryName="taken/deleted")
    described = change_set(
        cloud, "Deleting", template("taken/deleted", deletion="Delete"), ImportExistingResources=True
    )
    assert described["Status"] == "FAILED"
    assert "'Retain' or 'RetainExceptOnCreate'" in described["StatusReason"]


def test_a_name_that_is_generated_is_never_taken(cloud: LocalCloud) -> None:
    """A stack that left its repository behind is made again with another one, as AWS's names end at random."""
    for _ in range(2):
        create_stack(cloud, "Generated", template())
        cloudformation = cloud.client("cloudformation")
        cloudformation.delete_stack(StackName="Generated")
        cloudformation.get_waiter("stack_delete_complete").wait(StackName="Generated", WaiterConfig=_AT_ONCE)
    assert len([name for name in repositories(cloud) if name.startswith("generated-repository-")]) == 2
