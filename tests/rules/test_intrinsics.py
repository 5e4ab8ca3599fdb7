"""Intrinsic functions are resolved as far as the app's templates tell, and never raise."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdk_ecr_access.rules.application import Application
from cdk_ecr_access.rules.catalogue import findings_of
from cdk_ecr_access.rules.images import _READERS as RUNNING
from cdk_ecr_access.rules.intrinsics import Resolver
from cdk_ecr_access.rules.template import Template
from cdk_ecr_access.rules.unknowns import is_known, is_mark, shown

ACCOUNT, REGION = "111122223333", "eu-west-1"
ARN = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/team/web"
NOTHING = {"Ref": "AWS::NoValue"}
RESOURCES = {
    "Web": {"Type": "AWS::ECR::Repository", "Properties": {"RepositoryName": "team/web"}},
    "Unnamed": {"Type": "AWS::ECR::Repository"},
    "Ci": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "ci", "Path": "/team/"}},
    "Nobody": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": NOTHING, "Path": NOTHING}},
    "Other": {"Type": "AWS::S3::Bucket"},
}
DOCUMENT = {
    "Parameters": {"Stage": {"Type": "String", "Default": "dev"}},
    "Mappings": {"Names": {REGION: {"web": "team/web", "number": 7, "list": ["a"]}}},
    "Resources": RESOURCES,
    "Outputs": {
        "Arn": {"Value": {"Fn::GetAtt": ["Web", "Arn"]}, "Export": {"Name": {"Fn::Sub": "web-${AWS::Region}"}}}
    },
}


def resolved(value: object, document: Any = None, *, account: str = ACCOUNT, region: str = REGION) -> str:  # noqa: ANN401
    """A value as a person reads it."""
    template = Template("a.json", document or DOCUMENT, account, region)
    return shown(Resolver([template]).text(value, template))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain", "plain"),
        (7, "7"),
        (True, "true"),
        ({"Ref": "AWS::AccountId"}, ACCOUNT),
        ({"Ref": "AWS::Region"}, REGION),
        ({"Ref": "AWS::Partition"}, "aws"),
        ({"Ref": "AWS::URLSuffix"}, "amazonaws.com"),
        ({"Ref": "AWS::StackName"}, "${AWS::StackName}"),
        (NOTHING, ""),
        ({"Ref": "Web"}, "team/web"),
        ({"Ref": "Unnamed"}, "${Unnamed}"),
        ({"Ref": "Stage"}, "${Stage}"),
        ({"Ref": "Absent"}, "${Absent}"),
        ({"Fn::GetAtt": ["Web", "Arn"]}, ARN),
        ({"Fn::GetAtt": "Web.Arn"}, ARN),
        ({"Fn::GetAtt": ["Web", "RepositoryUri"]}, f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/team/web"),
        ({"Fn::GetAtt": ["Unnamed", "Arn"]}, f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/${{Unnamed}}"),
        ({"Fn::GetAtt": ["Ci", "Arn"]}, f"arn:aws:iam::{ACCOUNT}:role/team/ci"),
        ({"Fn::GetAtt": ["Nobody", "Arn"]}, f"arn:aws:iam::{ACCOUNT}:role/${{Nobody}}"),
        ({"Fn::GetAtt": ["Other", "Arn"]}, "${Other.Arn}"),
        ({"Fn::GetAtt": ["Web"]}, "${Web}"),
        ({"Fn::Join": ["/", ["a", {"Ref": "Web"}, {"Ref": "Stage"}]]}, "a/team/web/${Stage}"),
        ({"Fn::Join": ["/", {"Ref": "Stage"}]}, "${['/', {'Ref': 'Stage'}]}"),
        ({"Fn::Sub": "${AWS::AccountId}.${Web}.${Web.Arn}"}, f"{ACCOUNT}.team/web.{ARN}"),
        ({"Fn::Sub": ["${Given}-${Stage}", {"Given": {"Ref": "Web"}}]}, "team/web-${Stage}"),
        ({"Fn::Sub": "${!Literal}"}, "${Literal}"),
        ({"Fn::Select": [1, ["a", "b"]]}, "b"),
        ({"Fn::Select": ["0", [{"Ref": "Web"}]]}, "team/web"),
        ({"Fn::Select": [5, {"Fn::Split": [":", {"Fn::GetAtt": ["Web", "Arn"]}]}]}, "repository/team/web"),
        ({"Fn::Select": [4, {"Fn::Split": [":", {"Fn::GetAtt": ["Unnamed", "Arn"]}]}]}, ACCOUNT),
        ({"Fn::FindInMap": ["Names", {"Ref": "AWS::Region"}, "web"]}, "team/web"),
        ({"Fn::FindInMap": ["Names", {"Ref": "AWS::Region"}, "number"]}, "7"),
        ({"Fn::ImportValue": "web-eu-west-1"}, ARN),
        ({"Fn::ImportValue": {"Fn::Join": ["-", ["web", {"Ref": "AWS::Region"}]]}}, ARN),
        ({"Fn::ImportValue": "absent"}, "${absent}"),
        ({"Fn::Select": [1, {"Fn::Split": ["/", {"Fn::Sub": "a/${Web}"}]}]}, "team"),
    ],
)
def test_a_function_is_resolved(value: object, text: str) -> None:
    """Or marked, by what it refers to."""
    assert resolved(value) == text


@pytest.mark.parametrize(
    "value",
    [
        {"Fn::If": ["IsProd", "a", "b"]},
        {"Fn::Base64": "a"},
        {"Fn::Select": [9, ["a"]]},
        {"Fn::Select": ["9" * 5000, ["a"]]},
        {"Fn::Select": [{"Ref": "Stage"}, ["a"]]},
        {"Fn::Select": [0, {"Fn::Split": ["/", {"Ref": "Stage"}]}]},
        {"Fn::Select": [0, {"Fn::Split": ["", "a"]}]},
        {"Fn::FindInMap": ["Names", {"Ref": "Stage"}, "web"]},
        {"Fn::FindInMap": ["Names", REGION, "list"]},
        {"Ref": "Web", "Fn::Sub": "a"},
        ["a"],
        None,
    ],
)
def test_what_the_templates_do_not_tell_is_unknown(value: object) -> None:
    """Nothing is guessed: a parameter may hold what is split at, and a default may be overridden."""
    template = Template("a.json", DOCUMENT, ACCOUNT, REGION)
    assert is_mark(Resolver([template]).text(value, template))


@pytest.mark.parametrize(
    ("region", "partition", "suffix"),
    [("cn-north-1", "aws-cn", "amazonaws.com.cn"), ("us-gov-west-1", "aws-us-gov", "amazonaws.com")],
)
def test_other_partitions(region: str, partition: str, suffix: str) -> None:
    """A Region belongs to one."""
    assert resolved({"Ref": "AWS::Partition"}, region=region) == partition
    assert resolved({"Ref": "AWS::URLSuffix"}, region=region) == suffix


def test_an_agnostic_stack_is_marked_by_its_pseudo_parameters() -> None:
    """The same in every template of the app."""
    arn = resolved({"Fn::GetAtt": ["Web", "Arn"]}, account="", region="")
    assert arn == "arn:${AWS::Partition}:ecr:${AWS::Region}:${AWS::AccountId}:repository/team/web"


def test_a_list_of_values() -> None:
    """One value is a list of one; a split is read; what is no value is left out."""
    template = Template("a.json", DOCUMENT, ACCOUNT, REGION)
    texts = Resolver([template]).texts
    assert texts("a", template) == ["a"]
    assert texts(["a", NOTHING, {"Ref": "Web"}], template) == ["a", "team/web"]
    assert texts({"Fn::Split": [",", "a,b"]}, template) == ["a", "b"]
    assert texts(None, template) == []
    assert [is_known(one) for one in texts({"Fn::Split": [",", {"Ref": "Stage"}]}, template)] == [False]


def test_exports_belong_to_an_account_and_a_region() -> None:
    """An export of another Region is another one, or none."""
    here = Template("here.json", DOCUMENT, ACCOUNT, REGION)
    importing = Template("importing.json", {"Resources": {}}, ACCOUNT, REGION)
    elsewhere = Template("elsewhere.json", {"Resources": {}}, ACCOUNT, "us-east-1")
    resolver = Resolver([importing, elsewhere, here])
    assert resolver.text({"Fn::ImportValue": "web-eu-west-1"}, importing) == ARN
    assert is_mark(resolver.text({"Fn::ImportValue": "web-eu-west-1"}, elsewhere))


def test_what_has_the_same_name_in_two_templates_is_not_the_same() -> None:
    """Logical ids are a template's own."""
    one, other = (Template(f"{name}.json", DOCUMENT, ACCOUNT, REGION) for name in "ab")
    resolver = Resolver([one, other])
    assert resolver.text({"Ref": "Unnamed"}, one) != resolver.text({"Ref": "Unnamed"}, other)


