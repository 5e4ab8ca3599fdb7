"""Nested stacks: what goes in by parameters and comes out by outputs, and templates that are not at hand."""

from __future__ import annotations

from typing import Any

import pytest

from ecr_access.documents.templates.template import Template
from ecr_access.documents.templates.unknowns import shown
from ecr_access.rules.access.application import Application
from ecr_access.rules.checks import execution_role_cannot_pull, image_repository_unknown, token_missing
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import ACCOUNT, PARAMETER, PULL, REGION, WEB_URI, allow, repository, role, task

URI = {"Fn::GetAtt": ["Web", "RepositoryUri"]}


def stack(
    url: object = "./inner.yaml", type_: str = "AWS::CloudFormation::Stack", **parameters: object
) -> dict[str, Any]:
    """A nested stack."""
    key = "TemplateURL" if type_ == "AWS::CloudFormation::Stack" else "Location"
    return {"Type": type_, "Properties": {key: url, "Parameters": parameters}}


def inner(type_: str = "String", value: object = None, **resources: object) -> Template:
    """The template that is nested."""
    document = {"Parameters": {"Uri": {"Type": type_}}, "Resources": resources, "Outputs": {"Out": {"Value": value}}}
    return Template("app/inner.yaml", document, ACCOUNT, REGION)


def outer(**resources: object) -> Template:
    """The template that nests it."""
    return Template("app/outer.yaml", {"Resources": resources}, ACCOUNT, REGION)


def given(parent: Template, child: Template) -> str:
    """What the parameter stands for, as a person reads it."""
    return shown(Application([parent, child]).resolver.text({"Fn::Sub": "${Uri}:1"}, child))


@pytest.mark.parametrize("type_", ["AWS::CloudFormation::Stack", "AWS::Serverless::Application"])
def test_a_parameter_is_what_it_is_set_to(type_: str) -> None:
    """In the outer template."""
    assert given(outer(Web=repository(), Inner=stack(type_=type_, Uri=URI)), inner()) == f"{WEB_URI}:1"


@pytest.mark.parametrize("type_", ["CommaDelimitedList", "AWS::SSM::Parameter::Value<String>", PARAMETER])
def test_one_that_is_no_plain_text_is_not_known(type_: Any) -> None:
    """A list arrives as one text, and of a parameter of SSM the name alone is given."""
    assert given(outer(Web=repository(), Inner=stack(Uri=URI)), inner(type_)) == "${Uri}:1"


def test_one_template_nested_twice_is_not_known() -> None:
    """It may be either."""
    assert given(outer(Web=repository(), Inner=stack(Uri=URI), Twin=stack(Uri="x")), inner()) == "${Uri}:1"


def test_an_output_is_what_the_inner_template_says() -> None:
    """And one that it does not have is not known."""
    parent, child = outer(Inner=stack()), inner(value=URI, Web=repository())
    resolver = Application([parent, child]).resolver
    assert resolver.text({"Fn::GetAtt": ["Inner", "Outputs.Out"]}, parent) == WEB_URI
    assert shown(resolver.text({"Fn::GetAtt": ["Inner", "Outputs.No"]}, parent)) == "${Inner.Outputs.No}"


def test_what_goes_round_in_a_circle_is_not_known() -> None:
    """In by a parameter and out by an output, without end."""
    parent = outer(Inner=stack(Uri={"Fn::GetAtt": ["Inner", "Outputs.Out"]}))
    assert given(parent, inner(value={"Ref": "Uri"})) == "${Uri}:1"


def test_an_image_that_is_handed_in_is_checked() -> None:
    """The role is in the nested stack, the repository is not."""
    runner = task({"Ref": "Uri"})
    runner["Properties"] |= {
        "RequiresCompatibilities": ["FARGATE"],
        "ExecutionRoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
    }
    application = Application([outer(Web=repository(), Inner=stack(Uri=URI)), inner(Role=role(), Task=runner)])
    (found,) = findings(execution_role_cannot_pull.RULE, application)
    assert found.startswith(f"role ci pulls '{WEB_URI}', but may not ecr:BatchGetImage")


@pytest.mark.parametrize(
    ("url", "count"), [("./inner.yaml", 1), ("./other.yaml", 0), ("https://bucket/x", 0), (PARAMETER, 0)]
)
def test_a_nested_stack_that_is_not_at_hand_may_declare_any_repository(url: object, count: int) -> None:
    """So no image is reported to be of an undeclared repository."""
    application = Application([outer(Inner=stack(url), Task=task()), inner()])
    assert len(findings(image_repository_unknown.RULE, application)) == count


@pytest.mark.parametrize(
    ("value", "count"),
    [
        ({"Ref": "Role"}, 0),
        ({"Fn::GetAtt": ["Role", "Arn"]}, 0),
        ({"Fn::Join": [",", ["web", {"Ref": "Role"}]]}, 0),
        ("web, ci", 0),
        (PARAMETER, 0),
        ("10.0.0.0/16", 1),
        ("web,cicd", 1),
    ],
)
def test_one_that_is_told_of_a_role_may_attach_the_token(value: object, count: int) -> None:
    """Of one, or of several in a text; one that is not told may not."""
    application = Application(
        [outer(Role=role(allow(PULL, Resource="*")), Inner=stack("https://bucket/x", Value=value))]
    )
    assert len(findings(token_missing.RULE, application)) == count


@pytest.mark.parametrize(
    ("value", "count"), [("production", 1), ({"Ref": "Role"}, 0), ("stack-Role-1A2B3C4D5E6F", 0), ("a-b-c", 1)]
)
def test_a_role_that_cloudformation_names_is_meant_by_such_a_name_alone(value: object, count: int) -> None:
    """No other text that is known can be it."""
    made = role(allow(PULL, Resource="*"), RoleName={"Ref": "AWS::NoValue"})
    application = Application([outer(Role=made, Inner=stack("https://bucket/x", Value=value))])
    assert len(findings(token_missing.RULE, application)) == count


@pytest.mark.parametrize(
    "type_",
    [
        "AWS::CloudFormation::StackSet",
        "AWS::ServiceCatalog::CloudFormationProvisionedProduct",
        "Team::Registry::Repository::MODULE",
    ],
)
def test_what_deploys_other_templates_may_declare_any_repository(type_: str) -> None:
    """Stack sets, products and modules; another resource does not."""
    for made, count in ((type_, 0), ("AWS::S3::Bucket", 1)):
        application = Application([outer(Other={"Type": made}, Task=task())])
        assert len(findings(image_repository_unknown.RULE, application)) == count
