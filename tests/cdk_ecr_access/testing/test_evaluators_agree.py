"""One question has one answer, whichever part of the project is asked: the check, the rules, or the assertions.

The check reads the live policy, where every value is known: it is asked about each value that a parameter may turn out
to have. Rules and assertions read the template. A rule reports what is certainly lacking: it tells "no" from the rest,
and no more.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from cdk_ecr_access.testing.access import Access
from ecr_access.documents.templates.template import Template
from ecr_access.iam.arns import repository_of
from ecr_access.iam.principals import principal_of
from ecr_access.iam.repository_policy import Effect, RepositoryPolicy
from ecr_access.rules.access.application import Application
from ecr_access.rules.access.pulling import lacking
from tests.cdk_ecr_access.testing.policy_questions import (
    ACTION,
    FOREIGN,
    HERE,
    PARAMETER,
    QUESTIONS,
    REGION,
    THERE,
    WEB,
    Question,
)

_SAID = {Effect.ALLOWED: "yes", Effect.EXPLICIT_DENY: "no", Effect.IMPLICIT_DENY: "no", Effect.CONDITIONAL: "maybe"}
# A difference is allowed with its reason alone.
_LEFT_OPEN_BY_RULES = {
    FOREIGN: "the policy of the registry, which is often another app's, may let other accounts in: an explicit deny "
    "alone is certain",
}
_KINDS = {"role": "AWS::IAM::Role", "user": "AWS::IAM::User", "group": "AWS::IAM::Group"}


def _judged(question: Question) -> set[Effect]:
    repository, principal = repository_of(WEB), principal_of(question.principal)
    assert repository is not None
    assert principal is not None
    policy = json.dumps({"Statement": question.statements})
    texts = [policy.replace(PARAMETER, value) for value in question.values or ("",)]
    return {RepositoryPolicy.parse(repository, text).judge(principal, ACTION).effect for text in texts}


def by_check(question: Question) -> str:
    """What the check judges in every case."""
    said = {_SAID[one] for one in _judged(question)}
    return said.pop() if len(said) == 1 else "maybe"


def _written(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _written(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_written(one) for one in value]
    if isinstance(value, str) and PARAMETER in value:
        return {"Fn::Sub": value.replace("${", "${!").replace(PARAMETER, "${Parameter}")}
    return value


def _application(question: Question) -> Application:
    kind, name = question.principal.rpartition(":")[2].split("/")
    # Another account needs both sides; here one is enough.
    own = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    policies = [{"PolicyName": "own", "PolicyDocument": {"Statement": [own]}}] if question.principal == FOREIGN else []
    key = f"{kind.capitalize()}Name"
    caller = {"Type": _KINDS[kind], "Properties": {key: name, "Policies": policies}}
    image = f"{HERE}.dkr.ecr.{REGION}.amazonaws.com/web"
    task = {"Type": "AWS::ECS::TaskDefinition", "Properties": {"ContainerDefinitions": [{"Image": image}]}}
    policy = {"Statement": _written(question.statements)}
    web = {"Type": "AWS::ECR::Repository", "Properties": {"RepositoryName": "web", "RepositoryPolicyText": policy}}
    account = THERE if question.principal == FOREIGN else HERE
    return Application(
        [
            Template("callers.json", {"Resources": {"Ci": caller, "Task": task}}, account, REGION),
            Template("repositories.json", {"Parameters": {"Parameter": {}}, "Resources": {"Web": web}}, HERE, REGION),
        ]
    )


def by_rules(question: Question) -> bool:
    """Whether the rules find that the action is certainly lacking."""
    app = _application(question)
    (caller,) = app.identities
    (image,) = app.images
    return ACTION in lacking(caller, image, app)


def by_assertions(question: Question) -> str:
    """What the assertions read."""
    app = _application(question)
    (caller,), (web,) = app.identities, app.repositories
    return Access(app, caller, web.arn, web).may(ACTION).value


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.name)
def test_assertions_answer_as_the_check_does(question: Question) -> None:
    """Also about what only the deployment knows: if it matters, and only then, that is open."""
    assert by_assertions(question) == by_check(question)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.name)
def test_rules_find_lacking_what_the_check_denies(question: Question) -> None:
    """And nothing else, but for what is explained."""
    if question.principal in _LEFT_OPEN_BY_RULES:
        assert by_rules(question) is (_judged(question) == {Effect.EXPLICIT_DENY})
    else:
        assert by_rules(question) is (by_check(question) == "no")