def _named(*parts: object) -> dict[str, Any]:
    return {"Type": "AWS::ECR::Repository", "Properties": {"RepositoryName": {"Fn::Join": ["", list(parts)]}}}


def _exporting(value: object) -> dict[str, Any]:
    return {"Value": value, "Export": {"Name": "x"}}


@pytest.mark.parametrize(
    "document",
    [
        {"Resources": {"A": _named({"Ref": "A"}, {"Ref": "A"})}},
        {"Resources": {"A": _named(*[{"Ref": "B"}] * 9), "B": _named(*[{"Fn::GetAtt": ["A", "Arn"]}] * 9)}},
        {
            "Resources": {"A": _named({"Fn::ImportValue": "x"}, {"Fn::ImportValue": "x"})},
            "Outputs": {"A": _exporting({"Fn::Join": ["", [{"Fn::ImportValue": "x"}] * 9]})},
        },
        {
            "Resources": {"A": _named("a")},
            "Outputs": {"A": {"Value": "", "Export": {"Name": {"Fn::ImportValue": "y"}}}},
        },
    ],
)
@pytest.mark.timeout(10)
def test_what_refers_to_itself_has_an_end(document: dict[str, Any]) -> None:
    """CloudFormation refuses it, but it is not ours to hang."""
    assert isinstance(resolved({"Fn::Sub": "${A.Arn}${A}"}, document), str)
    assert isinstance(resolved({"Fn::ImportValue": "x"}, document), str)


