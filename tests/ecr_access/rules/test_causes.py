"""What has one cause is one finding, with all its places."""

from __future__ import annotations

from typing import Any

import pytest

from ecr_access.documents.templates.template import Resource, Template
from ecr_access.rules.access.application import Application
from ecr_access.rules.catalogue import findings_of
from ecr_access.rules.causes import by_cause, fix_of
from ecr_access.rules.finding import Rule, RuleFinding, Severity, subject
from tests.ecr_access.rules.pieces import ACCOUNT, PULL, REGION, WEB, WEB_URI, allow, repository, role

TOKEN = "ecr:GetAuthorizationToken"  # noqa: S105 -- an action
LAYERS = ["ecr:BatchCheckLayerAvailability", "ecr:CompleteLayerUpload", "ecr:InitiateLayerUpload", "ecr:PutImage"]
ECS = {"Statement": allow("sts:AssumeRole", Principal={"Service": "ecs-tasks.amazonaws.com"})}
SIGNS_IN = allow(TOKEN, Resource="*")
ROLE_CANNOT, TOKEN_MISSING = "execution-role-cannot-pull", "token-missing"
ON_RESOURCE, NO_ARN, NO_ACTION = "token-on-resource", "arn-of-no-repository", "no-such-action"


def puller(*statements: object, **properties: object) -> dict[str, Any]:
    """A role of tasks."""
    return role(*statements, AssumeRolePolicyDocument=ECS, **properties)


def task(*images: object, execution: object = "ci") -> dict[str, Any]:
    """A task of Fargate."""
    properties = {
        "RequiresCompatibilities": ["FARGATE"],
        "ExecutionRoleArn": execution,
        "ContainerDefinitions": [{"Image": image} for image in images or (f"{WEB_URI}:1.0",)],
    }
    return {"Type": "AWS::ECS::TaskDefinition", "Properties": properties}


def policy(*statements: object, **properties: object) -> dict[str, Any]:
    """A policy of the role, as a resource of its own."""
    document = {"PolicyDocument": {"Statement": [*statements]}}
    return {"Type": "AWS::IAM::Policy", "Properties": {"Roles": ["ci"], **document, **properties}}


SOUND = {
    "ImageTagMutability": "IMMUTABLE",
    "LifecyclePolicy": {"LifecyclePolicyText": f'{{"rules":[],"of":"{"x" * 100}"}}'},
    "ImageScanningConfiguration": {"ScanOnPush": True},
}


def found(account: str = ACCOUNT, region: str = REGION, /, **resources: Any) -> list[list[tuple[str, str]]]:
    """The rules and resources of each cause that an app has, beside its repository."""
    web = {**repository(**SOUND), "DeletionPolicy": "Retain"}
    document = {"Resources": {"Web": web, **resources}}
    app = Application([Template("app.json", document, account, region)])
    causes = by_cause(findings_of(app), lambda *_: None)
    return [[(rule.id, one.resource.logical_id) for rule, one in places] for places in causes]


def fixes(**resources: Any) -> list[str]:
    """What to do about each cause."""
    document = {"Resources": {"Web": {**repository(**SOUND), "DeletionPolicy": "Retain"}, **resources}}
    causes = by_cause(findings_of(Application([Template("", document, ACCOUNT, REGION)])), lambda *_: None)
    return [fix_of(places) for places in causes]


def test_ten_tasks_of_a_role_without_the_token_are_one_finding() -> None:
    """It begins where a task breaks, and ends where the token is missing, whatever images they run."""
    tasks = {f"Task{number}": task(f"{WEB_URI}:{number}") for number in range(10)}
    expected = [*((ROLE_CANNOT, name) for name in tasks), (TOKEN_MISSING, "Role")]
    assert found(Role=puller(allow(PULL, Resource=WEB)), **tasks) == [expected]


