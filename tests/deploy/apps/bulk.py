"""A manifest whose repositories are constructs, or are made in bulk: ``-c bulk=1``."""

from __future__ import annotations

from aws_cdk import App, Stack

from cdk_ecr_access.manifest import DeclaredInBulk, DeclaredRepositories
from ecr_access.manifest import parse_manifest

OTHER = "444455556666"
MANIFEST = {
    "roles": {"ci": {}},
    "tags": {"team": "platform"},
    "repositories": [
        {
            "name": f"bulk/app-{number}",
            "removal_policy": "destroy",
            "push": ["ci"],
            "pull": [f"arn:aws:iam::{OTHER}:role/web", OTHER],
            "tags": {"tier": "1"},
        }
        for number in range(40)
    ],
}

app = App()
how = DeclaredInBulk if app.node.try_get_context("bulk") else DeclaredRepositories
how(Stack(app, "Bulk"), "Declared", manifest=parse_manifest(MANIFEST, source="bulk.py"))
app.synth()
