"""The rules in a real synthesis of the CDK."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from aws_cdk import Acknowledgment, App, CfnOutput, CfnParameter, Fn, NestedStack, Stack, Stage, Validations
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

import cdk_ecr_access
from cdk_ecr_access import EcrAccessRules
from ecr_access.rules.catalogue import RULES
from ecr_access.rules.finding import Rule, RuleFinding, Severity
from ecr_access.rules.guard import NOT_APPLIED
from tests.reading import ENV, PULL, TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_cdk import IPolicyValidationContext

    from ecr_access.rules.access.application import Application

ERROR = "token-missing"
PULLER = "arn:aws:iam::111122223333:role/puller"


@dataclass(frozen=True)
class Synthesis:
    """What a synthesis under the rules came to."""

    succeeded: bool
    report: dict[str, Any]

    def paths(self, rule: str = ERROR, key: str = "violations") -> list[str]:
        """The constructs that break a rule."""
        return [
            construct["constructPath"]
            for one in self.report.get(key, [])
            if one["ruleName"] == rule
            for construct in one["violatingConstructs"]
        ]


def synthesized(app: App) -> Synthesis:
    """Synthesize an app under the rules, and read the report."""
    Validations.of(app).add_plugins(EcrAccessRules())
    succeeded = True
    try:
        app.synth()
    except RuntimeError as error:
        assert "ValidationFailed" in str(error)  # noqa: PT017 -- and nothing else
        succeeded = False
    path = Path(app.outdir, "validation-report.json")
    reports = json.loads(path.read_text(encoding="utf-8"))["pluginReports"] if path.exists() else []
    return Synthesis(succeeded, next((one for one in reports if one["pluginName"] == "EcrAccess"), {}))


def puller(scope: Stack, *, token: bool = False) -> iam.Role:
    """A role that may pull."""
    role = iam.Role(scope, "Role", assumed_by=iam.AccountRootPrincipal())
    role.add_to_policy(iam.PolicyStatement(actions=PULL, resources=["*"]))
    if token:
        ecr.AuthorizationToken.grant_read(role)
    return role


def test_an_error_fails_the_synthesis_and_names_the_construct(app: App) -> None:
    """With the rule, its severity, what is wrong, the fix and the property."""
    puller(Stack(app, "Stack", env=ENV))
    done = synthesized(app)
    assert not done.succeeded
    assert done.paths() == ["Stack/Role/DefaultPolicy/Resource"]
    (found,) = [one for one in done.report["violations"] if one["ruleName"] == ERROR]
    assert found["severity"] == "error"
    assert found["description"].endswith(f"may pull, but not {TOKEN} on '*': every pull ends in 403")
    assert found["suggestedFix"].startswith(f"allow {TOKEN} on '*' in a statement of its own")
    resource = found["violatingConstructs"][0]["cloudFormationResource"]
    assert resource["propertyPaths"] == ["Properties/PolicyDocument/Statement[0]"]


def test_an_app_without_errors_is_synthesized(app: App) -> None:
    """The token makes the difference."""
    puller(Stack(app, "Stack", env=ENV), token=True)
    done = synthesized(app)
    assert done.succeeded
    assert done.paths() == []


def test_an_acknowledgment_lets_it_pass_and_keeps_its_reason(app: App) -> None:
    """As for the CDK's own rules; at the role or anything that holds it."""
    role = puller(Stack(app, "Stack", env=ENV))
    Validations.of(role).acknowledge(Acknowledgment(id=f"EcrAccess::{ERROR}", reason="signs in elsewhere"))
    done = synthesized(app)
    assert done.succeeded
    assert done.paths() == []
    assert done.paths(key="suppressedViolations") == ["Stack/Role/DefaultPolicy/Resource"]
    suppressed = [one for one in done.report["suppressedViolations"] if one["ruleName"] == ERROR]
    assert [one["reason"] for one in suppressed] == ["signs in elsewhere"]


def test_an_acknowledgment_covers_one_scope_alone(app: App) -> None:
    """Another role is still reported."""
    role = puller(Stack(app, "One", env=ENV))
    puller(Stack(app, "Two", env=ENV))
    Validations.of(role).acknowledge(Acknowledgment(id=f"EcrAccess::{ERROR}", reason="signs in elsewhere"))
    done = synthesized(app)
    assert not done.succeeded
    assert done.paths() == ["Two/Role/DefaultPolicy/Resource"]


