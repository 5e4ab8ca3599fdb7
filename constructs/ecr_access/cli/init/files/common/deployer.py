"""The role that the workflow on GitHub deploys with; no key is stored there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_cdk import CfnOutput, Environment, Stack
from aws_cdk import aws_iam as iam

if TYPE_CHECKING:
    from constructs import Construct

ISSUER: Final = "token.actions.githubusercontent.com"
# The roles of cdk bootstrap that a deployment without container images needs.
ASSUMED: Final = ("deploy", "file-publishing", "lookup")


class Deployer(Stack):
    """Trusts the runs of one branch, and is deployed once, by hand.

    https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        github: str,
        env: Environment | None = None,
    ) -> None:
        """Declare the role.

        Args:
            scope: The app.
            construct_id: The stack's name.
            github: The repository as tokens of GitHub name it: OWNER@ID/NAME@ID.
            env: The account and Region. Default: known at deploy time.

        """
        super().__init__(scope, construct_id, env=env)
        # An account has one; if yours has it, take from_oidc_provider_arn.
        provider = iam.OidcProviderNative(
            self, "Provider", url=f"https://{ISSUER}", client_ids=["sts.amazonaws.com"]
        )
        trusted = {
            f"{ISSUER}:aud": "sts.amazonaws.com",
            f"{ISSUER}:sub": f"repo:{github}:ref:refs/heads/main",
        }
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.OpenIdConnectPrincipal(
                provider, conditions={"StringEquals": trusted}
            ),
        )
        place = f"{self.account}-{self.region}"
        roles = f"arn:{self.partition}:iam::{self.account}:role/cdk-hnb659fds"
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["sts:AssumeRole"],
                resources=[f"{roles}-{one}-role-{place}" for one in ASSUMED],
            )
        )
        CfnOutput(self, "DeployRole", value=role.role_arn)
