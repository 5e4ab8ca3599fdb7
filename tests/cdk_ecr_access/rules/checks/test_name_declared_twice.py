"""``name-declared-twice``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import aws_ecr as ecr

from ecr_access.documents.templates.template import Template
from ecr_access.rules.access.application import Application
from ecr_access.rules.checks.name_declared_twice import RULE
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import ACCOUNT, OTHER, PARAMETER, REGION, repository, synthesized, task

if TYPE_CHECKING:
    from aws_cdk import App, Stack


def test_one_name_in_one_template_is_reported() -> None:
    """At the second one, with the first one."""
    assert findings(RULE, app_of({"Web": repository(), "Again": repository()})) == [
        "the repository 'web' is declared as Web too, in the same account and Region: the second one fails, 'already "  # noqa: ISC004
        "exists in the registry'; fix: declare it once and refer to it, in the CDK pass the construct on; or give one "
        "of them another name"
    ]


def placed(path: str, account: str = ACCOUNT, region: str = REGION, **others: Any) -> Template:
    """A template with the repository web, and with others that tell it from its copies."""
    return Template(path, {"Resources": {"Web": repository(), **others}}, account, region)


def test_one_name_in_two_templates_of_one_place_is_reported() -> None:
    """With the file of the first one."""
    (found,) = RULE.check(Application([placed("one.json"), placed("two.json", Task=task())]))
    assert found.text.startswith("the repository 'web' is declared as Web of one.json too")
    assert found.resource.template.path == "two.json"


@pytest.mark.parametrize(
    "other",
    [
        placed("two.json", account=OTHER, Task=task()),
        placed("two.json", region="us-east-1", Task=task()),
        placed("two.json", account="", Task=task()),
        placed("two.json", region="", Task=task()),
        placed("two.json"),
    ],
)
def test_another_place_or_a_copy_is_not(other: Template) -> None:
    """Nor a place that is not known."""
    assert findings(RULE, Application([placed("one.json"), other])) == []


@pytest.mark.parametrize(
    "again",
    [
        repository(RepositoryName=PARAMETER),
        repository(RepositoryName="other"),
        {"Type": "AWS::ECR::Repository", "Properties": {}},
        {**repository(), "Condition": "Only"},
    ],
)
def test_a_name_that_is_another_or_may_be_is_not(again: dict[str, Any]) -> None:
    """Nor a repository that may not be made."""
    assert findings(RULE, app_of({"Web": repository(), "Again": again})) == []


def test_the_cdk_takes_two_of_one_name(app: App, stack: Stack) -> None:
    """Without a word."""
    for id_ in ("One", "Two"):
        ecr.Repository(stack, id_, repository_name="web")
    assert len(findings(RULE, synthesized(app))) == 1


@pytest.mark.parametrize(("attributes", "count"), [({}, 1), ({"Condition": "Old"}, 0)])
def test_a_nested_stack_under_a_condition_is_not(attributes: dict[str, Any], count: int) -> None:
    """It may be the one or the other, and so may a stack that is nested in it."""

    def nests(file: str, **more: Any) -> dict[str, Any]:
        return {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": file}, **more}

    root = Template("root.json", {"Resources": {"Outer": nests("outer.json", **attributes)}}, ACCOUNT, REGION)
    outer = Template("outer.json", {"Resources": {"Inner": nests("inner.json")}}, ACCOUNT, REGION)
    inner = placed("inner.json", Around=nests("outer.json"))  # a circle, which CloudFormation would refuse
    app = Application([root, outer, inner, placed("other.json")])
    assert len(findings(RULE, app)) == count
