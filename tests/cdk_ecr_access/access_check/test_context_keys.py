"""Keys of the context that are nearly ours."""

from __future__ import annotations

import pytest

from cdk_ecr_access.access_check.context_keys import misspelt

KNOWN = ("manifest", "cdk-ecr-access:report-only", "cdk-ecr-access:propagation-seconds")


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("Manifest", "manifest"),
        ("manifests", "manifest"),
        ("mainfest", "manifest"),
        ("manifst", "manifest"),
        ("MANIFEST ", "manifest"),
        ("cdk-ecr-acess:report-only", "cdk-ecr-access:report-only"),
        ("cdk_ecr_access:report_only", "cdk-ecr-access:report-only"),
        ("ecr-access:report-only", "cdk-ecr-access:report-only"),
        ("cdk-ecr-access-report-only", "cdk-ecr-access:report-only"),
        ("cdk-ecr-access:propagation-second", "cdk-ecr-access:propagation-seconds"),
    ],
)
def test_a_key_that_is_nearly_ours_is_told(key: str, meant: str) -> None:
    """With the one that was probably meant."""
    assert misspelt([key], KNOWN) == [f"the context '{key}' is not known; did you mean '{meant}'?"]


@pytest.mark.parametrize(
    "key",
    [
        *("manifest", "cdk-ecr-access:report-only", "", "m", "x" * 100_000),
        *("pwa-manifest", "app-manifest", "manifest-bucket", "management", "latest", "manual", "repositories", "tags"),
        *("@aws-cdk/core:manifest", "aws:cdk:enable-path-metadata", "aws-cdk:manifest", "@aws-cdk/aws-ecr:x"),
        *("cdk-ecr-assets:report", "cdk-nag:report-only", "report-only", "availability-zones:account=1:region=x"),
    ],
)
def test_a_key_of_others_is_left_alone(key: str) -> None:
    """Those of the CDK, of other libraries and of the app, and ours as they are."""
    assert misspelt([key], KNOWN) == []
