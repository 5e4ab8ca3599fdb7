"""The principals of the access model, as values; pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecr_access.iam.principals import Kind


@dataclass(frozen=True)
class Grantee:
    """One principal of a grant.

    ``name`` is what the access check calls it: an ARN (perhaps a token), an account id, an organization id,
    a unit path, a service. ``account`` is where it lives, if it lives in one. ``conditions`` are the conditions
    that the caller attached and that are not part of the name.
    """

    kind: Kind
    name: str
    account: str | None = None
    conditions: Mapping[str, Any] = field(default_factory=dict)
