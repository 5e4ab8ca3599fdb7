"""403: the service that pulls cannot assume the role that it was to pull with."""

from __future__ import annotations

from typing import Final

from ecr_access.diagnosis import commands, pages, statements
from ecr_access.diagnosis.cause import Cause, Step, sign
from ecr_access.diagnosis.kinds import ErrorKind

_SERVICES: Final = (
    "ecs-tasks.amazonaws.com (ECS, Batch), build.apprunner.amazonaws.com (App Runner), sagemaker.amazonaws.com, "
    "bedrock-agentcore.amazonaws.com, codebuild.amazonaws.com"
)

ROLES: Final = (
    Cause(
        name="role-not-assumed",
        error=ErrorKind.DENIED,
        signs=(
            sign(r"Error in assuming access role"),
            sign(r"unable to assume the role '?arn:aws[a-z-]{0,20}:iam::"),
            sign(r"Could not assume role '?arn:aws[a-z-]{0,20}:iam::"),
            sign(r"Role validation failed for '?arn:aws[a-z-]{0,20}:iam::"),
        ),
        summary=lambda r: f"the service that pulls cannot assume {r.role or 'its role'}; ECR was not reached yet",
        meaning="The role's trust policy does not name the service, the role does not exist in this account, or it was "
        "made a moment ago and is not known everywhere yet.",
        steps=lambda r: (
            Step(
                "Which services does the role trust?",
                f"aws iam get-role --role-name {(r.role or 'ROLE').rpartition('/')[2]} "
                "--query Role.AssumeRolePolicyDocument",
            ),
            Step(f"It must be the service that pulls: {_SERVICES}.", statements.trust("SERVICE")),
            Step("In the CDK app:", 'iam.Role(self, "Pull", assumed_by=iam.ServicePrincipal("SERVICE"))'),
            Step("If the role is new, try again after some seconds. Then prove what it may.", commands.check(r)),
        ),
        page=pages.ECS_PULL,
    ),
)
