"""``pull-through-cache``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import botocore.session
import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_secretsmanager as secretsmanager

from ecr_access.rules.checks.pull_through_cache import _SIGNED, RULE
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import ACCOUNT, NOTHING, OTHER, PARAMETER, REGION, allow, role, synthesized

if TYPE_CHECKING:
    from aws_cdk import App, Stack

SECRET = {"Ref": "Secret"}
PREFIX = "ecr-pullthroughcache/"
ARN = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{PREFIX}hub-a1b2c3"
HUB = {"UpstreamRegistry": "docker-hub", "UpstreamRegistryUrl": "registry-1.docker.io"}
FIX = f"; fix: set CredentialArn to a secret of this account and Region whose name begins with '{PREFIX}'"
UPSTREAM = f"{OTHER}.dkr.ecr.eu-west-1.amazonaws.com"


def cache(**properties: object) -> dict[str, Any]:
    """The rule of a cache."""
    return {"Type": "AWS::ECR::PullThroughCacheRule", "Properties": {"EcrRepositoryPrefix": "hub", **properties}}


def secret(**properties: object) -> dict[str, Any]:
    """A secret."""
    return {"Type": "AWS::SecretsManager::Secret", "Properties": properties}


def found(rule: dict[str, Any], **more: Any) -> list[str]:
    """What is found of a rule."""
    return findings(RULE, app_of({"Rule": rule, **more}))


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("docker-hub", "registry-1.docker.io"),
        ("github-container-registry", "ghcr.io"),
        ("gitlab-container-registry", "registry.gitlab.com"),
        ("azure-container-registry", "example.azurecr.io"),
        ("chainguard", "cgr.dev"),
    ],
)
def test_an_upstream_that_needs_a_credential_is_reported_without(name: str, url: str) -> None:
    """Whether the rule has its name, its URL, or both."""
    problem = (
        f"pull through cache rule 'Rule' caches {name} without CredentialArn: that upstream lets no cache "
        f"in without a credential{FIX}"
    )
    for given in ({"UpstreamRegistry": name}, {"UpstreamRegistryUrl": url}, {"UpstreamRegistryUrl": f"https://{url}"}):
        assert found(cache(**given)) == [problem]
        assert found(cache(**given, CredentialArn=ARN)) == []


def test_the_names_of_upstreams_are_those_of_the_api() -> None:
    """By the AWS SDK's model: four need no credential."""
    model = botocore.session.get_session().get_service_model("ecr").shape_for("UpstreamRegistry")
    assert {*_SIGNED} == {*model.enum} - {"ecr", "ecr-public", "k8s", "quay"}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "rule",
    [
        cache(UpstreamRegistryUrl="public.ecr.aws"),
        cache(UpstreamRegistry="quay", UpstreamRegistryUrl="quay.io"),
        cache(UpstreamRegistry="k8s", UpstreamRegistryUrl="registry.k8s.io"),
        cache(UpstreamRegistry=PARAMETER, UpstreamRegistryUrl=PARAMETER),
        cache(**HUB, CredentialArn=PARAMETER),
        cache(**HUB, CredentialArn={"Fn::If": ["A", SECRET, NOTHING]}),
        cache(**HUB, CredentialArn={"Fn::ImportValue": "secret"}),
        cache(**HUB, CredentialArn={"Fn::Sub": "arn:aws:secretsmanager:${Place}:secret:${Name}"}),
    ],
)
def test_one_that_needs_none_or_may_have_one_is_not(rule: dict[str, Any]) -> None:
    """What only the deployment knows may be a credential."""
    assert found(rule, Secret=secret(Name="hub")) == []


@pytest.mark.parametrize(
    ("properties", "problem"),
    [
        ({"Name": "docker-hub"}, f"of the name 'docker-hub', without '{PREFIX}'"),
        ({"Name": {"Fn::Sub": "hub/${Stage}"}}, f"of the name 'hub/${{Stage}}', without '{PREFIX}'"),
        ({"Name": PREFIX.strip("/")}, "of the name 'ecr-pullthroughcache'"),
        ({"Name": NOTHING}, f"whose name CloudFormation makes up, without '{PREFIX}'"),
        ({}, f"whose name CloudFormation makes up, without '{PREFIX}'"),
    ],
)
def test_the_name_of_a_secret_begins_as_ecr_demands(properties: dict[str, Any], problem: str) -> None:
    """Also where CloudFormation makes it up."""
    (one,) = found(cache(**HUB, CredentialArn=SECRET), Secret=secret(**properties))
    assert (
        f"pull through cache rule 'Rule' names the secret Secret, {problem}" in one
        or f"pull through cache rule 'Rule' names the secret Secret {problem}" in one
    )
    assert one.endswith(f": ECR refuses the rule{FIX}")


