"""What CloudFormation does to a repository, and why.

Which properties it replaces a repository for is said by the resource type's schema (``createOnlyProperties``) and by
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repository.html. It compares
templates: encryption that is written out where it was left out replaces a repository that is encrypted so already
(https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2502).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.unknowns import shown
from ecr_access.iam.ternary import Ternary
from ecr_access.iam.unknown_text import equal, is_known
from ecr_access.rules.migration.plan import Fate
from ecr_access.rules.migration.values import may_be_left_out, same

if TYPE_CHECKING:
    from ecr_access.rules.migration.values import Declared

    Outcome = tuple[Fate, tuple[str, ...]]

REPLACING: Final = ("RepositoryName", "EncryptionConfiguration")
UPDATED: Final = (
    "EmptyOnDelete",
    "ImageScanningConfiguration",
    "ImageTagMutability",
    "ImageTagMutabilityExclusionFilters",
    "LifecyclePolicy",
    "RepositoryPolicyText",
    "Tags",
)
"""The properties that CloudFormation updates without interruption."""

_NAME: Final = "RepositoryName"
_KEPT: Final = ("Retain", "RetainExceptOnCreate")


def of_pair(before: Declared, after: Declared) -> Outcome:
    """Return the fate of a repository that keeps its logical id."""
    certain, depending = [], []
    for key in REPLACING:
        answer = same(before, after, key)
        if answer is Ternary.NO:
            certain.append(f"{key} changes from {_shown(before, key)} to {_shown(after, key)}")
        elif answer is Ternary.MAYBE:
            depending.append(
                f"{key} is {_shown(before, key)} and becomes {_shown(after, key)}: known at deploy time, and another "
                "value replaces the repository"
            )
    if certain:
        return Fate.REPLACED, (*certain, *depending, *_consequences(before, after))
    if _condition(before) != _condition(after):
        depending.append("its Condition changes: where the new one is false, the repository is removed")
    unknown = (before.resource.properties.keys() | after.resource.properties.keys()) - {*REPLACING, *UPDATED}
    depending += [
        f"{key} changes, and what CloudFormation does for it is not known here"
        for key in sorted(unknown)
        if same(before, after, key) is not Ternary.YES
    ]
    return (Fate.UNDETERMINED, tuple(depending)) if depending else (Fate.IN_PLACE, ())


def moved(before: Declared, after: Declared) -> Outcome:
    """Return the fate of a repository that has another logical id, or another stack, in the new templates."""
    old, new = before.resource, after.resource
    fate, left = removed(before)
    if old.template.path == new.template.path:
        what = f"its logical id changes from {old.logical_id} to {new.logical_id}"
        return Fate.REPLACED, (what, *_if_taken(before, after), *left)
    adopted = "deploy the stack that lets go of it first, then the other with cdk deploy --import-existing-resources"
    way_out = (adopted,) if fate is Fate.RETAINED else ()
    return Fate.REPLACED, (f"it moves to the stack of {new.template.path}", *_if_taken(before, after), *left, *way_out)


def removed(before: Declared) -> Outcome:
    """Return the fate of a repository that the new templates lack."""
    policy = before.attribute("DeletionPolicy", "Delete")
    if not is_known(policy):
        return Fate.UNDETERMINED, (f"DeletionPolicy is {shown(policy)}, which only the deployment knows",)
    fate = Fate.RETAINED if policy in _KEPT else Fate.DELETED
    return fate, (f"DeletionPolicy is {policy}: {_left(policy, before)}",)


def _condition(one: Declared) -> tuple[object, object]:
    """Return the name of a condition, and what it and the conditions that it refers to are."""
    name = one.resource.attributes.get("Condition")
    return name, one.resource.template.section("Conditions") if name else None


def _left(policy: str, before: Declared) -> str:
    """Say what becomes of a repository that is no longer the stack's."""
    if policy in _KEPT:
        return "the old repository stays with its images, outside of the stack"
    if before.text("EmptyOnDelete") == "true":
        return "the old repository is deleted with its images"
    return "the old repository is deleted if it holds no image; ECR refuses to delete one that does"


def _consequences(before: Declared, after: Declared) -> tuple[str, ...]:
    policies = {one.attribute("UpdateReplacePolicy", "Delete") for one in (before, after)}
    left = "UpdateReplacePolicy changes: see which one holds before you deploy"
    if len(policies) == 1:
        left = _left(policies.pop(), before)
    return (*_if_taken(before, after), left)


def _if_taken(before: Declared, after: Declared) -> tuple[str, ...]:
    """Say that a name is taken: CloudFormation makes the new repository before it removes the old one."""
    name = after.text(_NAME)
    if name and equal(before.text(_NAME), name) is Ternary.YES and not may_be_left_out(after.value(_NAME)):
        return (f"the deployment fails: a repository of the name {shown(name)} is there already",)
    return ("the new repository is empty: images must be pushed to it, and clients must use its name",)


def _shown(one: Declared, key: str) -> str:
    return shown(one.text(key)) or "what CloudFormation or ECR chooses"
