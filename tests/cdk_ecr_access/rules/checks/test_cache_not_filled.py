"""``cache-not-filled``."""

from __future__ import annotations

from typing import Any

import pytest

from ecr_access.documents.templates.template import Template
from ecr_access.rules.access.application import Application
from ecr_access.rules.checks.cache_not_filled import RULE
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import ACCOUNT, OTHER, PARAMETER, PULL, REGION, allow, repository, role

IMPORT, CREATE = "ecr:BatchImportUpstreamImage", "ecr:CreateRepository"
NGINX = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/hub/library/nginx"
CACHED = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/hub/*"
EXECUTION = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
PULL_ONLY = "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly"
ROLE = {"Fn::GetAtt": ["Role", "Arn"]}
MAY_PULL = (allow("ecr:GetAuthorizationToken", Resource="*"), allow(PULL, Resource=CACHED))


def cache(prefix: object = "hub") -> dict[str, Any]:
    """The rule of a cache."""
    properties = {"EcrRepositoryPrefix": prefix, "UpstreamRegistryUrl": "public.ecr.aws"}
    return {"Type": "AWS::ECR::PullThroughCacheRule", "Properties": properties}


def task(*images: object) -> dict[str, Any]:
    """A task on Fargate."""
    properties = {
        "RequiresCompatibilities": ["FARGATE"],
        "ExecutionRoleArn": ROLE,
        "ContainerDefinitions": [{"Image": one} for one in images or (f"{NGINX}:1",)],
    }
    return {"Type": "AWS::ECS::TaskDefinition", "Properties": properties}


def registry(*statements: object) -> dict[str, Any]:
    """The policy of the registry."""
    return {"Type": "AWS::ECR::RegistryPolicy", "Properties": {"PolicyText": {"Statement": [*statements]}}}


def template(prefix: object = "hub") -> dict[str, Any]:
    """A template by which ECR creates repositories."""
    properties = {"Prefix": prefix, "AppliedFor": ["PULL_THROUGH_CACHE"]}
    return {"Type": "AWS::ECR::RepositoryCreationTemplate", "Properties": properties}


def found(*statements: object, **more: Any) -> list[str]:
    """What is found of a role of some statements that pulls through a cache."""
    return findings(RULE, app_of({"Cache": cache(), "Role": role(*statements), "It": task(), **more}))


def test_a_role_that_pulls_and_may_not_fill_the_cache_is_reported() -> None:
    """With both actions and where to allow them; once for the role."""
    assert found(*MAY_PULL, It=task(f"{NGINX}:1", f"{NGINX}-other:1")) == [
        f"role ci pulls '{NGINX}:1' through the cache Cache, but may not {IMPORT} and {CREATE}: the first pull of an "  # noqa: ISC004
        f"image fails, as if it did not exist; fix: allow {IMPORT} and {CREATE} on '{CACHED}' to it, in a policy of "
        "its own or in the policy of the registry, an AWS::ECR::RegistryPolicy"
    ]


@pytest.mark.parametrize(
    ("made", "lacking"),
    [
        (role(ManagedPolicyArns=[EXECUTION]), f"{IMPORT} and {CREATE}"),
        (role(ManagedPolicyArns=[PULL_ONLY]), CREATE),
        (role(*MAY_PULL, allow(CREATE, Resource="*")), IMPORT),
        (role(allow("ecr:*", Resource="*"), allow(IMPORT, "Deny", Resource=CACHED)), IMPORT),
    ],
)
def test_what_it_lacks_is_told_exactly(made: dict[str, Any], lacking: str) -> None:
    """The managed policy of ECS has neither, the one to pull alone has no repository created."""
    (one,) = found(Role=made)
    assert f"but may not {lacking}: the first" in one


@pytest.mark.parametrize(
    "more",
    [
        {"Role": role(*MAY_PULL, allow([IMPORT, CREATE], Resource=CACHED))},
        {"Role": role(allow("ecr:*", Resource="*"))},
        {"Role": role(*MAY_PULL, ManagedPolicyArns=[PARAMETER])},
        {"Role": role(*MAY_PULL, allow([IMPORT, CREATE], Resource=PARAMETER))},
        {"Registry": registry(allow([IMPORT, CREATE], Principal={"AWS": ROLE}, Resource=CACHED))},
        {"Registry": registry(allow([IMPORT, CREATE], Principal={"AWS": ROLE}, Resource="*"))},
        {"Registry": registry(PARAMETER)},
        {"Role": role(ManagedPolicyArns=[PULL_ONLY]), "Template": template()},
        {"Role": role(ManagedPolicyArns=[PULL_ONLY]), "Template": template("ROOT")},
        {"Role": role(ManagedPolicyArns=[PULL_ONLY]), "Template": template(PARAMETER)},
        {"Role": role(ManagedPolicyArns=[PULL_ONLY]), "Web": repository(RepositoryName="hub/library/nginx")},
        {"Role": role(*MAY_PULL), "Web": repository(allow(IMPORT, Principal={"AWS": ROLE}), RepositoryName=PARAMETER)},
        {
            "Role": role(*MAY_PULL),
            "Web": repository(allow(IMPORT, Principal={"AWS": ROLE}), RepositoryName="hub/library/nginx"),
        },
    ],
)
def test_a_role_that_may_or_need_not_is_not(more: dict[str, Any]) -> None:
    """By the policy of the registry or repository too; by a template, or a declared repository, without creating it."""
    assert found(*MAY_PULL, **more) == []


def test_a_role_of_the_registrys_account_is_not_let_in_by_the_account() -> None:
    """That leaves it to the policies of the role."""
    root = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    allowed = registry(allow([IMPORT, CREATE], Principal=root, Resource=CACHED))
    assert len(found(*MAY_PULL, Registry=allowed)) == 1


@pytest.mark.parametrize(
    "more",
    [
        {"Cache": cache("tools")},
        {"Cache": cache("hub/library/nginx")},
        {"Cache": cache("ROOT")},
        {"Cache": cache(PARAMETER)},
        {"It": task(f"{NGINX.replace(ACCOUNT, OTHER)}:1")},
        {"It": task(f"{NGINX.replace(REGION, 'us-east-1')}:1")},
        {"It": task("nginx")},
    ],
)
def test_an_image_that_is_not_certainly_of_the_cache_is_not(more: dict[str, Any]) -> None:
    """Of another prefix, account or Region."""
    assert found(*MAY_PULL, **more) == []


def test_a_role_that_may_not_pull_at_all_is_another_rules_matter() -> None:
    """As is one of another account."""
    assert found(allow(PULL, Resource="*")) == []
    here = Template("cache.json", {"Resources": {"Cache": cache()}}, ACCOUNT, REGION)
    there = Template("task.json", {"Resources": {"Role": role(*MAY_PULL), "It": task()}}, OTHER, REGION)
    assert findings(RULE, Application([here, there])) == []
