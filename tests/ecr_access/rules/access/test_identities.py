"""Roles, users and groups, and every policy that counts for them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ecr_access.documents.templates.template import Template
from ecr_access.documents.templates.unknowns import shown
from ecr_access.iam.ternary import Ternary
from ecr_access.rules.access.application import Application
from tests.cdk_ecr_access.rules.apps import app

if TYPE_CHECKING:
    from ecr_access.rules.access.identities import Identity

TOKEN = "ecr:GetAuthorizationToken"  # noqa: S105 -- an action
AWS = "arn:aws:iam::aws:policy"
NOTHING = {"Ref": "AWS::NoValue"}
SAID = {Ternary.YES: True, Ternary.NO: False, Ternary.MAYBE: None}


def document(action: object = TOKEN, effect: object = "Allow", **more: object) -> dict[str, Any]:
    """A policy with one statement."""
    return {"Statement": [{"Effect": effect, "Action": action, "Resource": "*", **more}]}


def role(**properties: object) -> dict[str, Any]:
    """A role."""
    return {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "ci", **properties}}


def policy(kind: str = "Policy", action: object = TOKEN, **properties: object) -> dict[str, Any]:
    """A policy that is a resource of its own."""
    return {"Type": f"AWS::IAM::{kind}", "Properties": {"PolicyDocument": document(action), **properties}}


def only(application: Application) -> Identity:
    """The one identity of an app."""
    (found,) = application.identities
    return found


def may(*templates: dict[str, Any]) -> bool | None:
    """Whether the one identity of an app may get a token."""
    return SAID[only(app(*templates)).may(TOKEN, "*")]


@pytest.mark.parametrize(
    "resources",
    [
        {"A": role(Policies=[{"PolicyName": "p", "PolicyDocument": document()}])},
        {"A": role(Policies=[{"PolicyName": "p", "PolicyDocument": json.dumps(document())}])},
        {"A": role(), "P": policy(Roles=["ci"], PolicyDocument={"Fn::ToJsonString": document()})},
        {"A": role(Policies=[NOTHING, {"PolicyName": "p", "PolicyDocument": document("ecr:*")}])},
        {"A": role(Policies=[{"PolicyName": "p", "PolicyDocument": document(["s3:*", "ECR:getauth*"])}])},
        {"A": role(), "P": policy(Roles=["ci"])},
        {"A": role(), "P": policy(Roles=[{"Ref": "A"}])},
        {"A": role(RoleName=NOTHING), "P": policy(Roles=[{"Ref": "A"}])},
        {"A": role(), "P": policy("RolePolicy", RoleName="ci")},
        {"A": role(), "P": policy("ManagedPolicy", Roles=["ci"])},
        {"A": role(ManagedPolicyArns=[{"Ref": "P"}]), "P": policy("ManagedPolicy")},
        {"A": role(ManagedPolicyArns=[f"{AWS}/AmazonEC2ContainerRegistryReadOnly"])},
        {"A": role(ManagedPolicyArns=[{"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/PowerUserAccess"}])},
        {"A": role(ManagedPolicyArns=[f"{AWS}/AmazonEKSFargatePodExecutionRolePolicy"])},
        {"A": {"Type": "AWS::IAM::User", "Properties": {"UserName": "u"}}, "P": policy("UserPolicy", UserName="u")},
        {"A": {"Type": "AWS::IAM::User", "Properties": {}}, "P": policy(Users=[{"Ref": "A"}])},
        {"A": {"Type": "AWS::IAM::Group", "Properties": {}}, "P": policy("GroupPolicy", GroupName={"Ref": "A"})},
    ],
)
def test_a_policy_counts_wherever_it_is_attached(resources: dict[str, Any]) -> None:
    """In the identity, beside it, managed, of AWS."""
    assert may(resources) is True


@pytest.mark.parametrize(
    "resources",
    [
        {"A": role()},
        {"A": role(Policies=NOTHING, ManagedPolicyArns=[NOTHING])},
        {"A": role(Policies=[{"PolicyName": "p", "PolicyDocument": document("s3:*")}])},
        {"A": role(Policies=[{"PolicyName": "p", "PolicyDocument": document(effect="Deny")}])},
        {"A": role(), "P": policy(Roles=["ci"], PolicyDocument=json.dumps(document("s3:*")))},
        {"A": role(), "P": policy(Roles=["other"])},
        {"A": role(), "P": policy(Users=["ci"])},
        {"A": role(ManagedPolicyArns=[f"{AWS}/service-role/AWSLambdaBasicExecutionRole"])},
        {"A": role(ManagedPolicyArns=[f"{AWS}/AmazonElasticContainerRegistryPublicFullAccess"])},
    ],
)
def test_what_is_known_in_full_may_be_denied(resources: dict[str, Any]) -> None:
    """Nothing else can grant it."""
    assert may(resources) is False


@pytest.mark.parametrize(
    "resources",
    [
        {"A": role(Policies=[{"PolicyName": "p", "PolicyDocument": document({"Ref": "Parameter"})}])},
        {"A": role(Policies=[{"PolicyName": "p", "PolicyDocument": document(effect={"Ref": "Parameter"})}])},
        {"A": role(Policies=[{"PolicyName": "p", "PolicyDocument": document(Condition={"Bool": {"a": "b"}})}])},
        {"A": role(Policies=[{"PolicyName": "p", "PolicyDocument": {"Statement": [{"Fn::If": ["A", {}, {}]}]}}])},
        {"A": role(Policies=[{"PolicyName": "p", "PolicyDocument": {"Fn::If": ["A", document(), NOTHING]}}])},
        {"A": role(Policies=[{"Fn::If": ["A", {"PolicyName": "p", "PolicyDocument": document()}, NOTHING]}])},
        {"A": role(Policies=[{"PolicyName": "p", "PolicyDocument": "{}"}])},
        {"A": role(Policies={"Fn::If": ["A", [], NOTHING]})},
        {"A": role(ManagedPolicyArns=[{"Ref": "Parameter"}])},
        {"A": role(ManagedPolicyArns={"Fn::If": ["A", [], []]})},
        {"A": role(ManagedPolicyArns=[f"{AWS}/SomeNewPolicy"])},
        {
            "A": role(ManagedPolicyArns=[{"Ref": "P"}]),
            "P": policy("ManagedPolicy", PolicyDocument={"Statement": [{"Fn::If": ["A", {}, NOTHING]}]}),
        },
        {"A": role(), "P": policy(Roles=["ci"], PolicyDocument={"Ref": "Parameter"})},
        {"A": role(), "P": policy(Roles=[{"Ref": "Parameter"}])},
        {"A": role(), "P": policy(Roles={"Fn::If": ["A", ["ci"], ["other"]]})},
        {"A": role(), "P": policy(Roles=[{"Fn::Sub": "c${Parameter}"}])},
        {"A": {"Type": "AWS::IAM::User", "Properties": {"Groups": ["g"]}}},
        {
            "A": {"Type": "AWS::IAM::User", "Properties": {"UserName": "u"}},
            "G": {"Type": "AWS::IAM::UserToGroupAddition", "Properties": {"GroupName": "g", "Users": ["u"]}},
        },
    ],
)
def test_what_only_the_deployment_knows_leaves_it_open(resources: dict[str, Any]) -> None:
    """It may be granted there."""
    assert may(resources) is None


@pytest.mark.parametrize(
    "more",
    [
        {"Transform": "SomeMacro"},
        {"Transform": ["AWS::Serverless-2016-10-31", {"Name": "AWS::Include"}]},
        {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://bucket/policies.yaml"}}},
    ],
)
def test_a_macro_may_add_policies(more: dict[str, Any]) -> None:
    """What it makes of the template, only the deployment knows."""
    assert may({"Resources": {"A": role()}, **more}) is None


def test_a_loop_may_add_policies() -> None:
    """It is no resource, but makes some."""
    assert may({"A": role(), "Fn::ForEach::Policies": ["Name", ["a"], {}]}) is None


def test_the_macro_of_sam_adds_none() -> None:
    """What it makes are roles of its own."""
    assert may({"Resources": {"A": role()}, "Transform": "AWS::Serverless-2016-10-31"}) is False


@pytest.mark.parametrize(
    "macro", ["AWS::CodeDeployBlueGreen", "AWS::SecretsManager-2020-07-23", "AWS::SecretsManager-2024-09-16"]
)
def test_other_macros_of_aws_add_none_either(macro: str) -> None:
    """The CDK names that of Secrets Manager for every rotation that it hosts."""
    assert may({"Resources": {"A": role()}, "Transform": macro}) is False


def test_a_name_that_cannot_be_meant_leaves_nothing_open() -> None:
    """What is known of it suffices."""
    assert may({"A": role(), "P": policy(Roles=[{"Fn::Sub": "build-${Parameter}"}])}) is False


def test_policies_of_other_templates_count() -> None:
    """All templates are one app."""
    assert may({"A": role()}, {"P": policy(Roles=["ci"])}) is True


def exporting(value: object) -> dict[str, Any]:
    """A template with a role, of which it exports something."""
    return {"Resources": {"A": role()}, "Outputs": {"Role": {"Value": value, "Export": {"Name": "ci-role"}}}}


@pytest.mark.parametrize(
    ("value", "answer"), [({"Ref": "A"}, None), ("ci", None), ({"Fn::GetAtt": ["A", "Arn"]}, False), ("other", False)]
)
def test_an_app_that_imports_a_name_may_attach_the_token(value: object, answer: object) -> None:
    """In a template that is not at hand; an ARN is no name."""
    assert may(exporting(value)) is answer


def test_what_is_imported_here_is_known_in_full() -> None:
    """As the CDK exports names to other stacks of the app."""
    importing = {"Resources": {"P": policy(action="s3:*", Roles=[{"Fn::ImportValue": "ci-role"}])}}
    assert may(exporting({"Ref": "A"}), importing) is False
    assert may(exporting({"Ref": "A"}), {"P": policy(Roles=[{"Fn::ImportValue": "ci-role"}])}) is True


def test_stages_do_not_lend_each_other_their_policies() -> None:
    """Each has a role of the same name, and one of them lacks the policy."""
    with_policy, without = ({"A": role(), "P": policy(Roles=["ci"])}, {"A": role()})
    assert [SAID[one.may(TOKEN, "*")] for one in app(with_policy, without, account="").identities] == [True, False]
    assert [SAID[one.may(TOKEN, "*")] for one in app(without, with_policy, account="").identities] == [False, True]


def test_an_identity_is_found_by_its_arn() -> None:
    """Unless two have it: which of them is meant, only the deployment knows."""
    arn = "arn:aws:iam::111122223333:role/team/ci"
    one = app({"A": role(Path="/team/")})
    assert one.identities.of_arn(arn) is only(one)
    assert only(one).arn == arn
    assert one.identities.of_arn(f"{arn}x") is None
    assert app({"A": role(Path="/team/")}, {"A": role(Path="/team/")}).identities.of_arn(arn) is None


def test_an_arn_may_name_the_partition_where_the_region_is_not_known() -> None:
    """As people write it; if the Region is of another partition, there is no such role."""
    application = app({"A": role()}, account="", region="")
    arn = application.resolver.text({"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/ci"}, application.templates[0])
    assert application.identities.of_arn(arn) is only(application)
    assert app({"A": role()}, region="cn-north-1").identities.of_arn("arn:aws:iam::111122223333:role/ci") is None


@pytest.mark.parametrize(
    ("resource", "label"),
    [
        (role(Path="/team/"), "role ci"),
        (role(RoleName=NOTHING), "role ${A}"),
        ({"Type": "AWS::IAM::User", "Properties": {"UserName": "u"}}, "user u"),
        ({"Type": "AWS::IAM::Group", "Properties": {"GroupName": "g"}}, "group g"),
    ],
)
def test_an_identity_is_called_by_its_name(resource: dict[str, Any], label: str) -> None:
    """Without account and path."""
    assert shown(only(app({"A": resource})).label) == label


def test_every_statement_is_given_once() -> None:
    """Also one of a policy that is attached to several identities, or to none of the app."""
    resources = {
        "A": role(Policies=[{"PolicyName": "p", "PolicyDocument": document("s3:*")}]),
        "B": role(RoleName="other"),
        "P": policy(Roles=["ci", "other"]),
        "Q": policy("ManagedPolicy", "sts:*"),
    }
    found = app(resources).statements
    assert sorted((holder.logical_id, one.actions, one.path) for holder, one in found) == [
        ("A", ("s3:*",), "Properties.Policies[0].PolicyDocument.Statement[0]"),
        ("P", (TOKEN.lower(),), "Properties.PolicyDocument.Statement[0]"),
        ("Q", ("sts:*",), "Properties.PolicyDocument.Statement[0]"),
    ]


def test_a_statement_alone_needs_no_list() -> None:
    """Its path has no index."""
    statement = {"Effect": "Allow", "Action": TOKEN, "Resource": "*"}
    ((_, found),) = app({"P": policy(PolicyDocument={"Statement": statement})}).statements
    assert found.path == "Properties.PolicyDocument.Statement"


def test_the_accounts_of_an_app() -> None:
    """Of each template."""
    templates = [Template(f"{one}.json", {"Resources": {}}, one) for one in ("111122223333", "444455556666")]
    assert Application(templates).accounts == {"111122223333", "444455556666"}


def grouped(group: dict[str, Any], *names: object) -> bool | None:
    """Whether a user of groups may get a token."""
    user = {"Type": "AWS::IAM::User", "Properties": {"Groups": [*names]}}
    application = app({"Group": {"Type": "AWS::IAM::Group", "Properties": group}, "User": user})
    (found,) = [one for one in application.identities if one.resource.logical_id == "User"]
    return SAID[found.may(TOKEN, "*")]


def test_a_group_grants_its_users_what_it_holds() -> None:
    """One that is not declared may grant anything."""
    holds = {"Policies": [{"PolicyName": "own", "PolicyDocument": document()}]}
    assert grouped(holds, {"Ref": "Group"}) is True
    assert grouped({"ManagedPolicyArns": [f"{AWS}/PowerUserAccess"]}, {"Ref": "Group"}) is True
    assert grouped({}, {"Ref": "Group"}) is False
    assert grouped({}, {"Ref": "Group"}, "admins") is None
    assert grouped({"ManagedPolicyArns": [f"{AWS}/Unheard"]}, {"Ref": "Group"}) is None


@pytest.mark.parametrize(
    ("group", "answer"),
    [
        ({"Policies": [{"PolicyName": "own", "PolicyDocument": document()}]}, True),
        ({}, False),
        ({"ManagedPolicyArns": [f"{AWS}/Unheard"]}, None),
    ],
)
def test_a_user_may_be_added_to_a_group_beside_both(group: dict[str, Any], answer: object) -> None:
    """As templates written by hand do it."""
    added = {"GroupName": {"Ref": "Group"}, "Users": [{"Ref": "User"}]}
    resources = {
        "Group": {"Type": "AWS::IAM::Group", "Properties": group},
        "User": {"Type": "AWS::IAM::User", "Properties": {}},
        "Addition": {"Type": "AWS::IAM::UserToGroupAddition", "Properties": added},
    }
    (found,) = [one for one in app(resources).identities if one.resource.logical_id == "User"]
    assert SAID[found.may(TOKEN, "*")] is answer


@pytest.mark.parametrize(("account", "found"), [("111122223333", True), ("", True), ("444455556666", False)])
def test_a_policy_is_for_the_role_of_its_own_account(account: str, found: object) -> None:
    """One of the same name elsewhere is another."""
    here = Template("role.json", {"Resources": {"Role": role()}}, "111122223333", "eu-west-1")
    there = Template("policy.json", {"Resources": {"Policy": policy(Roles=["ci"])}}, account, "eu-west-1")
    assert SAID[only(Application([here, there])).may(TOKEN, "*")] is found


@pytest.mark.parametrize("place", ["Properties", "Role"])
def test_what_is_included_from_elsewhere_leaves_all_open(place: str) -> None:
    """A macro may add a policy there."""
    include = {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://bucket/policies.json"}}}
    made = role(**include) if place == "Properties" else {**role(), **include}
    assert may({"Role": made}) is None


@pytest.mark.parametrize("arn", [{"Ref": "P"}, {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:policy/own"}])
@pytest.mark.parametrize(
    ("policy_document", "answer"),
    [(document(), True), (document("s3:*"), False), ({"Statement": [{"Fn::If": ["A", {}, {}]}]}, None)],
)
def test_a_managed_policy_counts_for_the_role_that_names_it(
    arn: object, policy_document: dict[str, Any], answer: object
) -> None:
    """By its ARN too, where the partition is not known; one that is not known in full leaves all open."""
    own = policy("ManagedPolicy", ManagedPolicyName="own", PolicyDocument=policy_document)
    one = only(app({"A": role(ManagedPolicyArns=[arn]), "P": own}, account="", region=""))
    assert SAID[one.may(TOKEN, "*")] is answer


@pytest.mark.parametrize(
    ("boundary", "answer"),
    [
        (document(), True),
        (document("s3:*"), False),
        (document("s3:*", Condition={"Bool": {"a": "b"}}), False),
        (document("ecr:*", Condition={"Bool": {"a": "b"}}), None),
        ({"Statement": [{"Fn::If": ["A", {}, {}]}]}, None),
        (document({"Ref": "Parameter"}), None),
    ],
)
def test_a_permissions_boundary_that_leaves_it_out_takes_it(boundary: dict[str, Any], answer: object) -> None:
    """One of which not all is known leaves it open; one that is not declared is taken to allow all."""
    own = [{"PolicyName": "p", "PolicyDocument": document()}]
    made = role(Policies=own, PermissionsBoundary={"Ref": "P"})
    assert may({"A": made, "P": policy("ManagedPolicy", PolicyDocument=boundary)}) is answer
    assert may({"A": role(Policies=own, PermissionsBoundary="arn:aws:iam::111122223333:policy/other")}) is True