def _warns(app: Application) -> Iterator[RuleFinding]:
    for one in app.of_type("AWS::IAM::Role"):
        yield RuleFinding(one, "Properties", "a role", "none")


def test_a_warning_does_not_fail_the_synthesis(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is reported all the same."""
    rule = Rule("any-role", Severity.WARNING, "no role", "https://docs.aws.amazon.com/", _warns)
    monkeypatch.setattr("ecr_access.rules.catalogue.RULES", (rule,))
    puller(Stack(app, "Stack", env=ENV))
    done = synthesized(app)
    assert done.succeeded
    assert done.paths("any-role") == ["Stack/Role/Resource"]


def test_the_stacks_of_an_app_are_read_together(app: App) -> None:
    """A policy that another stack attaches to the role counts."""
    role = puller(Stack(app, "Roles", env=ENV))
    other = Stack(app, "Policies", env=ENV)
    statement = iam.PolicyStatement(actions=[TOKEN], resources=["*"])
    iam.CfnPolicy(
        other,
        "Token",
        policy_name="token",
        policy_document=iam.PolicyDocument(statements=[statement]),
        roles=[role.role_name],
    )
    assert synthesized(app).paths() == []


def test_an_exported_value_is_followed(app: App) -> None:
    """Written by hand, as the CDK writes it: an output with a name, and its import."""
    one = Stack(app, "Roles", env=ENV)
    CfnOutput(one, "Name", value=puller(one).role_name, export_name="role-name")
    statement = iam.PolicyStatement(actions=[TOKEN], resources=["*"])
    iam.CfnPolicy(
        Stack(app, "Policies", env=ENV),
        "Token",
        policy_name="token",
        policy_document=iam.PolicyDocument(statements=[statement]),
        roles=[Fn.import_value("role-name")],
    )
    assert synthesized(app).paths() == []


def test_stages_are_read(app: App) -> None:
    """Each stack of a stage, by its construct path."""
    puller(Stack(Stage(app, "Prod", env=ENV), "Stack"))
    done = synthesized(app)
    assert not done.succeeded
    assert done.paths() == ["Prod/Stack/Role/DefaultPolicy/Resource"]


def test_nested_stacks_are_read(app: App) -> None:
    """The CDK does not name their templates."""
    puller(NestedStack(Stack(app, "Stack", env=ENV), "Inner"))
    done = synthesized(app)
    assert not done.succeeded
    assert done.paths() == ["Stack/Inner/Role/DefaultPolicy/Resource"]


def test_an_agnostic_stack_is_read(app: App) -> None:
    """Account and Region unknown."""
    puller(Stack(app, "Stack"))
    assert synthesized(app).paths() == ["Stack/Role/DefaultPolicy/Resource"]


@pytest.mark.parametrize("agnostic", [False, True])
def test_what_only_the_deployment_knows_is_no_error(app: App, *, agnostic: bool) -> None:
    """Parameters, imports and attributes wherever a rule may look."""
    stack = Stack(app, "Stack", env=None if agnostic else ENV)
    value = CfnParameter(stack, "Value").value_as_string
    iam.CfnRole(
        stack,
        "Role",
        assume_role_policy_document={"Statement": []},
        managed_policy_arns=[value],
        policies=[
            {
                "policyName": "one",
                "policyDocument": {
                    "Statement": [
                        {"Effect": "Allow", "Action": PULL, "Resource": Fn.import_value("elsewhere")},
                        {"Effect": "Allow", "Action": value, "Resource": value},
                    ]
                },
            }
        ],
    )
    assert synthesized(app).succeeded


def test_the_plugin_names_itself_and_every_rule() -> None:
    """The report's name is what acknowledgments begin with."""
    plugin = EcrAccessRules()
    assert plugin.name == "EcrAccess"
    assert plugin.rule_ids == [one.id for one in (*RULES, NOT_APPLIED)]
    assert plugin.version[0].isdigit()


def test_the_plugin_is_a_public_name() -> None:
    """In the list, and where it is imported from."""
    assert "EcrAccessRules" in cdk_ecr_access.__all__
    assert cdk_ecr_access.EcrAccessRules is EcrAccessRules


def _raises(app: Application) -> Iterator[RuleFinding]:
    for one in app.of_type("AWS::IAM::Role"):
        raise LookupError(one.logical_id)
    yield from ()


def _raises_at_once(_: Application) -> Iterator[RuleFinding]:
    raise LookupError("nothing at hand")


def test_a_rule_that_raises_does_not_stop_the_synthesis(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a warning at the construct that was read; the others are applied."""
    page = "https://docs.aws.amazon.com/"
    rules = [Rule("bad", Severity.ERROR, "no role", page, one) for one in (_raises, _raises_at_once)]
    warns = Rule("any-role", Severity.WARNING, "no role", page, _warns)
    monkeypatch.setattr("ecr_access.rules.catalogue.RULES", (*rules, warns))
    puller(Stack(app, "Stack", env=ENV))
    done = synthesized(app)
    assert done.succeeded
    assert done.paths("rule-not-applied") == ["Stack/Role/Resource"] * 2
    assert done.paths("any-role") == ["Stack/Role/Resource"]
    found = [one["description"] for one in done.report["violations"] if one["ruleName"] == "rule-not-applied"]
    assert any("LookupError: Role" in one for one in found)
    assert any("to the app, nor to what comes after it: LookupError: nothing at hand" in one for one in found)


def test_an_app_without_resources_survives_a_rule_that_raises(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no construct to report at."""
    rule = Rule("bad", Severity.ERROR, "no role", "https://docs.aws.amazon.com/", _raises_at_once)
    monkeypatch.setattr("ecr_access.rules.catalogue.RULES", (rule,))
    Stack(app, "Stack", env=ENV)
    done = synthesized(app)
    assert done.succeeded
    assert [one["ruleName"] for one in done.report["violations"]] == ["rule-not-applied"]


def test_a_release_of_the_cdk_that_does_not_tell_the_app_will_do(tmp_path: Path) -> None:
    """Then nothing is known of what it looked up."""

    class Context:
        template_paths = (str(tmp_path / "stack.json"),)

    uri = f"{ENV.account}.dkr.ecr.{ENV.region}.amazonaws.com/web:1.0"
    resources = {"It": {"Type": "AWS::Lambda::Function", "Properties": {"Code": {"ImageUri": uri}}}}
    tmp_path.joinpath("stack.json").write_text(json.dumps({"Resources": resources}), encoding="utf-8")
    assert EcrAccessRules().validate(cast("IPolicyValidationContext", Context())).success


def test_a_repository_that_the_cdk_looked_up_is_known() -> None:
    """By what it keeps in cdk.context.json, and by nothing else."""
    key = "exactIdentifier=web:propertiesToReturn.0=Arn:region=eu-west-1:typeName=AWS$:$:ECR$:$:Repository"
    found = [{"Identifier": "web", "Arn": "arn:aws:ecr:eu-west-1:111122223333:repository/web"}]
    app = App(context={f"cc-api-provider:account=111122223333:{key}": found})
    stack = Stack(app, "Stack", env=ENV)
    repositories = {
        "Web": ecr.Repository.from_lookup(stack, "Web", repository_name="web"),
        "Api": ecr.Repository.from_repository_name(stack, "Api", "api"),
    }
    for name, one in repositories.items():
        uri = one.repository_uri_for_tag("1.0")
        lambda_.CfnFunction(stack, f"{name}Function", role=PULLER, code={"imageUri": uri})
    assert synthesized(app).paths("image-repository-unknown") == ["Stack/ApiFunction"]


def test_repositories_that_exist_already_are_named(app: App) -> None:
    """Another app's pipeline makes them; every other image is an error all the same."""
    stack = Stack(app, "Stack", env=ENV)
    for name in ("platform/base", "team/web"):
        image = ecr.Repository.from_repository_name(stack, name, name).repository_uri_for_tag("1.0")
        lambda_.CfnFunction(stack, name.replace("/", ""), role=PULLER, code={"imageUri": image})
    Validations.of(app).add_plugins(EcrAccessRules(existing=["platform/*"]))
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()
    text = Path(app.outdir, "validation-report.json").read_text(encoding="utf-8")
    assert "no repository 'team/web'" in text
    assert "no repository 'platform/base'" not in text


def test_what_is_no_name_of_a_repository_is_refused() -> None:
    """All of them at once."""
    with pytest.raises(ValueError, match=r"^existing\[0\] is 'Web'; allowed: .*\nexisting\[2\] is '\*'; allowed: "):
        EcrAccessRules(existing=["Web", "team/*", "*"])
    with pytest.raises(
        ValueError, match=r"^existing is the text 'team/\*'; allowed: a list of names, \['team/\*'\] .ECR-ACCESS-612.$"
    ):
        EcrAccessRules(existing="team/*")
