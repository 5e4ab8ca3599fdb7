"""Encryption, quotas, and the cache: ECR took the call, and could not do it."""

from __future__ import annotations

from typing import Final

from ecr_access.diagnosis import commands, pages, wording
from ecr_access.diagnosis.cause import Belongs, Cause, Step, sign
from ecr_access.diagnosis.kinds import ErrorKind

STORAGE: Final = (
    Cause(
        name="kms",
        error=ErrorKind.NONE_OF_THEM,
        signs=(
            sign(r"\bKms(?:Exception|Error)\b", Belongs.WITH_ECR),
            sign(r"not authorized to perform:?\s*kms:[A-Za-z]{1,60}", Belongs.WITH_ECR),
            sign(r"KMS key\b[^\n]{0,120}(?:disabled|pending deletion|does not exist)", Belongs.WITH_ECR),
        ),
        summary=lambda r: f"the KMS key of {wording.repository(r)} cannot be used",
        meaning="Pullers and pushers need no permission on the key: ECR uses it by grants made when the repository was "
        "created. So the key is disabled or being deleted, a grant was retired, or the creator of the repository may "
        "not kms:CreateGrant and kms:DescribeKey.",
        steps=lambda r: (
            Step("Which key is it?", commands.repository(r, "repositories[0].encryptionConfiguration")),
            Step(
                "Is it enabled, and are both grants of ECR there?",
                f"aws kms describe-key --region {commands.region(r)} --key-id KEY_ARN --query "
                f"KeyMetadata.KeyState\naws kms list-grants --region {commands.region(r)} --key-id KEY_ARN",
            ),
            Step(
                "On creation: allow kms:CreateGrant, kms:DescribeKey and kms:RetireGrant to the role that "
                "CloudFormation deploys with."
            ),
        ),
        page=pages.ENCRYPTION,
    ),
    Cause(
        name="quota",
        error=ErrorKind.NONE_OF_THEM,
        signs=(
            sign(r"LimitExceededException", Belongs.WITH_ECR),
            sign(r"in registry with id \S+ already has the maximum allowed number of"),
        ),
        summary=lambda r: (
            f"a quota of ECR is used up: images of {wording.repository(r)}, or repositories of the registry"
        ),
        meaning="It is a number of things, not a rate, and trying again does not help.",
        steps=lambda r: (
            Step(
                "Delete what is old; in the CDK app, of the repository:",
                "lifecycle_rules=[ecr.LifecycleRule(max_image_count=500)]",
            ),
            Step(
                "Or ask for more.",
                f"aws service-quotas list-service-quotas --service-code ecr --region {commands.region(r)} --output "
                f"table",
            ),
        ),
        page=pages.QUOTAS,
    ),
    Cause(
        name="upstream",
        error=ErrorKind.NONE_OF_THEM,
        signs=(
            sign(
                r"UnableTo(?:GetUpstream(?:Image|Layer)|AccessSecret|DecryptSecretValue|ListUpstreamImageReferrers)Exception"
            ),
            sign(r"\bUpstream(?:AccessDenied|TooManyRequests|Unavailable)\b|UnsupportedUpstreamRegistryException"),
            sign(r"authentication to the upstream registry failed|upstream registry requires authentication"),
        ),
        summary=lambda r: f"the upstream registry refused ECR's pull through cache {wording.image(r)}",
        meaning="The rule's secret is wrong, cannot be read or decrypted, or the upstream registry is down or limits "
        "pulls.",
        steps=lambda r: (
            Step(
                "See the rule and its secret.",
                f"aws ecr describe-pull-through-cache-rules --region {commands.region(r)}",
            ),
            Step(
                "Let ECR try it.",
                f"aws ecr validate-pull-through-cache-rule --region {commands.region(r)} --ecr-repository-prefix "
                f"PREFIX",
            ),
        ),
        page=pages.CACHE,
    ),
)
