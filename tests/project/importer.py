"""What an app that imports the library writes: checked, and never run."""

from __future__ import annotations

from aws_cdk import App, CfnOutput, Duration, Stack, Validations
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Template

from cdk_ecr_access import AccessCheck, AccessibleRepository, AccessLevel, EcrAccessRules, ExistingRepository
from cdk_ecr_access.testing import assert_can_pull, assert_has_token, assert_no_token_on_resource, snapshot_of

app = App()
Validations.of(app).add_plugins(EcrAccessRules(existing=["platform/*"]))
stack = Stack(app, "Stack")
check = AccessCheck(stack, propagation=Duration.seconds(90), report_only=True)
repository = AccessibleRepository(
    stack, "Repository", repository_name="team/app", image_tag_mutability=ecr.TagMutability.IMMUTABLE
)
role = iam.Role.from_role_name(stack, "Role", "ci")
granted: bool = repository.grant_push(role).success
repository.grant_pull(iam.OrganizationPrincipal("o-abcdefghij")).assert_success()
repository.grant_pull("arn:aws:iam::444455556666:role/web").assert_success()
repository.grant_lambda_pull(accounts=["111122223333"])
policy: iam.PolicyDocument = repository.identity_policy(AccessLevel.PULL)
base: ecr.IRepository = ExistingRepository.from_repository_name(stack, "Base", "platform/base")
check.require_pull(role, base)
check.require_push("arn:aws:iam::111122223333:role/ci", base)
CfnOutput(stack, "Verified", value=check.verified)
stacks: list[Stack] = [stack]
assert_can_pull(stacks, role, repository)
assert_has_token([stack, Template.from_stack(stack)], role)
assert_no_token_on_resource(app)
resources: dict[str, object] = snapshot_of(stack)["Resources"]
