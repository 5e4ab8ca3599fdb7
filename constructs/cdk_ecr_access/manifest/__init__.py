"""The manifest: repositories, and who may reach them, declared without writing Python.

Knows nothing of the CDK; ``cdk_ecr_access.declared`` makes constructs of it.
"""

from cdk_ecr_access.manifest.errors import ManifestError, Problem
from cdk_ecr_access.manifest.model import (
    Access,
    EncryptionEntry,
    ExistingEntry,
    LifecycleEntry,
    Manifest,
    RepositoryEntry,
    RoleEntry,
)
from cdk_ecr_access.manifest.parse import parse_manifest
from cdk_ecr_access.manifest.source import read_manifest
from cdk_ecr_access.manifest.structure import SCHEMA_FILE

__all__ = [
    "SCHEMA_FILE",
    "Access",
    "EncryptionEntry",
    "ExistingEntry",
    "LifecycleEntry",
    "Manifest",
    "ManifestError",
    "Problem",
    "RepositoryEntry",
    "RoleEntry",
    "parse_manifest",
    "read_manifest",
]
