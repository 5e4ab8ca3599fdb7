"""Repositories that GitHub Actions checks on every pull request and deploys from ``main``.

``GitHub`` holds the roles of the workflow and is deployed once, by hand; ``Images`` is what the workflow deploys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_cdk import App, CfnOutput, Environment, Stack, Validations
from aws_cdk import aws_iam as iam

from cdk_ecr_access import AccessibleRepository, EcrAccessRules

if TYPE_CHECKING:
    from constructs import Construct

# Yours: the account, the Region, and the repository as GitHub's tokens name it; see the README.
ENV: Final = Environment(account="111122223333", region="eu-west-1")
SOURCE: Final = "example/images"

_ISSUER: Final = "token.actions.githubusercontent.com"
_QUALIFIER: Final = "hnb659fds"


class GitHub(Stack):
    """Trusts the workflow: pull requests may compare, ``main`` may deploy.

    https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
    """

    def __init__(self, scope: Construct, id: str) -> None:  # noqa: A002 -- the CDK's name for it
        """Declare a role for each."""
        super().__init__(scope, id, env=ENV)
        provider = iam.OidcProviderNative(self, "Provider", url=f"https://{_ISSUER}", client_ids=["sts.amazonaws.com"])
        self._role("Diff", provider, "pull_request", ["lookup"])
        self._role("Deploy", provider, "ref:refs/heads/main", ["deploy", "file-publishing", "lookup"])

    def _role(self, name: str, provider: iam.IOidcProvider, event: str, bootstrapped: list[str]) -> None:
        """Declare a role for the runs of one event, which may assume some of the roles of ``cdk bootstrap``."""
        trusted = {f"{_ISSUER}:aud": "sts.amazonaws.com", f"{_ISSUER}:sub": f"repo:{SOURCE}:{event}"}
        role = iam.Role(
            self, name, assumed_by=iam.OpenIdConnectPrincipal(provider, conditions={"StringEquals": trusted})
        )
        roles = [
            f"arn:{self.partition}:iam::{self.account}:role/cdk-{_QUALIFIER}-{one}-role-{self.account}-{self.region}"
            for one in bootstrapped
        ]
        role.add_to_policy(iam.PolicyStatement(actions=["sts:AssumeRole"], resources=roles))
        CfnOutput(self, f"{name}Role", value=role.role_arn)


class Images(Stack):
    """The repositories."""

    def __init__(self, scope: Construct, id: str) -> None:  # noqa: A002
        """Declare who pushes and who pulls."""
        super().__init__(scope, id, env=ENV)
        web = AccessibleRepository(self, "Web", repository_name="team/web")
        builder = iam.Role(self, "Builder", assumed_by=iam.ServicePrincipal("codebuild.amazonaws.com"))
        web.grant_push(builder)
        web.grant_pull(iam.OrganizationPrincipal("o-abcdefghij"))


def build(app: App) -> tuple[GitHub, Images]:
    """Put both stacks into an app, under the rules of ECR access."""
    Validations.of(app).add_plugins(EcrAccessRules())
    return GitHub(app, "GitHub"), Images(app, "Images")


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
