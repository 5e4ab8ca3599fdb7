"""The manifest: repositories, and who may reach them, declared without writing Python.

Knows nothing of the CDK; ``cdk_ecr_access.manifest.declared`` makes constructs of it.
"""

from ecr_access.manifest.errors import ManifestError, Problem
from ecr_access.manifest.file import read_file
from ecr_access.manifest.model import (
    Access,
    CheckEntry,
    EncryptionEntry,
    Environment,
    ExistingEntry,
    LifecycleEntry,
    Manifest,
    RepositoryEntry,
    RoleEntry,
)
from ecr_access.manifest.parse import parse_manifest
from ecr_access.manifest.structure import SCHEMA_FILE

__all__ = [
    "SCHEMA_FILE",
    "Access",
    "CheckEntry",
    "EncryptionEntry",
    "Environment",
    "ExistingEntry",
    "LifecycleEntry",
    "Manifest",
    "ManifestError",
    "Problem",
    "RepositoryEntry",
    "RoleEntry",
    "parse_manifest",
    "read_file",
]
