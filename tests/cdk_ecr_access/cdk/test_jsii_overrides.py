"""Methods that the CDK's process does not see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import aws_ecr as ecr

from cdk_ecr_access.cdk.jsii_overrides import python_only

if TYPE_CHECKING:
    from aws_cdk import Stack


class Noted(ecr.Repository):
    """A repository that notes which rules are added in Python."""

    noted = 0

    @python_only
    def add_lifecycle_rule(self, **_: Any) -> None:
        """Note a rule."""
        self.noted += 1


def test_the_cdk_calls_its_own_method(stack: Stack) -> None:
    """Not ours, which would be called before the object is made."""
    assert Noted(stack, "Repository", lifecycle_rules=[ecr.LifecycleRule(max_image_count=1)]).noted == 0


def test_python_calls_the_method(stack: Stack) -> None:
    """With its object, as any method."""
    repository = Noted(stack, "Repository")
    repository.add_lifecycle_rule(max_image_count=1)
    assert repository.noted == 1


def test_the_method_stays_documented() -> None:
    """For readers of help()."""
    assert Noted.add_lifecycle_rule.__doc__ == "Note a rule."
