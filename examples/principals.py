"""Every kind of principal, each with a repository of its own.

Show the policies with ``cdk synth Images --app "python3 examples/principals.py"``; the role that the stack ``There``
makes is one of another account.
"""

from __future__ import annotations

from aws_cdk import App, Environment, Stack
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_iam as iam

from cdk_ecr_access import AccessibleRepository, ExistingRepository

HERE, THERE = "111122223333", "444455556666"
REGION = "eu-west-1"


def images(app: App) -> Stack:
    """Declare a repository a row, and grant the row's principal a pull."""
    stack = Stack(app, "Images", env=Environment(account=HERE, region=REGION))
    there = Stack(app, "There", env=Environment(account=THERE, region=REGION))
    ci = iam.AccountRootPrincipal()

    def repository(row: str) -> AccessibleRepository:
        return AccessibleRepository(stack, row, repository_name=f"rows/{row}")

    # Of this account, and the CDK can attach to it: the identity side.
    repository("role").grant_pull(iam.Role(stack, "Role", assumed_by=ci))
    repository("user").grant_pull(iam.User(stack, "User"))
    repository("group").grant_pull(iam.Group(stack, "Group"))
    # Of this account, and it cannot: the repository side, and a proof that it holds the token.
    immutable = iam.Role.from_role_arn(stack, "Immutable", f"arn:aws:iam::{HERE}:role/immutable", mutable=False)
    repository("immutable").grant_pull(immutable)
    # Of another account: both sides where both are made here, the policy to attach as an output where not.
    made_there = iam.Role(there, "Role", assumed_by=ci, role_name="made-there")
    repository("foreign-made").grant_pull(made_there)
    repository("foreign-named").grant_pull(f"arn:aws:iam::{THERE}:role/deploy-*")
    repository("account").grant_pull(THERE)
    repository("organization").grant_pull("o-abcdefghij")
    repository("unit").grant_pull("o-abcdefghij/r-ab12/ou-ab12-11111111/*")
    # A service acts for an account, and the policy names that account.
    repository("service").grant_pull("codebuild.amazonaws.com")
    repository("lambda").grant_lambda_pull(accounts=[HERE, THERE])
    # Several at once, each by its own rule.
    repository("composite").grant_pull(
        iam.CompositePrincipal(iam.AccountPrincipal(THERE), iam.ArnPrincipal(f"arn:aws:iam::{THERE}:role/web"))
    )
    # One statement for one pipeline, however many repositories share the prefix.
    pipeline = iam.Role(stack, "Pipeline", assumed_by=iam.ServicePrincipal("codebuild.amazonaws.com"))
    for app_name in ("web", "worker"):
        repository(f"team-{app_name}").grant_push(pipeline, name_prefix="rows/team-")
    # The repository of another team: looked up at deploy time. A grant without effect is refused.
    base = ExistingRepository.from_repository_name(stack, "Base", "platform/base")
    spec = codebuild.BuildSpec.from_object({"version": "0.2"})
    image = codebuild.BuildEnvironment(build_image=codebuild.LinuxBuildImage.from_ecr_repository(base))
    codebuild.Project(stack, "Build", environment=image, build_spec=spec)
    return stack


if __name__ == "__main__":
    app = App()
    images(app)
    app.synth()