def test_one_wrong_image_in_ten_containers_is_one_finding() -> None:
    """In two tasks."""
    image = f"{WEB_URI}-of-none:1.0"
    resources = {"One": task(*[image] * 7), "Two": task(*[image] * 3)}
    (places,) = found(Role=puller(allow("*", Resource="*")), **resources)
    assert places == [("image-repository-unknown", "One")] * 7 + [("image-repository-unknown", "Two")] * 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"Fn::GetAtt": ["Web", "RepositoryUri"]},
        {"Fn::Sub": "${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/web"},
        {"Ref": "Web"},
        f"{WEB}:1.0",
        WEB.replace("repository/", ""),
        [{"Fn::GetAtt": ["Web", "RepositoryUri"]}, f"{WEB}-of-others"],
    ],
)
def test_a_wrong_resource_by_which_a_pull_fails_is_one_finding(wrong: Any) -> None:
    """An error where the tasks break, with the fix of the statement."""
    resources = {"Role": puller(SIGNS_IN, allow(PULL, Resource=wrong)), "One": task(), "Two": task()}
    assert found(**resources) == [[(ROLE_CANNOT, "One"), (ROLE_CANNOT, "Two"), (NO_ARN, "Role")]]
    assert fixes(**resources)[0].startswith("name 'arn:PARTITION:ecr:REGION:ACCOUNT:repository/NAME'")


def test_a_uri_is_no_arn_whatever_its_account_is() -> None:
    """The deployment alone knows it, and no ARN begins so."""
    resources = {
        "Role": puller(SIGNS_IN, allow(PULL, Resource={"Fn::GetAtt": ["Web", "RepositoryUri"]})),
        "Task": task({"Fn::Sub": "${Web.RepositoryUri}:1.0"}),
    }
    assert found("", "", **resources) == [[(ROLE_CANNOT, "Task"), (NO_ARN, "Role")]]


def test_a_wrong_resource_of_another_repository_is_no_cause() -> None:
    """What the role lacks for the image is not what was meant there."""
    statements = [SIGNS_IN, allow(PULL, Resource=f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/api")]
    assert found(Role=puller(*statements), Task=task()) == [[(ROLE_CANNOT, "Task")], [(NO_ARN, "Role")]]


def test_a_misspelt_token_is_one_finding() -> None:
    """With what is missing by it, and the pulls that fail."""
    resources = {"Role": puller(allow("ecr:GetAuthorisationToken", Resource="*"), allow(PULL, Resource=WEB))}
    assert found(**resources) == [[(TOKEN_MISSING, "Role"), (NO_ACTION, "Role")]]
    assert fixes(**resources) == [f"name '{TOKEN}' in the place of 'ecr:GetAuthorisationToken'"]
    assert found(**resources, Task=task()) == [[(ROLE_CANNOT, "Task"), (TOKEN_MISSING, "Role"), (NO_ACTION, "Role")]]


def test_a_token_on_a_repository_is_one_finding() -> None:
    """With the pulls that fail."""
    resources = {"Role": puller(allow([TOKEN, *PULL], Resource=WEB)), "Task": task()}
    assert found(**resources) == [[(ROLE_CANNOT, "Task"), (TOKEN_MISSING, "Role"), (ON_RESOURCE, "Role")]]


def test_a_misspelt_action_of_a_push_is_one_finding() -> None:
    """It is told what is lacking, and what was meant."""
    pushes = allow([*LAYERS, "ecr:BatchGetImage", "ecr:UploadLayerParts"], Resource=WEB)
    resources = {"Role": role(SIGNS_IN, pushes)}
    assert found(**resources) == [[("push-incomplete", "Role"), (NO_ACTION, "Role")]]
    assert fixes(**resources) == ["name 'ecr:UploadLayerPart' in the place of 'ecr:UploadLayerParts'"]


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        (allow("ecr:PutImages", Resource=WEB), NO_ACTION),
        (allow("ecr:ListImages", Resource=f"{WEB}:1.0"), NO_ARN),
        (allow(TOKEN, Resource=WEB), ON_RESOURCE),
    ],
)
def test_a_statement_that_is_copied_into_two_policies_of_a_role_is_one_finding(statement: Any, rule: str) -> None:
    """And two in policies of two roles, which are mended apart."""
    copies = {"Role": role(statement), "Policy": policy(statement)}
    assert found(**copies) == [[(rule, "Role"), (rule, "Policy")]]
    other = role(statement, RoleName="other")
    assert found(Role=role(statement), Other=other) == [[(rule, "Role")], [(rule, "Other")]]