KEYS = st.sampled_from(
    [
        *("Ref", "Fn::GetAtt", "Fn::Join", "Fn::Sub", "Fn::Select", "Fn::Split", "Fn::ImportValue", "Fn::FindInMap"),
        *("Fn::If", "Statement", "Effect", "Action", "Resource", "Principal", "Condition", "NotAction", "AWS"),
        *("Policies", "PolicyDocument", "Roles", "Users", "ManagedPolicyArns", "RepositoryPolicyText", "RoleName"),
        *("Path", "Groups", "ContainerDefinitions", "Image", "Code", "ImageUri", "ExecutionRoleArn", "Environment"),
        *("LifecyclePolicy", "LifecyclePolicyText", "Existing", "RepositoryName", "PolicyText", "Metadata"),
    ]
)
LEAVES = st.sampled_from(
    [None, True, 0, 1.5, "", "*", "a", "Allow", "ecr:*", "A", "A.Arn", "${A}", "AWS::NoValue", ARN]
)
VALUES = st.recursive(
    LEAVES, lambda some: st.lists(some, max_size=3) | st.dictionaries(KEYS, some, max_size=3), max_leaves=12
)
TYPES = st.sampled_from(
    [
        *("AWS::ECR::Repository", "AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"),
        *("AWS::IAM::RolePolicy", "AWS::ECR::RegistryPolicy", "AWS::ECR::RepositoryCreationTemplate"),
        *("AWS::IAM::Group", "Custom::EcrAccessCheck", *RUNNING),
    ]
)
GARBAGE = st.fixed_dictionaries(
    {
        "Resources": st.dictionaries(
            st.sampled_from("ABC"),
            st.one_of(
                VALUES,
                st.fixed_dictionaries(
                    {"Type": TYPES, "Properties": st.dictionaries(KEYS, VALUES, max_size=5) | VALUES}
                ),
            ),
            max_size=3,
        )
    },
    optional={"Outputs": VALUES, "Mappings": VALUES, "Conditions": VALUES},
)


@given(GARBAGE, VALUES, st.sampled_from(["", ACCOUNT]))
@settings(max_examples=300, deadline=None)
def test_garbage_never_raises(document: dict[str, Any], value: object, account: str) -> None:
    """A template may be wrong in any way; that is CloudFormation's to say, and no rule stumbles over it."""
    template = Template("a.json", document, account, REGION)
    app = Application([template])
    assert isinstance(app.resolver.text(value, template), str)
    for _, finding in findings_of(app):
        assert finding.text
        assert finding.path
