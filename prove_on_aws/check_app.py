"""The app that the probe deploys: one repository, one role, and the real access check.

Deployed with the caller's own credentials from a bucket of the probe's, so that the account needs no bootstrap, and
nothing of it is changed. Run as ``python -m prove_on_aws.check_app RUN BUCKET [deny]``.
"""

from __future__ import annotations

import sys

from aws_cdk import App, CfnOutput, CliCredentialsStackSynthesizer, RemovalPolicy, Stack, Tags
from aws_cdk import aws_iam as iam

from cdk_ecr_access import AccessCheck, AccessibleRepository
from ecr_access.iam.actions import TOKEN_ACTION


def main(run: str, bucket: str, *, denying: bool) -> None:
    """Synthesize the app."""
    app = App()
    synthesizer = CliCredentialsStackSynthesizer(file_assets_bucket_name=bucket)
    stack = Stack(app, "Check", stack_name=f"{run}-check", synthesizer=synthesizer)
    Tags.of(stack).add("prove-on-aws", run)
    repository = AccessibleRepository(
        stack, "Repository", repository_name=f"{run}-checked", removal_policy=RemovalPolicy.DESTROY
    )
    role = iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())
    repository.grant_pull(role)
    if denying:
        deny = iam.PolicyStatement(effect=iam.Effect.DENY, actions=[TOKEN_ACTION], resources=["*"])
        role.add_to_policy(deny)
    CfnOutput(stack, "Verified", value=AccessCheck.of(stack).verified)
    app.synth()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], denying="deny" in sys.argv[3:])
