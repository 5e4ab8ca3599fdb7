"""ECR refuses what is declared of a repository: that it exists already, or that a policy of it is not valid."""

from __future__ import annotations

from typing import Final

from ecr_access.diagnosis import cdk_lines, commands, pages, statements, wording
from ecr_access.diagnosis.cause import Belongs, Cause, Step, sign
from ecr_access.diagnosis.kinds import ErrorKind

DECLARED: Final = (
    Cause(
        name="repository-exists",
        error=ErrorKind.NONE_OF_THEM,
        signs=(
            sign(r"RepositoryAlreadyExistsException"),
            sign(r"repository with name ['\"][^'\"\n]{1,400}['\"] already exists"),
            sign(r"AWS::ECR::Repository\S*[^\n]{0,300}? already exists"),
        ),
        summary=lambda r: f"{wording.repository(r)} exists already{wording.place(r)}, and it was to be created",
        meaning="A repository outlives its stack when it is retained, as it is by default. Another stack, or a "
        "person, may have made it too.",
        steps=lambda r: (
            Step(
                "Take it into the stack, with its images.", "cdk deploy --import-existing-resources    # or: cdk import"
            ),
            Step("If another app owns it, look it up instead of declaring it:", cdk_lines.checked(r)),
            Step("In a pipeline, ask first.", commands.repository(r)),
        ),
        page=pages.CREATE,
    ),
    Cause(
        name="repository-policy-not-valid",
        error=ErrorKind.NONE_OF_THEM,
        signs=(
            sign(
                r"'PolicyText' failed to satisfy constraint(?:: '(?:Principal not found|Invalid repository policy)?)?"
            ),
            sign(r"Invalid repository policy provided"),
            sign(r"\bPrincipal not found", Belongs.WITH_ECR),
        ),
        summary=lambda r: f"ECR does not take the policy of {wording.repository(r)}",
        meaning="A principal in it does not exist, or not yet: a role of the same deployment takes some seconds, and "
        "must be created first. Or the policy has what ECR does not take: a Resource, no Principal, an ARN with a "
        "wildcard, a group, an instance profile or a session.",
        steps=lambda r: (
            Step("Does each principal exist?", "aws iam get-role --role-name ROLE"),
            Step(
                "A statement that ECR takes has a principal and no resource.",
                statements.allow(statements.level(r), principal={"AWS": "arn:aws:iam::ACCOUNT:role/ROLE"}),
            ),
            Step(
                "In the CDK app, give the role itself, not its name: then it is created first.",
                "repository.grant_pull(role)",
            ),
            Step(
                "Roles that come and go: trust their account, and limit it by a condition.",
                '{"Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::ACCOUNT:role/ROLE-*"}}}',
            ),
        ),
        page=pages.REPOSITORY_POLICY,
    ),
    Cause(
        name="lifecycle-policy-not-valid",
        error=ErrorKind.NONE_OF_THEM,
        signs=(
            sign(r"'LifecyclePolicyText' failed to satisfy constraint|Lifecycle policy validation failure"),
            sign(r"Invalid length for parameter lifecyclePolicyText|PutLifecyclePolicyInput\.LifecyclePolicyText"),
        ),
        summary=lambda r: f"ECR does not take the lifecycle policy of {wording.repository(r)}",
        meaning="A rule has a property too many, such as a null, or one too few: tagged needs a list of prefixes or "
        "patterns, sinceImagePushed needs countUnit, and the rule for any image comes last.",
        steps=lambda r: (
            Step(
                "Let ECR try the policy.",
                f"{commands.on_repository(r, 'start-lifecycle-policy-preview')} --lifecycle-policy-text file://policy.json",
            ),
            Step(
                "In the CDK app, rules are checked at synth:",
                "lifecycle_rules=[ecr.LifecycleRule(max_image_count=500)]",
            ),
        ),
        page=pages.LIFECYCLE,
    ),
)
