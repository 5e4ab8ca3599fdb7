"""An app under test: each kind of principal, granted a pull from a repository of its own, in two accounts."""

from __future__ import annotations

import os

from aws_cdk import App, Environment, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from cdk_ecr_access import AccessibleRepository

HERE, THERE = "000000000000", "111122223333"
region = os.environ["CDK_DEFAULT_REGION"]

app = App()
organization = app.node.get_context("organization")
rows = Stack(app, "Rows", env=Environment(account=HERE, region=region))
there = Stack(app, "There", env=Environment(account=THERE, region=region))
tokenless = Stack(app, "Tokenless", env=Environment(account=HERE, region=region))
of_this_account = iam.AccountPrincipal(HERE)


def repository(row: str, stack: Stack = rows) -> AccessibleRepository:
    """Declare the repository of a row."""
    return AccessibleRepository(stack, row, repository_name=f"rows/{row}")


def imported(stack: Stack, name: str) -> iam.IRole:
    """Import a role of this account whose policies cannot be changed."""
    return iam.Role.from_role_arn(stack, f"Imported-{name}", f"arn:aws:iam::{HERE}:role/{name}", mutable=False)


repository("role").grant_pull(iam.Role(rows, "Role", assumed_by=of_this_account, role_name="made-here"))
repository("user").grant_pull(iam.User(rows, "User", user_name="made-here"))
repository("immutable").grant_pull(imported(rows, "with-token"))
made_there = iam.Role(there, "Role", assumed_by=of_this_account, role_name="made-there")
repository("made-there").grant_pull(made_there)
repository("named-there").grant_pull(iam.ArnPrincipal(f"arn:aws:iam::{THERE}:role/named-*"))
repository("account").grant_pull(iam.AccountPrincipal(THERE))
repository("organization").grant_pull(iam.OrganizationPrincipal(organization))
unit = {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": f"{organization}/r-ab12/ou-ab12-11111111/*"}}
repository("unit").grant_pull(iam.StarPrincipal().with_conditions(unit))
repository("service").grant_pull(iam.ServicePrincipal("codebuild.amazonaws.com"))
repository("lambda").grant_lambda_pull(accounts=[THERE])
image = lambda_.DockerImageCode.from_ecr(repository("function"), tag_or_digest="1")
lambda_.DockerImageFunction(there, "Function", code=image)
repository("tokenless", tokenless).grant_pull(imported(tokenless, "without-token"))

if app.node.try_get_context("again"):
    # Something changes, so that the check runs again; no other row does.
    repository("again").grant_pull(iam.Role(rows, "Again", assumed_by=of_this_account))
if app.node.try_get_context("deny"):
    no_layers = iam.PolicyStatement(effect=iam.Effect.DENY, actions=["ecr:GetDownloadUrlForLayer"], resources=["*"])
    iam.Policy(there, "Denial", policy_name="no-layers", statements=[no_layers], roles=[made_there])

app.synth()