def test_two_causes_are_two_findings() -> None:
    """A role that lacks the token and, for another image, the pull."""
    tasks = {"Web1": task(), "Api1": task(f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/api:1.0")}
    api = {**repository(RepositoryName="api", **SOUND), "DeletionPolicy": "Retain"}
    assert found(Role=puller(allow(PULL, Resource=WEB)), Api=api, **tasks) == [
        [(ROLE_CANNOT, "Web1"), (TOKEN_MISSING, "Role")],
        [(ROLE_CANNOT, "Api1")],
    ]


def test_a_policy_of_several_roles_that_lacks_the_token_is_one_finding() -> None:
    """It is mended once; a role that has a policy of its own beside is mended there."""
    document = {"PolicyDocument": {"Statement": [allow(PULL, Resource=WEB)]}}
    resources = {
        "Pull": {"Type": "AWS::IAM::ManagedPolicy", "Properties": document},
        "One": puller(RoleName="one", Policies=[], ManagedPolicyArns=[{"Ref": "Pull"}]),
        "Two": puller(RoleName="two", Policies=[], ManagedPolicyArns=[{"Ref": "Pull"}]),
        "Own": puller(allow("s3:*", Resource="*"), RoleName="own", ManagedPolicyArns=[{"Ref": "Pull"}]),
        **{f"Task{name}": task(execution=name) for name in ("one", "two", "own")},
    }
    assert found(**resources) == [
        [(ROLE_CANNOT, "Taskone"), (ROLE_CANNOT, "Tasktwo"), (TOKEN_MISSING, "Pull")],
        [(ROLE_CANNOT, "Taskown"), (TOKEN_MISSING, "Pull")],
    ]


def test_two_images_of_a_task_without_a_role_are_one_finding() -> None:
    """The role is missing once."""
    assert found(Task=task(f"{WEB_URI}:1", f"{WEB_URI}:2", execution={"Ref": "AWS::NoValue"})) == [
        [(ROLE_CANNOT, "Task"), (ROLE_CANNOT, "Task")]
    ]


def _place(severity: Severity, name: str, cause: tuple[str, ...], path: str = "P") -> tuple[Rule, RuleFinding]:
    rule = RULES.setdefault(name, Rule(name, severity, "", "", lambda _: ()))
    return rule, RuleFinding(Resource(Template("t", {}), "R", "", {}), path, "", f"fix of {name} at {path}", cause)


RULES: dict[str, Rule] = {}


def test_an_error_comes_first_and_the_last_rule_has_the_fix() -> None:
    """Of each rule the first fix counts; a finding without a cause stands alone, and a place is told once."""
    a = _place(Severity.WARNING, "warned", ("c",))
    b = _place(Severity.ERROR, "broken", ("c",))
    c = _place(Severity.WARNING, "warned", ("c",), "Q")
    alone = [_place(Severity.WARNING, "warned", (), "S") for _ in range(2)]
    assert by_cause([a, b, c, a, *alone], lambda *_: None) == [(b, a, c), (alone[0],), (alone[1],)]
    assert fix_of((b, a, c)) == "fix of warned at P"
    assert by_cause([a, c], lambda _, finding: finding.path) == [(a,), (c,)]


@pytest.mark.parametrize(
    ("type_", "name"),
    [
        ("AWS::ECS::TaskDefinition", "task definition 'It'"),
        ("AWS::IAM::ManagedPolicy", "managed policy 'It'"),
        ("Custom::Thing", "thing 'It'"),
        ("", "resource 'It'"),
    ],
)
def test_a_resource_is_called_by_its_type_and_its_name(type_: str, name: str) -> None:
    """As the subject of a sentence."""
    assert subject(Resource(Template("t", {}), "It", type_, {})) == name
