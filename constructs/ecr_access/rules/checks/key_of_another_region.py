"""A repository must be encrypted with a key of its own Region.

The ``KmsKey`` of a repository or creation template is an ARN of another Region than the stack's. ECR takes keys of
the repository's own Region only, so the deployment fails.

Fix: a key of that Region, or a replica there of a multi-Region key.

Not reported: an alias or a key id, which ECR looks up in the repository's Region; an ARN or a stack whose Region is
unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.template import NO_VALUE, mapping
from ecr_access.documents.templates.unknowns import shown
from ecr_access.iam.ternary import Ternary
from ecr_access.iam.unknown_text import equal, split
from ecr_access.rules.finding import Rule, RuleFinding, Severity, subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.rules.access.application import Application

_TYPES: Final = ("AWS::ECR::Repository", "AWS::ECR::RepositoryCreationTemplate")
_REGION: Final = 3


def _check(app: Application) -> Iterator[RuleFinding]:
    for type_ in _TYPES:
        for resource in app.of_type(type_):
            key = mapping(resource.properties.get("EncryptionConfiguration")).get("KmsKey")
            if key in (None, NO_VALUE):
                continue
            # An id or an alias has no Region: ECR looks for it in the repository's.
            parts = split(app.resolver.text(key, resource.template), ":")
            region = app.resolver.text({"Ref": "AWS::Region"}, resource.template)
            if parts[0] == "arn" and len(parts) > _REGION and equal(parts[_REGION], region) is Ternary.NO:
                yield RuleFinding(
                    resource,
                    "Properties.EncryptionConfiguration.KmsKey",
                    f"the key of {subject(resource)} is in Region {shown(parts[_REGION])}, and the repository in "
                    f"{shown(region)}: ECR uses keys of the repository's own Region alone",
                    "name a key of that Region, or a replica there of a multi-Region key",
                )


RULE: Final = Rule(
    "key-of-another-region",
    Severity.ERROR,
    "the KMS key of a repository is in the repository's Region",
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html",
    _check,
)
