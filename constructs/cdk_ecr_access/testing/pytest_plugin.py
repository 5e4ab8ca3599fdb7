"""pytest's plugin, active where the package is installed; what its fixtures need is imported when one is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ecr_access.codes import Code

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion


@pytest.fixture
def template_snapshot(request: pytest.FixtureRequest) -> SnapshotAssertion:
    """Compare a stack or a template with a stored one: ``assert stack == template_snapshot``.

    One JSON file a test, beside it under ``__snapshots__``; ``pytest --snapshot-update`` writes it. The hashes of
    assets and the CDK's bootstrap rule are normalised, and nothing else.
    """
    if not request.config.pluginmanager.hasplugin("syrupy"):
        pytest.fail(
            Code.SNAPSHOT_FIXTURE.ends(
                "template_snapshot needs syrupy, which is not installed, or turned off; "
                "run: pip install 'cdk-ecr-access[testing]'"
            ),
            pytrace=False,
        )
    from cdk_ecr_access.testing.extension import TemplateSnapshotExtension

    snapshot: SnapshotAssertion = request.getfixturevalue("snapshot")
    if not hasattr(snapshot, "use_extension"):
        pytest.fail(
            Code.SNAPSHOT_FIXTURE.ends(
                f"template_snapshot needs syrupy's fixture 'snapshot', and here that is a {type(snapshot).__name__}; "
                "give the other one another name, or turn its plugin off"
            ),
            pytrace=False,
        )
    return snapshot.use_extension(TemplateSnapshotExtension)
