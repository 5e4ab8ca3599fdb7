"""``not-substituted``."""

from __future__ import annotations

from typing import Any

import pytest

from ecr_access.documents.templates.template import Template
from ecr_access.rules.access.application import Application
from ecr_access.rules.access.image_places import PLACES
from ecr_access.rules.catalogue import findings_of
from ecr_access.rules.checks.not_substituted import RULE
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import OTHER, PULL, allow, function, repository, role, task

URI = "${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/web:1"
ARN = "arn:aws:ecr:${AWS::Region}:111122223333:repository/web"


def test_an_image_with_a_placeholder_is_reported() -> None:
    """Once, whatever the number of its placeholders, and by no other rule."""
    assert findings(RULE, app_of({"Task": task(URI)})) == [
        f"'${{AWS::AccountId}}' stands as plain text in '{URI}', because Fn::Sub was forgotten: this is no reference "  # noqa: ISC004
        "of an image, and nothing can pull it; fix: put Fn::Sub before the text, in YAML '!Sub'; in the CDK, take the "
        "value from the construct, such as repository.repository_uri"
    ]
    both = app_of({"Task": task(URI), "Fn": function("111122223333.dkr.ecr.eu-west-1.amazonaws.com/${AWS::StackName}")})
    assert [rule.id for rule, _ in findings_of(both)] == ["not-substituted"] * 2


@pytest.mark.parametrize("text", ["${Web.RepositoryUri}:1", "${ Web }:1", "${Version}", "x/y:${AWS::StackName}"])
def test_a_name_of_the_template_is_a_placeholder(text: str) -> None:
    """A resource, its attribute, or a parameter."""
    template = {"Resources": {"Web": repository(), "Task": task(text)}, "Parameters": {"Version": {"Type": "String"}}}
    (found,) = RULE.check(app_of(template))
    assert (found.resource.logical_id, found.path) == ("Task", "Properties.ContainerDefinitions[0].Image")


@pytest.mark.parametrize(
    "image",
    [
        {"Fn::Sub": URI},
        {"Fn::Join": ["", [{"Ref": "AWS::AccountId"}, ".dkr.ecr.eu-west-1.amazonaws.com/web:1"]]},
        "${self:custom.image}",
        "${IMAGE}",
        "${env:IMAGE}:1",
        "web:$TAG",
    ],
)
def test_what_is_substituted_or_is_of_another_tool_is_not(image: object) -> None:
    """A name that the template does not have is no placeholder of CloudFormation's."""
    assert findings(RULE, app_of({"Task": task(image)})) == []


def test_a_part_that_is_joined_is_reported() -> None:
    """The text in it is still plain."""
    image = {"Fn::Join": ["/", ["${AWS::AccountId}.dkr.ecr.eu-west-1.amazonaws.com", {"Ref": "Name"}]]}
    assert len(findings(RULE, app_of({"Task": task(image)}))) == 1


@pytest.mark.parametrize("resource", [ARN, [ARN], ["*", ARN], {"Fn::Join": ["", [ARN]]}])
def test_the_arn_of_a_repository_is_reported(resource: object) -> None:
    """In a role's policy, where IAM takes it for a variable that no request has."""
    found = findings(RULE, app_of({"Role": role(allow(PULL, Resource=resource))}))
    assert [one.partition(":")[0] for one in found] == ["'${AWS"]


@pytest.mark.parametrize(
    "resource",
    [
        {"Fn::Sub": ARN},
        "arn:aws:ecr:eu-west-1:111122223333:repository/${aws:PrincipalTag/team}",
        "arn:aws:ecr:eu-west-1:111122223333:repository/${*}",
        "arn:aws:s3:::bucket-${AWS::Region}/*",
    ],
)
def test_variables_of_policies_and_other_services_are_not(resource: object) -> None:
    """What is not of Amazon ECR is not this rule's."""
    assert findings(RULE, app_of({"Role": role(allow(PULL, Resource=resource))})) == []


@pytest.mark.parametrize(
    "statement",
    [
        {"Principal": {"AWS": "arn:aws:iam::${AWS::AccountId}:root"}},
        {"Principal": {"AWS": [OTHER, "arn:aws:iam::${AWS::AccountId}:role/ci"]}},
        {"Principal": "*", "Condition": {"StringEquals": {"aws:SourceAccount": ["${AWS::AccountId}"]}}},
    ],
)
def test_a_repository_policy_is_reported(statement: dict[str, Any]) -> None:
    """A principal, and the value of a condition."""
    assert len(findings(RULE, app_of({"Web": repository(allow(PULL, **statement))}))) == 1


def test_nothing_is_certain_of_a_template_that_a_macro_changes() -> None:
    """The macro may substitute."""
    document = {"Transform": ["Substitutes"], "Resources": {"Task": task(URI)}}
    assert findings(RULE, Application([Template("t.json", document)])) == []
    assert findings(RULE, Application([Template("t.json", {**document, "Transform": []})])) != []


@pytest.mark.parametrize("kind", sorted(PLACES))
def test_every_resource_that_names_an_image_is_read(kind: str) -> None:
    """Wherever it names one."""
    path = PLACES[kind][0].image.split(".")
    value: Any = URI
    for name in reversed(path):
        bare = name.removesuffix("[]")
        value = {"any" if bare == "*" else bare: [value] if name.endswith("[]") else value}
    assert len(findings(RULE, app_of({"It": {"Type": kind, "Properties": value}}))) == 1
