"""The Lambda function for which the service Lambda pulls an image.

https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#configuration-images-xaccount-permissions
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecr_access.documents.templates.references import pseudo
from ecr_access.iam.principals import Source
from ecr_access.iam.unknown_text import unknown

if TYPE_CHECKING:
    from ecr_access.documents.templates.intrinsics import Resolver
    from ecr_access.rules.access.images import Image


def source_of(image: Image, resolver: Resolver) -> Source:
    """Return the function that runs an image, an alias or version of which may follow; Lambda runs its Region's own."""
    template = image.resource.template
    name = image.resource.properties.get("FunctionName")
    written = "" if name is None else resolver.text(name, template)
    qualifier = unknown(f"{image.resource.logical_id}.Qualifier", template.path)
    return Source(str(pseudo("AWS::AccountId", template)), image.region, f"{written}{qualifier}")