@pytest.mark.parametrize(
    "properties",
    [
        {"Name": f"{PREFIX}hub"},
        {"Name": {"Fn::Sub": f"{PREFIX}${{AWS::StackName}}"}},
        {"Name": PARAMETER},
        {"Name": {"Fn::Sub": "${Prefix}/hub"}},
    ],
)
def test_a_name_that_does_or_may_is_right(properties: dict[str, Any]) -> None:
    """Of what only the deployment knows, nothing is said."""
    assert found(cache(**HUB, CredentialArn=SECRET), Secret=secret(**properties)) == []


@pytest.mark.parametrize(
    ("arn", "problem"),
    [
        (ARN.replace(PREFIX, "caches/"), f"whose name does not begin with '{PREFIX}'"),
        (ARN.replace(ACCOUNT, OTHER), f"a secret of {OTHER}, and the rule is of {ACCOUNT}"),
        (ARN.replace(REGION, "us-east-1"), f"a secret of us-east-1, and the rule is of {REGION}"),
    ],
)
def test_so_is_the_arn_of_one_that_is_made_elsewhere(arn: str, problem: str) -> None:
    """Its account and Region are those of the rule."""
    assert found(cache(**HUB, CredentialArn=arn)) == [
        f"pull through cache rule 'Rule' names '{arn}', {problem}: ECR refuses the rule{FIX}"
    ]


TRUSTING = role(
    AssumeRolePolicyDocument={
        "Statement": [allow("sts:AssumeRole", Principal={"Service": "pullthroughcache.ecr.amazonaws.com"})]
    }
)
OTHERS = role(
    AssumeRolePolicyDocument={"Statement": [allow("sts:AssumeRole", Principal={"Service": "ecr.amazonaws.com"})]}
)
ROLE = {"Fn::GetAtt": ["Role", "Arn"]}


@pytest.mark.parametrize(
    ("given", "made", "count"),
    [
        ({"UpstreamRegistryUrl": UPSTREAM}, TRUSTING, 1),
        ({"UpstreamRegistryUrl": UPSTREAM, "CustomRoleArn": ROLE}, OTHERS, 1),
        ({"UpstreamRegistryUrl": UPSTREAM, "CustomRoleArn": ROLE}, TRUSTING, 0),
        ({"UpstreamRegistryUrl": UPSTREAM, "CustomRoleArn": PARAMETER}, OTHERS, 0),
        ({"UpstreamRegistryUrl": UPSTREAM.replace(OTHER, ACCOUNT)}, TRUSTING, 0),
        ({"UpstreamRegistryUrl": PARAMETER, "UpstreamRegistry": "ecr"}, TRUSTING, 0),
    ],
)
def test_ecr_of_another_account_needs_a_role(given: dict[str, Any], made: dict[str, Any], count: int) -> None:
    """Which ECR assumes; within an account it needs none."""
    assert len(found(cache(**given), Role=made)) == count


def test_an_account_that_only_the_deployment_knows_may_be_the_same() -> None:
    """Then nothing is said."""
    assert findings(RULE, app_of({"Rule": cache(UpstreamRegistryUrl=UPSTREAM)}, account="")) == []


def test_a_macro_may_add_the_credential() -> None:
    """What it makes of the template is not known."""
    assert findings(RULE, app_of({"Resources": {"Rule": cache(**HUB)}, "Transform": "Ours"})) == []


@pytest.mark.parametrize(("name", "count"), [(f"{PREFIX}hub", 0), (None, 1)])
def test_a_secret_of_the_cdk_needs_a_name(app: App, stack: Stack, name: str | None, count: int) -> None:
    """Without one CloudFormation makes it up."""
    made = secretsmanager.Secret(stack, "Secret", secret_name=name)
    other = secretsmanager.Secret.from_secret_name_v2(stack, "Other", name or "hub")
    for id_, one in (("Hub", made), ("Again", other)):
        ecr.CfnPullThroughCacheRule(
            stack,
            id_,
            ecr_repository_prefix=id_.lower(),
            upstream_registry="docker-hub",
            upstream_registry_url="registry-1.docker.io",
            credential_arn=one.secret_arn,
        )
    assert len(findings(RULE, synthesized(app))) == 2 * count
