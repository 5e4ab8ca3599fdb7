"""Removes what a run made, kind by kind; what is gone already is no error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from prove_on_aws.names import PATH, began
from prove_on_aws.waiting import Deadline, TookTooLongError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from prove_on_aws.journal import Resource
    from prove_on_aws.sessions import Session

_STACK_SECONDS: Final = 420.0
_GONE: Final = ("NoSuchEntity", "NotFound", "NoSuchBucket", "does not exist")


class StillThereError(Exception):
    """A resource could not be removed."""


def remove(session: Session, resource: Resource) -> None:
    """Remove one resource that a run made.

    Raises:
        StillThereError: It could not be removed, or no run made it.
    """
    if began(resource.name) is None:
        raise StillThereError(f"{resource.name} has no name of this command's: it is left alone")
    try:
        _REMOVERS[resource.kind](session, resource)
    except ClientError as error:
        if not any(one in str(error) for one in _GONE):
            raise StillThereError(str(error)) from error
    except (BotoCoreError, TookTooLongError) as error:
        raise StillThereError(str(error)) from error


def in_order(resources: Iterable[Resource]) -> list[Resource]:
    """Order resources so that each goes before what it needs: a stack needs its function to be deleted."""
    kinds = list(_REMOVERS)
    return sorted(resources, key=lambda one: kinds.index(one.kind) if one.kind in kinds else len(kinds))


def _stack(session: Session, stack: Resource) -> None:
    formation = session.client("cloudformation", stack.region)

    def gone() -> bool:
        try:
            status = str(formation.describe_stacks(StackName=stack.name)["Stacks"][0]["StackStatus"])
            if status == "DELETE_COMPLETE":
                return True
            # A change that is under way ends by itself, within the ServiceTimeout of the probes' resources.
            if not status.endswith("_IN_PROGRESS") or status == "REVIEW_IN_PROGRESS":
                force = {"DeletionMode": "FORCE_DELETE_STACK"} if status == "DELETE_FAILED" else {}
                formation.delete_stack(StackName=stack.name, **force)
        except ClientError as error:
            if "does not exist" in str(error):
                return True
            raise
        return False

    Deadline(_STACK_SECONDS).poll(gone, bool, what=f"the end of stack {stack.name}")


def _function(session: Session, function: Resource) -> None:
    session.client("lambda", function.region).delete_function(FunctionName=function.name)


def _log_group(session: Session, group: Resource) -> None:
    session.client("logs", group.region).delete_log_group(logGroupName=group.name)


def _bucket(session: Session, bucket: Resource) -> None:
    storage = session.client("s3", bucket.region)
    for page in storage.get_paginator("list_objects_v2").paginate(Bucket=bucket.name):
        for one in page.get("Contents", []):
            storage.delete_object(Bucket=bucket.name, Key=one["Key"])
    storage.delete_bucket(Bucket=bucket.name)


def _repository(session: Session, repository: Resource) -> None:
    registry = session.client("ecr", repository.region)
    registry.delete_repository(repositoryName=repository.name, force=True)


def _group(session: Session, group: Resource) -> None:
    iam = session.client("iam")
    for name in iam.list_group_policies(GroupName=group.name)["PolicyNames"]:
        iam.delete_group_policy(GroupName=group.name, PolicyName=name)
    iam.delete_group(GroupName=group.name)


def _role(session: Session, role: Resource) -> None:
    iam = session.client("iam")
    for name in iam.list_role_policies(RoleName=role.name)["PolicyNames"]:
        iam.delete_role_policy(RoleName=role.name, PolicyName=name)
    for one in iam.list_attached_role_policies(RoleName=role.name)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=role.name, PolicyArn=one["PolicyArn"])
    iam.delete_role(RoleName=role.name)


def _policy(session: Session, policy: Resource) -> None:
    iam = session.client("iam")
    iam.delete_policy(PolicyArn=policy_arn(policy, _partition(session)))


def _partition(session: Session) -> str:
    return str(session.client("sts").get_caller_identity()["Arn"]).split(":")[1]


def policy_arn(policy: Resource, partition: str) -> str:
    """Return the ARN of a managed policy of ours."""
    return f"arn:{partition}:iam::{policy.account}:policy{PATH}{policy.name}"


_REMOVERS: Final[dict[str, Callable[[Any, Resource], None]]] = {
    "stack": _stack,
    "function": _function,
    "log group": _log_group,
    "bucket": _bucket,
    "repository": _repository,
    "group": _group,
    "role": _role,
    "policy": _policy,
}
