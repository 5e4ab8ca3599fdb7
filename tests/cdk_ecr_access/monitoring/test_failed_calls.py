"""Rules on the failed calls of one repository, made as aws_ecr makes its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App, Environment, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_sns as sns
from cfnlint.api import lint

from cdk_ecr_access import AccessibleRepository, ExistingRepository
from cdk_ecr_access.monitoring.patterns import ALL_CALLS
from tests.reading import ACCOUNT, ENV, OTHER, REGION, rendered

if TYPE_CHECKING:
    from tests.reading import Rendered


def rule(found: Rendered) -> dict[str, Any]:
    """The properties of the only rule."""
    return dict(found.one("AWS::Events::Rule")["Properties"])


def test_a_rule_takes_what_those_of_aws_ecr_take(stack: Stack, repository: AccessibleRepository) -> None:
    """A target, a description, a name, and what events must match besides."""
    one = repository.on_denied(
        "Denied",
        target=targets.SnsTopic(sns.Topic(stack, "Topic")),
        description="pulls that fail",
        rule_name="denied",
        event_pattern=events.EventPattern(account=[ACCOUNT]),
    )
    assert isinstance(one, events.Rule)
    found = rule(rendered(stack))
    assert (found["Name"], found["Description"], found["State"]) == ("denied", "pulls that fail", ALL_CALLS)
    assert found["EventPattern"]["account"] == [ACCOUNT]
    assert found["EventPattern"]["detail"]["errorCode"] == [{"prefix": "AccessDenied"}]
    assert len(found["Targets"]) == 1


def test_a_repository_without_a_name_is_heard_by_reference(stack: Stack) -> None:
    """CloudFormation makes the name, and the pattern refers to it."""
    AccessibleRepository(stack, "Unnamed").on_not_found("Missing")
    found = rendered(stack)
    either = rule(found)["EventPattern"]["detail"]["$or"]
    name = {"Ref": found.id("AWS::ECR::Repository")}
    assert either[0]["requestParameters"]["repositoryName"] == [name]
    assert name in either[1]["errorMessage"][0]["wildcard"]["Fn::Join"][1]
    assert [one.rule.id for one in lint(json.dumps(found.template), regions=[REGION])] == []


def test_a_rule_may_be_where_its_target_is(app: App, repository: AccessibleRepository) -> None:
    """In another stack of the account and Region, so that no stack needs the other in a circle."""
    other = Stack(app, "Other", env=ENV)
    repository.on_throttled("Throttled", cross_stack_scope=other)
    assert rule(rendered(other))["State"] == ALL_CALLS


def test_a_repository_of_another_account_is_heard_where_its_callers_are(stack: Stack) -> None:
    """CloudTrail records the calls of this account's principals here, with the registry that they name."""
    arn = f"arn:aws:ecr:{REGION}:{OTHER}:repository/base"
    ExistingRepository.from_repository_arn(stack, "Theirs", arn).on_denied("Denied")
    found = rule(rendered(stack))
    assert found["EventPattern"]["detail"]["$or"][0]["requestParameters"]["registryId"][0] == OTHER


@pytest.mark.parametrize("method", ["on_denied", "on_not_found", "on_throttled"])
def test_a_rule_in_another_region_is_refused(stack: Stack, method: str) -> None:
    """It would hear nothing."""
    arn = f"arn:aws:ecr:us-east-1:{ACCOUNT}:repository/base"
    there = ExistingRepository.from_repository_arn(stack, "There", arn)
    with pytest.raises(ValueError, match=r"'Stack/There' is in Region us-east-1, and rule 'Rule' .*ECR-ACCESS-352"):
        getattr(there, method)("Rule")
    assert rendered(stack).template.get("Resources", {}) == {}


def test_a_rule_in_another_region_than_its_repository_is_refused_by_scope(app: App, stack: Stack) -> None:
    """The scope of the rule counts."""
    there = Stack(app, "There", env=Environment(account=ACCOUNT, region="us-east-1"))
    repository = AccessibleRepository(stack, "App", repository_name="team/app")
    with pytest.raises(ValueError, match="would be in us-east-1"):
        repository.on_denied("Denied", cross_stack_scope=there)
