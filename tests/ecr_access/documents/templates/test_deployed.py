"""What CloudFormation made of the values of a stack that exists is found out once more, or said to be unknown."""

from __future__ import annotations

from typing import Any

import pytest

from ecr_access.documents.templates.deployed import DeployedResolver, Deployment
from ecr_access.documents.templates.template import Template
from ecr_access.documents.templates.unknowns import shown

ACCOUNT, REGION = "111122223333", "eu-west-1"
STACK = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/Images/1"
NESTED = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/Nested/2"
NOTHING = {"Ref": "AWS::NoValue"}
PHYSICAL = {
    "Web": "images-web-1abc",
    "Ci": "Images-Ci-2DEF",
    "Ann": "ann",
    "Team": "team",
    "Policy": f"arn:aws:iam::{ACCOUNT}:policy/x/Images-Policy",
    "Function": "Images-Function-3",
    "Nested": NESTED,
    "Bucket": "images-bucket",
    "Check": "check",
}
VALUES = {"Stage": "prod", "Names": "a1,b2", "AWS::StackName": "Images", "AWS::StackId": STACK, "Empty": ""}
RESOURCES = {
    "Web": {"Type": "AWS::ECR::Repository"},
    "Ci": {"Type": "AWS::IAM::Role", "Properties": {"Path": {"Fn::Sub": "/${Stage}/"}}},
    "Ann": {"Type": "AWS::IAM::User"},
    "Team": {"Type": "AWS::IAM::Group"},
    "Policy": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"Path": "/x/"}},
    "Function": {"Type": "AWS::Lambda::Function"},
    "Nested": {"Type": "AWS::CloudFormation::Stack"},
    "Bucket": {"Type": "AWS::S3::Bucket"},
    "Absent": {"Type": "AWS::IAM::Role", "Condition": "IsDev", "Properties": {"RoleName": "absent"}},
}
DOCUMENT: dict[str, Any] = {
    "Parameters": {
        "Stage": {"Type": "AWS::SSM::Parameter::Value<String>"},
        "Names": {"Type": "CommaDelimitedList"},
        "Secret": {"Type": "String", "NoEcho": True},
        "Empty": {"Type": "String"},
    },
    "Mappings": {"Names": {"prod": {"web": "team/web"}}},
    "Conditions": {
        "IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]},
        "IsDev": {"Fn::Not": [{"Condition": "IsProd"}]},
        "Either": {"Fn::Or": [{"Condition": "IsDev"}, {"Condition": "IsProd"}]},
        "Both": {"Fn::And": [{"Condition": "IsDev"}, {"Condition": "IsProd"}]},
        "Circle": {"Condition": "Circle"},
        "Hidden": {"Fn::Equals": [{"Ref": "Secret"}, "x"]},
    },
}


def _resolver(value: object) -> DeployedResolver:
    check = {"Type": "Custom::EcrAccessCheck", "Properties": {"It": value}}
    template = Template("Images", DOCUMENT | {"Resources": {**RESOURCES, "Check": check}}, ACCOUNT, REGION)
    exports = {"web-prod": "arn:exported"}
    outputs = {(NESTED, "Arn"): "arn:of:nested"}
    return DeployedResolver(
        Deployment(template, PHYSICAL, VALUES, exports.get, lambda stack, name: outputs.get((stack, name)))
    )


