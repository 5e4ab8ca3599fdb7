"""``no-such-action``."""

from __future__ import annotations

from typing import Any

import pytest

from ecr_access.rules.access.ecr_actions import AS_OF
from ecr_access.rules.checks.no_such_action import RULE
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import OTHER_ROLE, PARAMETER, WEB, allow, repository, role


def test_a_misspelt_action_is_reported() -> None:
    """With the nearest one."""
    assert findings(RULE, app_of({"Role": role(allow("ecr:UploadLayerParts", Resource=WEB))})) == [
        f"the statement names 'ecr:UploadLayerParts', which is no action of Amazon ECR as of {AS_OF}: it has no "  # noqa: ISC004
        "effect by "
        "that name; fix: name 'ecr:UploadLayerPart' in the place of 'ecr:UploadLayerParts'"
    ]


@pytest.mark.parametrize(
    "resources",
    [
        {"Role": role(allow(["ecr:PutImage", "ecr:GetAuthorisationToken"], Resource="*"))},
        {"Role": role(allow("ECR:pull", Resource="*"))},
        {"Role": role(allow("ecr:Upload*Parts", Resource=WEB))},
        {"Role": role(allow("ecr:DeleteImage", "Deny", Resource=WEB))},
        {"Role": role({"Effect": "Allow", "NotAction": "ecr:DeleteImages", "Resource": WEB})},
        {"Web": repository(allow("ecr:GetImage", Principal={"AWS": OTHER_ROLE}))},
    ],
)
def test_wherever_it_is(resources: dict[str, Any]) -> None:
    """In a list, in capitals, as a wildcard, in any kind of statement and policy."""
    assert len(findings(RULE, app_of(resources))) == 1


@pytest.mark.parametrize(
    "action",
    [
        "ecr:BatchGetImage",
        "ecr:batchgetimage",
        "ecr:*",
        "ecr:Batch*",
        "ecr:?atchGetImage",
        "*",
        "ecr-public:Nothing",
        "s3:Nothing",
        PARAMETER,
        {"Fn::Sub": "ecr:${Parameter}"},
        {"Fn::Sub": "ecr:${Parameter}Image"},
        ["ecr:ReplicateImage", "ecr:BatchImportUpstreamImage"],
    ],
)
def test_an_action_that_exists_or_may_is_not(action: object) -> None:
    """Nor one of another service."""
    assert findings(RULE, app_of({"Role": role(allow(action, Resource=WEB))})) == []
