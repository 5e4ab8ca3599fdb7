"""A repository should have a lifecycle policy.

Without one the repository keeps, and bills, every image that was ever pushed.

Fix: at least a rule for untagged images, which is the default of ``AccessibleRepository``.

Not reported: a repository for the images of EC2 Image Builder, where the app declares a lifecycle policy of that
which may delete them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.template import NO_VALUE, listed, mapping
from ecr_access.iam.ternary import Ternary
from ecr_access.iam.unknown_text import equal
from ecr_access.rules.finding import Rule, RuleFinding, Severity, subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.documents.templates.template import Resource
    from ecr_access.rules.access.application import Application

_EMPTY: Final = (None, "", NO_VALUE)
_KEEPS: Final = ("DEPRECATE", "DISABLE")


def _check(app: Application) -> Iterator[RuleFinding]:
    cleaned = {*_cleaned(app)}
    for repository in app.repositories:
        if repository.name in cleaned:
            continue
        policy = repository.resource.properties.get("LifecyclePolicy", {})
        written = not isinstance(policy, dict) or any(
            policy.get(key) not in _EMPTY for key in policy if key != "RegistryId"
        )
        if not written:
            yield RuleFinding(
                repository.resource,
                "Properties.LifecyclePolicy",
                f"{subject(repository.resource)} has no lifecycle policy: every image that was ever pushed is kept and "
                "billed, and beyond the quota, 100,000 by default, pushes are refused",
                "add a rule that expires what is not used, untagged images at least, as AccessibleRepository does by "
                "default: repository.add_lifecycle_rule(...)",
            )


def _cleaned(app: Application) -> Iterator[str]:
    """Yield the names of the repositories whose images EC2 Image Builder may delete.

    https://docs.aws.amazon.com/imagebuilder/latest/userguide/manage-image-lifecycles.html
    """
    policies = [one for one in app.of_type("AWS::ImageBuilder::LifecyclePolicy") if _may_delete_containers(one)]
    for recipe in app.of_type("AWS::ImageBuilder::ContainerRecipe"):
        if any(_may_select(one, recipe, app) for one in policies):
            name = mapping(recipe.properties.get("TargetRepository")).get("RepositoryName")
            yield app.resolver.text(name, recipe.template)


def _may_delete_containers(policy: Resource) -> bool:
    if policy.properties.get("ResourceType") != "CONTAINER_IMAGE" or policy.properties.get("Status") == "DISABLED":
        return False
    details = [mapping(one).get("Action") for one in listed(policy.properties.get("PolicyDetails"))]
    return not details or any(map(_may_delete, details))


def _may_delete(action: object) -> bool:
    """Whether an action may delete images from their repository: not where it keeps them, or deprecates alone."""
    included = mapping(mapping(action).get("IncludeResources")).get("Containers")
    return mapping(action).get("Type") not in _KEEPS and str(included).lower() != "false"


def _may_select(policy: Resource, recipe: Resource, app: Application) -> bool:
    """Whether a policy may be about the images of a recipe; by their tags it always may."""
    selected = mapping(policy.properties.get("ResourceSelection")).get("Recipes")
    if not isinstance(selected, list):
        return True
    made = app.resolver.text(recipe.properties.get("Name"), recipe.template)
    names = (app.resolver.text(mapping(one).get("Name"), policy.template) for one in selected)
    return any(equal(made, name) is not Ternary.NO for name in names)


RULE: Final = Rule(
    "no-lifecycle",
    Severity.WARNING,
    "a repository has a lifecycle policy",
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html",
    _check,
)
