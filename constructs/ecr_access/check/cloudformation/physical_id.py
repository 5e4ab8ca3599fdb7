"""What was proved last: remembered in the custom resource's physical id.

CloudFormation does not say that an update is a rollback, and failing one leaves the stack in
UPDATE_ROLLBACK_FAILED, which needs a person. The properties of a rollback are the ones proved last: their digest is
the one in the physical id, which only a success changes. Any other update carries another digest.

Where the check succeeds and something else fails later, the new physical id makes the update a replacement:
CloudFormation then goes back by deleting the new resource. Should it send an update first, the stack's status tells
what it is: see ``rollback``.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requesttypes-update.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.check.attributes import of_rollback
from ecr_access.check.cloudformation.protocol import Answer
from ecr_access.iam.arns import place_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_PREFIX: Final = "ecr-access-check-"


def physical_id(digest: str) -> str:
    """Name the custom resource after what it has just proved."""
    return f"{_PREFIX}{digest}"


def is_rollback(event: Mapping[str, object]) -> bool:
    """Whether an event asks for what was proved last, so that nothing is to be checked."""
    digest = _digest(event)
    return (
        event.get("RequestType") == "Update" and digest != "" and event.get("PhysicalResourceId") == physical_id(digest)
    )


def rolled_back(event: Mapping[str, object], context: object) -> Answer:
    """Succeed, and remember that what the stack goes back to was proved before."""
    properties = event.get("ResourceProperties")
    token = properties.get("ServiceToken") if isinstance(properties, dict) else None
    place = place_of(token, event.get("StackId"), getattr(context, "invoked_function_arn", None))
    digest = _digest(event)
    return Answer(
        succeeded=True,
        physical_id=physical_id(digest) if digest else "",
        data=of_rollback(place.endpoint if place else ""),
    )


def _digest(event: Mapping[str, object]) -> str:
    properties = event.get("ResourceProperties")
    digest = properties.get("Digest") if isinstance(properties, dict) else None
    return digest if isinstance(digest, str) else ""
