"""``token-missing``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

from cdk_ecr_access import AccessibleRepository
from ecr_access.rules.checks.token_missing import RULE
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import NOTHING, PARAMETER, PULL, WEB, allow, role, synthesized

if TYPE_CHECKING:
    from aws_cdk import App, Stack

TOKEN = "ecr:GetAuthorizationToken"  # noqa: S105 -- an action
PUSH = ["ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload", "ecr:PutImage"]
CONDITION = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


def may(*statements: object, **properties: object) -> list[str]:
    """What is found of a role of some statements."""
    return findings(RULE, app_of({"Role": role(*statements, **properties)}))


@pytest.mark.parametrize(("actions", "what"), [(PULL, "pull"), (PUSH, "push"), ([*PUSH, *PULL], "pull")])
def test_who_moves_images_without_the_token_is_reported(actions: list[str], what: str) -> None:
    """Once, with what to do."""
    assert may(allow(actions, Resource=WEB)) == [
        f"role ci may {what}, but not ecr:GetAuthorizationToken on '*': every {what} ends in 403; fix: allow "  # noqa: ISC004
        "ecr:GetAuthorizationToken on '*' in a statement of its own; in the CDK, "
        f"ecr.AuthorizationToken.grant_read(role), or AccessibleRepository.grant_{what}(role), which renders both"
    ]


@pytest.mark.parametrize(
    "statements",
    [
        [allow("ecr:*", Resource=WEB)],
        [allow(PULL, Resource=PARAMETER)],
        [allow([*PULL, "logs:*"], Resource="*")],
        [allow("*", Resource=WEB)],
        [allow("*", Resource={"Fn::Sub": "arn:${AWS::Partition}:ecr:*"})],
        [allow(PULL, Resource=WEB), allow(TOKEN, "Deny", Resource="*")],
        [allow([*PULL, TOKEN], Resource=WEB)],
    ],
)
def test_however_it_is_written(statements: list[Any]) -> None:
    """By a wildcard, on an unknown repository, with the token where it has no effect."""
    assert len(may(*statements)) == 1


@pytest.mark.parametrize(
    "statements",
    [
        [allow(PULL, Resource=WEB), allow(TOKEN, Resource="*")],
        [allow([*PULL, TOKEN], Resource="*")],
        [allow([*PULL, TOKEN], Resource=PARAMETER)],
        [allow(PULL, Resource=WEB), allow("ecr:Get*", Resource="*")],
        [allow(PULL, Resource=WEB), allow(TOKEN, Resource="*", Condition=CONDITION)],
        [allow(PULL, Resource=WEB), {"Fn::If": ["A", allow(TOKEN, Resource="*"), NOTHING]}],
        [allow(PULL, Resource=WEB), {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}],
        [allow(PULL, Resource=WEB, Condition=CONDITION)],
        [allow(PULL, "Deny", Resource=WEB)],
        [allow(PARAMETER, Resource=WEB)],
        [allow("ecr:BatchGetImage", Resource=WEB)],
        [allow("*", Resource="arn:aws:s3:::bucket/*")],
        [allow("*", Resource=PARAMETER)],
    ],
)
def test_who_has_it_or_may_is_not(statements: list[Any]) -> None:
    """Nor who reads manifests alone, or what is none of ECR's."""
    assert may(*statements) == []


@pytest.mark.parametrize(
    "arns",
    [
        [PARAMETER],
        ["arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly"],
        ["arn:aws:iam::111122223333:policy/own"],
    ],
)
def test_a_managed_policy_may_grant_it(arns: list[object]) -> None:
    """One that is known to, or that is not known."""
    assert may(allow(PULL, Resource=WEB), ManagedPolicyArns=arns) == []


def test_one_that_is_known_not_to_does_not() -> None:
    """As most execution roles of Lambda have it."""
    assert (
        len(may(allow(PULL, Resource=WEB), ManagedPolicyArns=["arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy"]))
        == 1
    )


def test_a_policy_of_its_own_counts_and_is_where_it_is_reported() -> None:
    """In another template too."""
    policy = {
        "Type": "AWS::IAM::Policy",
        "Properties": {"Roles": ["ci"], "PolicyDocument": {"Statement": allow(PULL, Resource=WEB)}},
    }
    (found,) = RULE.check(app_of({"Role": role()}, {"Policy": policy}))
    assert (found.resource.logical_id, found.path) == ("Policy", "Properties.PolicyDocument.Statement")


