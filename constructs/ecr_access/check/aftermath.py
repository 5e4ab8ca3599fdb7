"""What a failed deployment leaves behind, in the words that end the message.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Aftermath:
    """What the rollback of a failed deployment will do.

    Attributes:
        log_group: where every finding is written.
        log_group_goes: whether the rollback deletes the log group, because this deployment has made it.
        retained: how many repositories of this deployment the rollback keeps, so that their names stay taken.
    """

    log_group: str
    log_group_goes: bool = False
    retained: int = 0

    @property
    def whole(self) -> str:
        """Where all findings can be read."""
        where = f"in the log group {self.log_group}"
        return f"{where}, which cdk deploy --no-rollback keeps" if self.log_group_goes else where

    @property
    def end(self) -> str:
        """How the next deployment finds the names free; empty if it does."""
        if not self.retained:
            return ""
        return (
            f"\nthe rollback keeps {self.retained} new repositories, whose removal policy is RETAIN; deploy again with "
            "cdk deploy --import-existing-resources"
        )


def aftermath_of(event: Mapping[str, object], context: object) -> Aftermath:
    """Tell what will be left if the deployment of an event fails.

    An event creates the check together with its log group. A repository is new if the last event did not list it.
    """
    creates = event.get("RequestType") == "Create"
    before = set() if creates else set(_retained(event.get("OldResourceProperties")))
    return Aftermath(
        log_group=str(getattr(context, "log_group_name", "") or "of the check"),
        log_group_goes=creates,
        retained=len(set(_retained(event.get("ResourceProperties"))) - before),
    )


def _retained(properties: object) -> list[str]:
    """List the repositories with the removal policy RETAIN; what is malformed lists none."""
    found = properties.get("Retained") if isinstance(properties, dict) else None
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []
