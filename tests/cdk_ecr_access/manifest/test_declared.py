"""What a manifest declares is made, under ids that follow from its names alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App, Duration, Environment, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk.assertions import Annotations, Match, Template
from constructs import Construct
from hypothesis import given
from hypothesis import strategies as st

from cdk_ecr_access import AccessCheck, AccessibleRepository
from cdk_ecr_access.manifest.declared import DeclaredRepositories, existing_id
from cdk_ecr_access.testing import snapshot_of
from ecr_access.manifest import ManifestError, parse_manifest
from ecr_access.manifest.deployed import repository_id

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

OWN = "111122223333"
OTHER = "444455556666"
KEY = f"arn:aws:kms:eu-west-1:{OWN}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
THERE = f"arn:aws:ecr:eu-west-1:{OTHER}:repository/platform/base"
PUSH = Match.array_with(["ecr:PutImage"])
PULL = Match.array_with(["ecr:GetDownloadUrlForLayer"])


def declared(**manifest: Any) -> DeclaredRepositories:
    """Make what a manifest declares in a stack of a known account."""
    stack = Stack(App(), "Stack", env=Environment(account=OWN, region="eu-west-1"))
    return DeclaredRepositories(stack, "Declared", manifest=parse_manifest(manifest, source="a test"))


def template_of(construct: DeclaredRepositories) -> Template:
    """Synthesize the construct's stack."""
    return Template.from_stack(Stack.of(construct))


def repository_policy(**repository: Any) -> list[dict[str, Any]]:
    """Return the statements on the repository side of one repository."""
    template = template_of(declared(repositories=[{"name": "base", **repository}]))
    (found,) = template.find_resources("AWS::ECR::Repository").values()
    statements: list[dict[str, Any]] = found["Properties"]["RepositoryPolicyText"]["Statement"]
    return statements


def test_each_repository_is_made_with_the_librarys_defaults() -> None:
    """A declared repository is an AccessibleRepository, found by its name."""
    made = declared(repositories=[{"name": "team/app"}, {"name": "base"}])
    assert list(made.repositories) == ["team/app", "base"]
    assert all(isinstance(one, AccessibleRepository) for one in made.repositories.values())
    template_of(made).has_resource(
        "AWS::ECR::Repository",
        {
            "DeletionPolicy": "RetainExceptOnCreate",
            "Properties": {"RepositoryName": "team/app", "ImageTagMutability": "IMMUTABLE"},
        },
    )


def test_a_role_is_assumed_by_this_account_by_default() -> None:
    """The example deploys into any account because no account is written down."""
    made = declared(roles={"ci": {}}, repositories=[{"name": "base", "push": ["ci"]}])
    assert list(made.roles) == ["ci"]
    root = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, f":iam::{OWN}:root"]]}
    template_of(made).has_resource_properties(
        "AWS::IAM::Role",
        {
            "Description": "Role 'ci' of the ECR access manifest",
            "AssumeRolePolicyDocument": {"Statement": [{"Action": "sts:AssumeRole", "Principal": {"AWS": root}}]},
        },
    )


def test_a_role_is_assumed_by_the_principals_that_the_manifest_names() -> None:
    """Every kind of principal may assume a role, several at once too."""
    arn = f"arn:aws:iam::{OTHER}:role/deployer"
    names = [arn, OTHER, "o-abc1234567", "codebuild.amazonaws.com"]
    template = template_of(
        declared(roles={"ci": {"assumed_by": names}}, repositories=[{"name": "base", "push": ["ci"]}])
    )
    (role,) = template.find_resources("AWS::IAM::Role", {"Properties": {"Description": Match.any_value()}}).values()
    root = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, f":iam::{OTHER}:root"]]}
    trusted = [
        (one["Principal"], one.get("Condition")) for one in role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    ]
    assert trusted == [
        ({"AWS": arn}, None),
        ({"AWS": root}, None),
        ({"AWS": "*"}, {"StringEquals": {"aws:PrincipalOrgID": "o-abc1234567"}}),
        ({"Service": "codebuild.amazonaws.com"}, None),
    ]


def test_a_role_of_the_manifest_is_granted_on_the_identity_side() -> None:
    """Its own policy allows the actions and the token; the repository has no policy."""
    template = template_of(declared(roles={"ci": {}}, repositories=[{"name": "base", "push": ["ci"]}]))
    template.has_resource_properties("AWS::ECR::Repository", {"RepositoryPolicyText": Match.absent()})
    template.has_resource_properties(
        "AWS::IAM::Policy",
        {
            "PolicyDocument": {
                "Statement": Match.array_with(
                    [
                        Match.object_like({"Action": PUSH}),
                        Match.object_like({"Action": "ecr:GetAuthorizationToken", "Resource": "*"}),
                    ]
                )
            }
        },
    )


def test_pull_and_push_are_granted_to_the_principals_named_under_each() -> None:
    """No principal gets the other level."""
    pulls, pushes = repository_policy(pull=[f"arn:aws:iam::{OWN}:role/a"], push=[f"arn:aws:iam::{OWN}:user/b"])
    assert pulls["Principal"] == {"AWS": f"arn:aws:iam::{OWN}:role/a"}
    assert "ecr:PutImage" not in pulls["Action"]
    assert pushes["Principal"] == {"AWS": f"arn:aws:iam::{OWN}:user/b"}
    assert "ecr:PutImage" in pushes["Action"]


@pytest.mark.parametrize(
    ("name", "part"),
    [
        (f"arn:aws:iam::{OWN}:role/ci", ("Principal", f"arn:aws:iam::{OWN}:role/ci")),
        (f"arn:aws:iam::{OTHER}:role/ci", ("Condition", f"arn:aws:iam::{OTHER}:role/ci")),
        (OTHER, ("Principal", f":iam::{OTHER}:root")),
        ("o-abc1234567", ("Condition", "'aws:PrincipalOrgID': 'o-abc1234567'")),
        ("o-abc1234567/r-ab12/", ("Condition", "{'aws:PrincipalOrgPaths': 'o-abc1234567/r-ab12/'}")),
        (
            f"arn:aws:iam::{OTHER}:role/ci-*",
            ("Condition", f"{{'ArnLike': {{'aws:PrincipalArn': 'arn:aws:iam::{OTHER}:"),
        ),
        ("codebuild.amazonaws.com", ("Principal", "codebuild.amazonaws.com")),
        ("codebuild.amazonaws.com", ("Condition", f"{{'StringEquals': {{'aws:SourceAccount': '{OWN}'}}}}")),
    ],
)
def test_a_principal_that_is_not_the_manifests_is_granted_on_the_repository_side(
    name: str, part: tuple[str, str]
) -> None:
    """A manifest never edits the policies of a role that it does not own."""
    element, text = part
    (statement,) = repository_policy(pull=[name])
    assert text in str(statement[element])


def test_refused_grants_are_all_reported_with_their_paths() -> None:
    """What only the deployment's account tells is reported as the rest is, not as a traceback."""
    with pytest.raises(ManifestError) as raised:
        declared(repositories=[{"name": "base", "pull": [OTHER, OWN]}, {"name": "app", "push": [OWN]}])
    assert [problem.at for problem in raised.value.problems] == ["repositories[0].pull[1]", "repositories[1].push[0]"]
    assert "the repository's own" in raised.value.problems[0].message


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        (
            "propagation-seconds",
            "500",
            "propagation is '500' seconds; allowed: a whole number from 0 to 240, given in the context '",
        ),
        ("allow-undetermined", "yes", "the context 'cdk-ecr-access:allow-undetermined' is 'yes'; allowed: "),
        ("report", "true", "the context 'cdk-ecr-access:report' is not known; allowed: "),
    ],
)
def test_a_setting_that_is_not_valid_is_told_once_and_not_of_an_entry(key: str, value: str, words: str) -> None:
    """No grant is wrong, however many there are."""
    stack = Stack(App(context={f"cdk-ecr-access:{key}": value}), "Stack")
    manifest = {"roles": {"ci": {}}, "repositories": [{"name": "team/web", "push": ["ci"], "pull": ["ci"]}]}
    with pytest.raises(ManifestError) as caught:
        DeclaredRepositories(stack, "Declared", manifest=parse_manifest(manifest, source="images.yaml"))
    headline, told, _code = str(caught.value).splitlines()
    assert headline == "1 problem in the context (cdk.json); nothing was synthesized"
    assert told.startswith(f"  {words}")
    assert stack.node.children == []


def test_a_role_that_is_granted_nothing_is_warned_about() -> None:
    """It is no error, because the last grant may go before the role does, but probably a slip."""
    made = declared(roles={"ci": {}, "old": {}}, repositories=[{"name": "base", "pull": ["ci"]}])
    warnings = Annotations.from_stack(Stack.of(made)).find_warning("*", Match.string_like_regexp("may reach no"))
    assert [warning.id for warning in warnings] == ["/Stack/Declared/Role:old"]


def test_logical_ids_do_not_depend_on_the_order_of_the_manifest() -> None:
    """A repository under another logical id would be made again, and fail because its name is taken."""
    entries = [{"name": "team/app", "push": ["ci"]}, {"name": "base"}]
    one = template_of(declared(roles={"ci": {}, "b": {}}, repositories=entries))
    two = template_of(declared(roles={"b": {}, "ci": {}}, repositories=entries[::-1]))
    assert {*one.to_json()["Resources"]} == {*two.to_json()["Resources"]}


def test_the_ids_of_the_children_are_the_contract() -> None:
    """Who changes these makes every user's repositories anew."""
    made = declared(roles={"web-deploy": {}}, repositories=[{"name": "team/app", "push": ["web-deploy"]}])
    assert [child.node.id for child in made.node.children] == ["Role:web-deploy", "Repository:team:app"]


def test_names_that_differ_only_in_their_joints_are_two_repositories() -> None:
    """A '/' in an id becomes '--' in the CDK, and a name may have that."""
    names = ["a/b", "a--b", "a-b", "a.b", "a_b", "a__b", "ab"]
    template_of(declared(repositories=[{"name": name} for name in names])).resource_count_is(
        "AWS::ECR::Repository", len(names)
    )


@given(st.lists(st.text(alphabet="ab._-/", max_size=6), unique=True))
def test_two_names_never_share_an_id(names: list[str]) -> None:
    """Nor would the CDK change the id that it is given."""
    ids = {repository_id(name) for name in names}
    assert len(ids) == len(names)
    assert not any("/" in one for one in ids)


def test_pull_push_and_read_are_granted_to_those_named_under_each() -> None:
    """One principal does both, another describes images and gets no more."""
    both, reads = repository_policy(pull_push=[f"arn:aws:iam::{OWN}:role/a"], read=[f"arn:aws:iam::{OWN}:role/b"])
    assert {"ecr:PutImage", "ecr:GetDownloadUrlForLayer"} <= set(both["Action"])
    assert reads["Action"] == ["ecr:DescribeRepositories", "ecr:DescribeImages"]


def test_lambda_functions_of_accounts_pull() -> None:
    """Lambda itself, and the account whose roles create the functions."""
    service, account = repository_policy(lambda_accounts=[OWN, OTHER])
    assert service["Principal"] == {"Service": "lambda.amazonaws.com"}
    assert f":iam::{OTHER}:root" in str(account["Principal"])


def test_tags_at_the_top_are_on_every_resource_and_tags_of_a_repository_on_it_alone() -> None:
    """The nearer value counts."""
    template = template_of(
        declared(
            tags={"team": "a", "cost": "1"},
            roles={"ci": {}},
            repositories=[{"name": "base", "push": ["ci"], "tags": {"team": "b"}}],
        )
    )
    one, two = {"Key": "cost", "Value": "1"}, {"Key": "team", "Value": "b"}
    template.has_resource_properties("AWS::ECR::Repository", {"Tags": [one, two]})
    template.has_resource_properties("AWS::IAM::Role", {"Tags": [one, {"Key": "team", "Value": "a"}]})


def test_a_repository_that_exists_is_looked_up_and_granted_on_the_identity_side() -> None:
    """Nothing of it is changed, and a role of the manifest needs no more."""
    made = declared(roles={"ci": {}}, existing=[{"name": "platform/base", "pull": ["ci"]}])
    template = template_of(made)
    template.resource_count_is("AWS::ECR::Repository", 0)
    template.has_resource_properties(
        "AWS::IAM::Policy", {"PolicyDocument": {"Statement": Match.array_with([Match.object_like({"Action": PULL})])}}
    )
    assert list(made.existing) == ["platform/base"]
    assert not Annotations.from_stack(Stack.of(made)).find_warning("*", Match.string_like_regexp("may reach no"))


def test_a_grant_that_the_policy_of_an_existing_repository_must_make_is_refused() -> None:
    """Unless the manifest says that it does, which the check proves."""
    entries: list[dict[str, Any]] = [{"name": "base", "pull": [OTHER]}, {"arn": THERE, "lambda_accounts": [OWN]}]
    with pytest.raises(ManifestError) as raised:
        declared(existing=entries)
    assert [problem.at for problem in raised.value.problems] == ["existing[0].pull[0]", "existing[1].lambda_accounts"]
    assert list(declared(existing=[{**one, "policy_covers_grants": True} for one in entries]).existing) == [
        "base",
        THERE,
    ]


@pytest.mark.parametrize(
    ("called", "id_"),
    [("team/app", "Existing:team:app"), (THERE, f"Existing:platform:base@{OTHER}:eu-west-1")],
)
def test_the_id_of_an_existing_repository_is_the_contract(called: str, id_: str) -> None:
    """A name holds no ``@``, so that none is the id of an ARN."""
    assert existing_id(called) == id_


def test_a_manifest_with_everything(template_snapshot: SnapshotAssertion) -> None:
    """Every key, every kind of principal."""
    service = {"service": "codebuild.amazonaws.com"}
    made = declared(
        tags={"team": "platform"},
        roles={"ci": {}, "builder": {"assumed_by": [{**service, "source_account": OWN}, "o-abc1234567/r-ab12/"]}},
        repositories=[
            {
                "name": "team/app",
                "pull": [
                    "builder",
                    f"arn:aws:iam::{OWN}:role/web",
                    f"arn:aws:iam::{OTHER}:role/ci-*",
                    OTHER,
                    "o-abc1234567",
                    "o-abc1234567/r-ab12/ou-ab12-11111111/*",
                    "ecs.amazonaws.com",
                    {**service, "source_arn": f"arn:aws:codebuild:eu-west-1:{OTHER}:project/app"},
                ],
                "push": ["ci"],
                "pull_push": [f"arn:aws:iam::{OWN}:user/dev"],
                "read": [f"arn:aws:iam::{OWN}:role/audit"],
                "lambda_accounts": [OWN, OTHER],
                "encryption": {"type": "KMS", "key": KEY},
                "lifecycle": [
                    {"tag_patterns": ["pr-*"], "max_image_age_days": 14, "priority": 1, "description": "previews"},
                    {"tag_prefixes": ["v"], "action": "archive", "not_pulled_for_days": 90},
                    {"tag_prefixes": ["v"], "archived_for_days": 365},
                    {"tag_status": "untagged", "max_image_count": 3},
                ],
                "tag_mutability": "immutable",
                "mutability_exclusions": ["latest", "pr-*"],
                "scan_on_push": False,
                "removal_policy": "destroy",
                "empty_on_delete": True,
                "tags": {"tier": "1"},
            }
        ],
        existing=[
            {"name": "platform/base", "pull": ["ci"]},
            {"arn": THERE, "pull": ["ci"], "policy_covers_grants": True},
        ],
    )
    assert snapshot_of(Stack.of(made)) == template_snapshot


def _template_without_manifest() -> dict[str, Any]:
    """Declare in Python, under the ids of a manifest, what ``CHECKED`` does."""
    stack = Stack(App(), "Stack", env=Environment(account=OWN, region="eu-west-1"))
    stack.node.set_context("cdk-ecr-access:subnets", SUBNET)
    stack.node.set_context("cdk-ecr-access:security-groups", GROUP)
    AccessCheck(
        stack,
        log_retention=logs.RetentionDays.ONE_YEAR,
        log_encryption_key=kms.Key.from_key_arn(stack, "Key", KEY),
        propagation=Duration.seconds(5),
        report_only=True,
        log_allowed=True,
        images=True,
    )
    scope = Construct(stack, "Declared")
    repository = AccessibleRepository(scope, "Repository:base", repository_name="base")
    repository.grant_pull(iam.AccountPrincipal(OTHER))
    return dict(Template.from_stack(stack).to_json())


SUBNET, GROUP = "subnet-0123456789abcdef0", "sg-0123456789abcdef0"
CHECKED: dict[str, Any] = {
    "check": {
        "subnets": [SUBNET],
        "security_groups": [GROUP],
        "log_retention_days": 365,
        "log_encryption_key": KEY,
        "propagation_seconds": 5,
        "report_only": True,
        "log_allowed": True,
        "images": True,
    },
    "repositories": [{"name": "base", "pull": [OTHER]}],
}


def test_the_settings_of_the_check_render_what_they_do_in_python() -> None:
    """The very template."""
    assert template_of(declared(**CHECKED)).to_json() == _template_without_manifest()


def test_the_context_goes_before_the_manifest() -> None:
    """So that a command line holds for one deployment."""
    app = App(context={"cdk-ecr-access:report-only": "false", "cdk-ecr-access:propagation-seconds": "7"})
    stack = Stack(app, "Stack", env=Environment(account=OWN, region="eu-west-1"))
    DeclaredRepositories(stack, "Declared", manifest=parse_manifest(CHECKED, source="a test"))
    (check,) = Template.from_stack(stack).find_resources("Custom::EcrAccessCheck").values()
    assert check["Properties"]["PropagationSeconds"] == "7"
    assert "ReportOnly" not in check["Properties"]


def test_settings_come_too_late_for_a_check_that_is_there() -> None:
    """It would keep its own, silently."""
    stack = Stack(App(), "Stack", env=Environment(account=OWN, region="eu-west-1"))
    AccessCheck(stack)
    with pytest.raises(ManifestError, match="check: the stack's access check was made before, without these settings"):
        DeclaredRepositories(stack, "Declared", manifest=parse_manifest(CHECKED, source="a test"))


def test_a_key_of_another_region_than_the_stacks_is_told_at_its_place() -> None:
    """Where the manifest names no Region."""
    key = KEY.replace("eu-west-1", "us-east-1")
    with pytest.raises(ManifestError) as raised:
        declared(repositories=[{"name": "base", "encryption": {"type": "KMS", "key": key}}])
    (problem,) = raised.value.problems
    assert problem.at == "repositories[0].encryption.key"


def test_all_settings_that_are_wrong_are_told_at_once() -> None:
    """Flags, and where the function runs."""
    context = {"report-only": "maybe", "log-allowed": "perhaps", "log-retention-days": "364"}
    stack = Stack(App(context={f"cdk-ecr-access:{key}": value for key, value in context.items()}), "Stack")
    with pytest.raises(ManifestError) as raised:
        DeclaredRepositories(
            stack, "Declared", manifest=parse_manifest({"repositories": [{"name": "base"}]}, source="")
        )
    assert all(f"the context 'cdk-ecr-access:{key}' is " in str(raised.value) for key in context)


def test_a_place_is_taken_from_one_source_alone() -> None:
    """Subnets of the context and security groups of the manifest may be of two VPCs."""
    stack = Stack(App(context={"cdk-ecr-access:subnets": SUBNET}), "Stack")
    with pytest.raises(ManifestError, match="a function in a VPC needs both"):
        DeclaredRepositories(stack, "Declared", manifest=parse_manifest(CHECKED, source="a test"))
