"""``app-runner-source``."""

from __future__ import annotations

from typing import Any

import pytest

from ecr_access.rules.checks.app_runner_source import RULE
from ecr_access.rules.checks.execution_role_cannot_pull import RULE as NO_ROLE
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import ACCOUNT, NOTHING, OTHER, PARAMETER, WEB_URI

HELLO = "public.ecr.aws/aws-containers/hello-app-runner:latest"
THERE = WEB_URI.replace(ACCOUNT, OTHER)


def service(image: object, kind: object, automatic: object = NOTHING) -> dict[str, Any]:
    """A service of App Runner."""
    repository = {"ImageIdentifier": image, "ImageRepositoryType": kind}
    source: dict[str, Any] = {"ImageRepository": repository}
    if automatic != NOTHING:
        source["AutoDeploymentsEnabled"] = automatic
    return {"Type": "AWS::AppRunner::Service", "Properties": {"SourceConfiguration": source}}


def found(*given: object) -> list[str]:
    """What is found of a service."""
    return findings(RULE, app_of({"It": service(*given)}))


def test_a_private_image_that_is_said_to_be_public_is_reported() -> None:
    """Once, and not that there is no role too."""
    it = service(WEB_URI, "ECR_PUBLIC")
    assert findings(RULE, app_of({"It": it})) == [
        f"the ImageRepositoryType of service 'It' is ECR_PUBLIC, and '{WEB_URI}' is of a private repository: App "  # noqa: ISC004
        "Runner refuses the "
        "service; fix: set ImageRepositoryType to ECR, and AuthenticationConfiguration.AccessRoleArn to a role that "
        "may pull"
    ]
    assert findings(NO_ROLE, app_of({"It": it})) == []


def test_a_public_image_that_is_said_to_be_private_is_too() -> None:
    """Which needs a role that it does not have."""
    (one,) = found(HELLO, "ECR")
    assert f"is ECR, and '{HELLO}' is of Amazon ECR Public" in one


@pytest.mark.parametrize(("image", "kind"), [(HELLO, "ECR_PUBLIC"), (THERE, "ECR")])
@pytest.mark.parametrize("automatic", [True, "true"])
def test_app_runner_deploys_by_itself_only_from_a_private_repository_of_its_account(
    image: str, kind: str, *, automatic: object
) -> None:
    """Not from a public one, nor from another account."""
    (one,) = found(image, kind, automatic)
    assert "the AutoDeploymentsEnabled of service 'It' is true, and" in one


@pytest.mark.parametrize(
    "given",
    [
        (HELLO, "ECR_PUBLIC"),
        (HELLO, "ECR_PUBLIC", False),
        (HELLO, "ECR_PUBLIC", PARAMETER),
        (HELLO, PARAMETER, True),
        (WEB_URI, "ECR"),
        (WEB_URI, "ECR", True),
        (WEB_URI, PARAMETER),
        (THERE, "ECR"),
        (THERE, "ECR", False),
        (PARAMETER, "ECR_PUBLIC"),
        (PARAMETER, "ECR", True),
        ({"Fn::Sub": "${Account}.dkr.ecr.eu-west-1.amazonaws.com/web"}, "ECR", True),
        ({"Fn::If": ["A", HELLO, WEB_URI]}, "ECR"),
    ],
)
def test_what_is_right_or_known_at_deployment_alone_is_not(given: tuple[object, ...]) -> None:
    """By default App Runner deploys by itself only where it can."""
    assert found(*given) == []


def test_a_service_of_code_has_no_image() -> None:
    """Its repository is another one."""
    source = {"AutoDeploymentsEnabled": True, "CodeRepository": {"RepositoryUrl": "https://github.com/a/b"}}
    it = {"Type": "AWS::AppRunner::Service", "Properties": {"SourceConfiguration": source}}
    assert findings(RULE, app_of({"It": it})) == []


def test_a_macro_may_change_it() -> None:
    """What it makes of the template is not known."""
    document = {"Resources": {"It": service(WEB_URI, "ECR_PUBLIC")}, "Transform": "Ours"}
    assert findings(RULE, app_of(document)) == []
