"""The repositories of a manifest, as constructs."""

from cdk_ecr_access.manifest.declared import DeclaredRepositories
from cdk_ecr_access.manifest.declared_in_bulk import DeclaredInBulk
from cdk_ecr_access.manifest.place import environment_of
from cdk_ecr_access.manifest.role_outputs import output_roles
from cdk_ecr_access.manifest.source import read_manifest
from cdk_ecr_access.manifest.synthesize import synthesize, take_any_size

__all__ = [
    "DeclaredInBulk",
    "DeclaredRepositories",
    "environment_of",
    "output_roles",
    "read_manifest",
    "synthesize",
    "take_any_size",
]
