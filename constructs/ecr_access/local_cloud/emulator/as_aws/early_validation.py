"""CloudFormation validates a change set early: one that would create a repository whose name is taken fails at once.

MiniStack 1.5.33 validates the names of buckets alone, and these only when a change set is executed. ``cdk deploy``
reads the reasons with ``cloudformation:DescribeEvents``. A stack that is created or updated without a change set, as
``cdk deploy --method=direct`` does, is validated by AWS as well, and here is refused by the resource's handler.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/validate-stack-deployments.html
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from ministack.core.responses import new_uuid
from ministack.services.cloudformation import _stacks, changesets, handlers, stacks

from .repositories import NAME, TYPE, conflict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Query = dict[str, Any]

_ACTIONS = handlers._ACTION_HANDLERS  # noqa: SLF001 -- MiniStack has no other name for it
_create = _ACTIONS["CreateChangeSet"]
_describe = _ACTIONS["DescribeEvents"]
_REASON: Final = (
    "The following hook(s)/validation failed: [AWS::EarlyValidation::ResourceExistenceCheck]. To troubleshoot Early "
    "Validation errors, use the DescribeEvents API for detailed failure information."
)


def _create_validated(query: Query) -> Any:
    answer = _create(query)
    change_set = _change_set(query)
    if answer[0] == HTTPStatus.OK and change_set and not change_set["_disable_validation"]:
        conflicts = dict(_conflicts(change_set))
        if conflicts:
            change_set.update(Status="FAILED", ExecutionStatus="UNAVAILABLE", StatusReason=_REASON)
        _stacks[change_set["StackName"]]["_operation_events"] = _events(change_set["StackId"], conflicts)
    return answer


def _events(stack_id: str, conflicts: Mapping[str, str]) -> list[object]:
    operation = new_uuid()
    return [
        stacks._operation_event(  # noqa: SLF001
            stack_id,
            operation,
            "VALIDATION_ERROR",
            "CREATE_CHANGESET",
            LogicalResourceId=logical_id,
            ResourceType=TYPE,
            ValidationFailureMode="FAIL",
            ValidationName="NAME_CONFLICT_VALIDATION",
            ValidationStatus="FAILED",
            ValidationStatusReason=reason,
            ValidationPath=f"/Resources/{logical_id}",
        )
        for logical_id, reason in conflicts.items()
    ]


def _conflicts(change_set: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Find the resources to be created, and not to be imported, whose names are known already and taken."""
    template, parameters = change_set["_template"], change_set["_resolved_params"]
    resources, conditions = template["Resources"], stacks._evaluate_conditions(template, parameters)  # noqa: SLF001
    for change in (one["ResourceChange"] for one in change_set["Changes"]):
        logical_id = change["LogicalResourceId"]
        if change["Action"] == "Add" and change["ResourceType"] == TYPE:
            raw = (resources[logical_id].get("Properties") or {}).get(NAME)
            name = stacks._static_property(  # noqa: SLF001
                raw,
                resources,
                parameters,
                conditions,
                template.get("Mappings", {}),
                change_set["StackName"],
                change_set["StackId"],
            )
            if isinstance(name, str) and (taken := conflict(name)):
                yield logical_id, taken


def _describe_with_change_set(query: Query) -> Any:
    change_set = _change_set(query)
    return _describe({**query, "StackName": change_set["StackName"]} if change_set else query)


def _change_set(query: Query) -> dict[str, Any] | None:
    names = (changesets._p(query, key) for key in ("ChangeSetName", "StackName"))  # noqa: SLF001
    found: dict[str, Any] | None = changesets._find_change_set(*names)[1]  # noqa: SLF001
    return found


def amend() -> None:
    """Amend MiniStack."""
    _ACTIONS.update({"CreateChangeSet": _create_validated, "DescribeEvents": _describe_with_change_set})
