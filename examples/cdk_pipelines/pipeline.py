"""Repositories that CDK Pipelines deploys into one account after another, each proved by its access check.

Deploy it once with ``cdk deploy Pipeline``; from then on it updates itself from the branch ``main``. What has to be
there before, README.md says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_cdk import App, Environment, Stack, Stage, Validations, pipelines
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_iam as iam

from cdk_ecr_access import AccessibleRepository, EcrAccessRules

if TYPE_CHECKING:
    from constructs import Construct

# Yours: the accounts, the Region, the repository of the sources and the connection to it.
REGION: Final = "eu-west-1"
TOOLS, STAGING, PRODUCTION = "111122223333", "444455556666", "777788889999"
SOURCE: Final = "example/images"
CONNECTION: Final = f"arn:aws:codeconnections:{REGION}:{TOOLS}:connection/5d4d2b20-0000-4000-8000-000000000000"

# Pinned, as the newest that npm offers may be another major version.
CDK_CLI: Final = "2.1148.1"


class Images(Stage):
    """The repositories of one account."""

    def __init__(self, scope: Construct, id: str, *, account: str) -> None:  # noqa: A002 -- the CDK's name for it
        """Declare who pushes and who pulls."""
        super().__init__(scope, id, env=Environment(account=account, region=REGION))
        stack = Stack(self, "Images")
        web = AccessibleRepository(stack, "Web", repository_name="team/web")
        web.grant_push(iam.Role(stack, "Builder", assumed_by=iam.ServicePrincipal("codebuild.amazonaws.com")))
        web.grant_pull(iam.OrganizationPrincipal("o-abcdefghij"))


class Pipeline(Stack):
    """Synthesizes with the rules, tests the snapshots, deploys staging, then production after an approval."""

    def __init__(self, scope: Construct, id: str) -> None:  # noqa: A002
        """Declare the stages."""
        super().__init__(scope, id, env=Environment(account=TOOLS, region=REGION))
        source = pipelines.CodePipelineSource.connection(SOURCE, "main", connection_arn=CONNECTION)
        synth = pipelines.CodeBuildStep(
            "Synth",
            input=source,
            install_commands=[f"npm install --global aws-cdk@{CDK_CLI}", "pip install --requirement requirements.txt"],
            commands=["cdk synth --quiet", "python -m pytest"],
            partial_build_spec=codebuild.BuildSpec.from_object(
                {"phases": {"install": {"runtime-versions": {"python": "3.13", "nodejs": "22"}}}}
            ),
            build_environment=codebuild.BuildEnvironment(build_image=codebuild.LinuxBuildImage.STANDARD_7_0),
        )
        pipeline = pipelines.CodePipeline(
            self,
            "Pipeline",
            synth=synth,
            cross_account_keys=True,
            cli_version=CDK_CLI,
            pipeline_type=codepipeline.PipelineType.V2,
        )
        pipeline.add_stage(Images(self, "Staging", account=STAGING))
        pipeline.add_stage(
            Images(self, "Production", account=PRODUCTION), pre=[pipelines.ManualApprovalStep("Approve")]
        )


def build(app: App) -> Pipeline:
    """Put the pipeline into an app, under the rules of ECR access."""
    Validations.of(app).add_plugins(EcrAccessRules())
    return Pipeline(app, "Pipeline")


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