@pytest.mark.parametrize(
    ("value", "resolved"),
    [
        ("text", "text"),
        (True, "true"),
        (60, "60"),
        ([1, NOTHING, False], ["1", "false"]),
        ({"a": {"b": 1}, "c": NOTHING}, {"a": {"b": "1"}}),
        ({"Ref": "Web"}, "images-web-1abc"),
        ({"Fn::GetAtt": ["Web", "Arn"]}, f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/images-web-1abc"),
        ({"Fn::GetAtt": "Ci.Arn"}, f"arn:aws:iam::{ACCOUNT}:role/prod/Images-Ci-2DEF"),
        ({"Fn::GetAtt": ["Ann", "Arn"]}, f"arn:aws:iam::{ACCOUNT}:user/ann"),
        ({"Fn::GetAtt": ["Team", "Arn"]}, f"arn:aws:iam::{ACCOUNT}:group/team"),
        ({"Ref": "Policy"}, f"arn:aws:iam::{ACCOUNT}:policy/x/Images-Policy"),
        ({"Ref": "Function"}, "Images-Function-3"),
        ({"Fn::GetAtt": ["Function", "Arn"]}, f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:Images-Function-3"),
        ({"Ref": "Nested"}, NESTED),
        ({"Fn::GetAtt": ["Nested", "Outputs.Arn"]}, "arn:of:nested"),
        ({"Fn::ImportValue": {"Fn::Sub": "web-${Stage}"}}, "arn:exported"),
        ({"Ref": "Stage"}, "prod"),
        ({"Ref": "Empty"}, ""),
        ({"Ref": "Names"}, ["a1", "b2"]),
        ({"Fn::Split": ["/", "a/b"]}, ["a", "b"]),
        ({"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":", {"Ref": "AWS::StackName"}]]}, "arn:aws:Images"),
        ({"Ref": "AWS::StackId"}, STACK),
        ({"Fn::FindInMap": ["Names", {"Ref": "Stage"}, "web"]}, "team/web"),
        ({"Fn::If": ["IsProd", {"Ref": "Web"}, "other"]}, "images-web-1abc"),
        ({"Fn::If": ["IsDev", {"Fn::GetAtt": ["Absent", "Arn"]}, ["none"]]}, ["none"]),
        ({"Fn::If": ["Either", "either", "neither"]}, "either"),
        ({"Fn::If": ["Both", "both", {"Fn::If": ["IsProd", "one", "none"]}]}, "one"),
        ({"Fn::Join": ["-", ["a", {"Fn::If": ["IsDev", "dev", {"Ref": "Stage"}]}]]}, "a-prod"),
        ([{"Fn::If": ["IsDev", "dev", NOTHING]}, "kept"], ["kept"]),
    ],
)
def test_a_value_is_what_cloudformation_made_of_it(value: object, resolved: object) -> None:
    """Texts alone, in lists and objects, as a custom resource gets them."""
    resolver = _resolver(value)
    assert resolver.properties("Check") == {"It": resolved}
    assert resolver.unresolved == []


@pytest.mark.parametrize(
    ("value", "path", "text"),
    [
        ({"Ref": "Secret"}, "It", "${Secret}"),
        ({"Ref": "Bucket"}, "It", "${Bucket}"),
        ([{"a": {"Fn::GetAtt": ["Bucket", "Arn"]}}], "It[0].a", "${Bucket.Arn}"),
        ({"Fn::GetAtt": ["Absent", "Arn"]}, "It", "${Absent.Arn}"),
        ({"Ref": "Absent"}, "It", "${Absent}"),
        ({"Fn::GetAtt": ["Nested", "Outputs.Gone"]}, "It", "${Nested.Outputs.Gone}"),
        ({"Fn::ImportValue": "gone"}, "It", "${gone}"),
        ("{{resolve:ssm:/role}}", "It", "${resolve:ssm:/role}"),
        ({"Fn::If": ["Hidden", "a", "b"]}, "It", '${{"Fn::If": ["Hidden", "a", "b"]}}'),
        ({"Fn::If": ["Circle", "a", "b"]}, "It", '${{"Fn::If": ["Circle", "a", "b"]}}'),
        ({"Fn::If": ["Nowhere", "a", "b"]}, "It", '${{"Fn::If": ["Nowhere", "a", "b"]}}'),
        ({"Fn::GetAZs": ""}, "It", '${{"Fn::GetAZs": ""}}'),
        ({"Fn::Join": [":", ["arn", {"Ref": "Bucket"}]]}, "It", "arn:${Bucket}"),
    ],
)
def test_what_is_not_known_for_certain_is_named(value: object, path: str, text: str) -> None:
    """A name that is guessed would be proved in the place of another."""
    resolver = _resolver(value)
    resolver.properties("Check")
    assert [(one.path, shown(one.text)) for one in resolver.unresolved] == [(path, text)]


def test_a_property_that_a_choice_leaves_out_is_left_out() -> None:
    """As CloudFormation does."""
    assert _resolver({"Fn::If": ["IsDev", "dev", NOTHING]}).properties("Check") == {}
