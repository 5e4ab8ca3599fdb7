"""The format of snapshots of templates; imports syrupy, so that only the fixture imports it."""

from __future__ import annotations

from typing import Any

from syrupy.extensions.json import JSONSnapshotExtension

from cdk_ecr_access.testing.snapshots import snapshot_of


class TemplateSnapshotExtension(JSONSnapshotExtension):
    """Stores a template as JSON, one file a snapshot."""

    def serialize(self, data: Any, **options: Any) -> Any:
        """Write what a snapshot compares.

        Raises:
            TypeError: if the value is neither a stack nor a template.
        """
        return super().serialize(snapshot_of(data), **options)