def test_a_user_is_reported_and_a_group_is_not() -> None:
    """The group's members may get it from another."""
    properties = role(allow(PULL, Resource=WEB))["Properties"]
    user = {"Type": "AWS::IAM::User", "Properties": {**properties, "UserName": "ci"}}
    group = {"Type": "AWS::IAM::Group", "Properties": {**properties, "GroupName": "ci"}}
    (found,) = findings(RULE, app_of({"User": user, "Group": group}))
    assert found.startswith("user ci may pull,")
    assert "grant_read(user)" in found


def test_the_cdk_renders_what_it_is_told_and_our_grant_both(app: App, stack: Stack) -> None:
    """The same role, but for the token."""
    for id_ in ("Web", "Api"):
        made = iam.Role(stack, f"{id_}Role", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
        if id_ == "Web":
            made.add_to_policy(iam.PolicyStatement(actions=PULL, resources=["*"]))
        else:
            AccessibleRepository(stack, id_, repository_name="api").grant_pull(made)
    ecr.Repository(stack, "Other")
    (found,) = RULE.check(synthesized(app))
    assert found.resource.logical_id.startswith("WebRole")


@pytest.mark.parametrize(
    ("second", "count"),
    [(WEB, 1), ("*", 1), (f"{WEB[:-3]}*", 1), (f"{WEB}-other", 0), (PARAMETER, 0)],
)
def test_actions_that_are_allowed_one_by_one_count_together(second: object, count: int) -> None:
    """If they are certainly on the same repository."""
    statements = [allow(PULL[0], Resource=WEB), allow(PULL[1], Resource=second)]
    assert len(may(*statements)) == count
    assert len(may(*reversed(statements))) == count


@pytest.mark.parametrize("action", ["lambda:CreateFunction", "lambda:UpdateFunctionCode", "lambda:*"])
def test_who_deploys_functions_may_read_their_images_without_it(action: str) -> None:
    """Lambda demands the permission and pulls by itself; who pushes needs the token all the same."""
    deploys = allow(action, Resource="*")
    assert may(deploys, allow(PULL, Resource=WEB)) == []
    assert len(may(deploys, allow([*PULL, *PUSH], Resource=WEB))) == 1
    assert len(may(allow("lambda:InvokeFunction", Resource="*"), allow(PULL, Resource=WEB))) == 1


@pytest.mark.parametrize(
    ("statement", "count"),
    [
        ({"Effect": "Allow", "NotAction": "ecr:Get*", "Resource": "*"}, 1),
        ({"Effect": "Allow", "NotAction": "iam:*", "NotResource": WEB}, 0),
        ({"Effect": "Allow", "NotAction": PARAMETER, "Resource": "*"}, 0),
        (allow(TOKEN, NotResource="*"), 1),
        (allow(TOKEN, NotResource=PARAMETER), 0),
    ],
)
def test_all_but_some_is_read(statement: dict[str, Any], count: int) -> None:
    """Where it leaves the token out for sure, it is missing."""
    assert len(may(allow(PULL, Resource=WEB), statement)) == count


def test_all_but_some_of_a_bucket_is_none_of_ecrs() -> None:
    """However much it allows."""
    assert may({"Effect": "Allow", "NotAction": "s3:DeleteBucket", "Resource": "arn:aws:s3:::bucket/*"}) == []


@pytest.mark.parametrize(
    ("principal", "pulls", "pushes"),
    [
        ({"Service": "lambda.amazonaws.com"}, 0, 1),
        ({"Service": "omics.amazonaws.com"}, 0, 0),
        ({"Service": ["ec2.amazonaws.com", "new-service.amazonaws.com"]}, 0, 0),
        ({"Service": PARAMETER}, 0, 0),
        (PARAMETER, 0, 0),
        ({"Service": "ecs-tasks.amazonaws.com"}, 1, 1),
        ({"Service": "pods.eks.amazonaws.com"}, 1, 1),
        ({"Service": {"Fn::Sub": "ec2.${AWS::URLSuffix}"}}, 1, 1),
        ({"Service": ["ec2.amazonaws.com", "codebuild.amazonaws.com"]}, 1, 1),
        ({"Federated": "cognito-identity.amazonaws.com"}, 1, 1),
        ({"AWS": "arn:aws:iam::111122223333:root"}, 1, 1),
    ],
)
@pytest.mark.parametrize("region", ["eu-west-1", ""])
def test_a_service_that_is_not_known_to_sign_in_may_do_without_it(
    principal: dict[str, Any], pulls: int, pushes: int, region: str
) -> None:
    """As Lambda, which pulls by itself, and whose code needs the token to push."""
    trust = {"Statement": [allow("sts:AssumeRole", Principal=principal)]}
    checks_layers = [*PUSH, "ecr:BatchCheckLayerAvailability"]
    for actions, count in ((PULL, pulls), (checks_layers, pushes)):
        made = role(allow(actions, Resource=WEB), AssumeRolePolicyDocument=trust)
        assert len(findings(RULE, app_of({"Role": made}, region=region))) == count


def test_what_one_statement_allows_another_takes() -> None:
    """The fix is there, then."""
    (found,) = may(allow("ecr:*", Resource="*"), allow(TOKEN, "Deny", Resource="*"))
    assert "role ci may pull, but not ecr:GetAuthorizationToken on '*'" in found
    at = "Role.Properties.Policies[0].PolicyDocument.Statement[1]"
    assert found.endswith(f"fix: leave {TOKEN} out of what the statement {at} denies")


@pytest.mark.parametrize(
    "denied",
    [
        allow("ecr:*", "Deny", Resource="*"),
        allow([TOKEN, PULL[0], PUSH[1]], "Deny", Resource="*"),
        allow(TOKEN, "Deny", Resource="*", Condition=CONDITION),
        allow(TOKEN, "Deny", Resource=WEB),
        allow(TOKEN, "Deny", Resource=PARAMETER),
        {"Effect": PARAMETER, "Action": TOKEN, "Resource": "*"},
        {"Effect": "Deny", "NotAction": ["ecr:Get*", "s3:*"], "Resource": "*"},
    ],
)
def test_who_may_not_pull_either_or_only_perhaps_is_not(denied: dict[str, Any]) -> None:
    """A denial under a condition, or on something else, takes nothing for sure."""
    assert may(allow("ecr:*", Resource="*"), denied) == []


def test_a_denial_that_is_attached_under_a_condition_takes_nothing_for_sure() -> None:
    """The policy may not be made."""
    document = {"Statement": allow(TOKEN, "Deny", Resource="*")}
    policy = {"Type": "AWS::IAM::Policy", "Properties": {"Roles": ["ci"], "PolicyDocument": document}}
    ci = role(allow("ecr:*", Resource="*"))
    assert len(findings(RULE, app_of({"Role": ci, "Policy": policy}))) == 1
    assert findings(RULE, app_of({"Role": ci, "Policy": {**policy, "Condition": "IsProduction"}})) == []


@pytest.mark.parametrize(("bounded", "count"), [("ecr:Batch*", 0), (PULL, 1), (["ecr:*", "s3:*"], 0), (PARAMETER, 0)])
def test_a_permissions_boundary_may_leave_the_token_out(bounded: object, count: int) -> None:
    """And the pull too, of which there is nothing to say then."""
    boundary = {
        "Type": "AWS::IAM::ManagedPolicy",
        "Properties": {"PolicyDocument": {"Statement": allow(bounded, Resource="*")}},
    }
    ci = role(allow("ecr:*", Resource="*"), PermissionsBoundary={"Ref": "Boundary"})
    found = findings(RULE, app_of({"Role": ci, "Boundary": boundary}))
    assert len(found) == count
    assert all(one.endswith(f"fix: allow {TOKEN} on '*' in the permissions boundary of the role too") for one in found)


def test_code_of_lambda_that_asks_for_no_layers_uploads_by_the_api() -> None:
    """As the roles of AWS for products of SageMaker do, which have no token."""
    trust = {"Statement": [allow("sts:AssumeRole", Principal={"Service": "lambda.amazonaws.com"})]}
    uploads = [*PUSH, "ecr:CompleteLayerUpload", "ecr:CreateRepository", "ecr:InitiateLayerUpload"]
    made = role(allow(uploads, Resource=WEB), AssumeRolePolicyDocument=trust)
    assert findings(RULE, app_of({"Role": made})) == []
