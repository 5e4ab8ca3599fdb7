"""A repository should have a lifecycle policy.

Without one the repository keeps, and bills, every image that was ever pushed.

Fix: at least a rule for untagged images, which is the default of ``AccessibleRepository``.

Not reported: a repository for the images of EC2 Image Builder, where the app declares a lifecycle policy of that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.template import NO_VALUE, mapping
from ecr_access.rules.finding import Rule, RuleFinding, Severity, subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.rules.access.application import Application

_EMPTY: Final = (None, "", NO_VALUE)


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
    kinds = [one.properties.get("ResourceType") for one in app.of_type("AWS::ImageBuilder::LifecyclePolicy")]
    if "CONTAINER_IMAGE" in kinds:
        for recipe in app.of_type("AWS::ImageBuilder::ContainerRecipe"):
            name = mapping(recipe.properties.get("TargetRepository")).get("RepositoryName")
            yield app.resolver.text(name, recipe.template)


RULE: Final = Rule(
    "no-lifecycle",
    Severity.WARNING,
    "a repository has a lifecycle policy",
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html",
    _check,
)
