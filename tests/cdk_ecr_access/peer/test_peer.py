"""A repository of this library renders what one of ``aws_ecr`` does, but for what is listed here with its reason.

The access check is left out of the comparison, and so are the safe defaults where the other class has no value.
"""

from __future__ import annotations

from typing import Any, Final

import pytest
from aws_cdk import App, Environment, Stack
from aws_cdk import aws_ecr as ecr

from cdk_ecr_access import AccessibleRepository
from tests.cdk_ecr_access.peer.cases import ACCOUNT, CASES, REGION

REFUSED: Final = "refused"
DIFFERENCES: Final = {
    "an empty name": "aws_ecr renders it, and ECR refuses it",
    "a name with two hyphens in a row": "ECR takes it, and aws_ecr refuses it",
    "encrypted with two layers": "ECR takes KMS_DSSE, and aws_ecr refuses it",
    "push to a role": "who pushes reads back what was pushed, which takes BatchGetImage",
    "pull to an account": "the other account's half is an output; the partition is written out",
    "pull to a role of another account": "ECR refuses the ARN of a role that is not there, and keeps a deleted one",
    "pull to an organization": "the other accounts' half is an output",
    "pull to a service": "a service is confined to this account: the confused deputy",
    "pull to an imported role that is immutable": "nothing can be attached to it, so the repository allows it",
    "pull to this account": "such a statement allows no caller by itself",
    "pull to the text of an ARN": "aws_ecr takes no text",
    "pull to the public": "a public repository is refused",
    "a_role_of_another_stack": "the ARN is written out; the export stays",
    "a_repository_by_its_name": "the partition of a known Region is written out",
}
REFUSED_BY: Final = {
    "an empty name": AccessibleRepository,
    "a name with two hyphens in a row": ecr.Repository,
    "encrypted with two layers": ecr.Repository,
    "pull to this account": AccessibleRepository,
    "pull to the text of an ARN": ecr.Repository,
    "pull to the public": AccessibleRepository,
}
"""Which class refuses a case that the other takes."""

# What aws_ecr leaves to ECR where nothing is given.
SAFE_DEFAULTS: Final = ("ImageTagMutability", "ImageScanningConfiguration", "LifecyclePolicy")
DELETION: Final = {"RetainExceptOnCreate": "Retain"}


def _rendered(name: str, repository: type[ecr.Repository]) -> list[dict[str, Any]] | str:
    """Return the templates of a case, without the access check, or that it is refused."""
    app = App()
    stack = Stack(app, "Stack", env=Environment(account=ACCOUNT, region=REGION))
    try:
        CASES[name](stack, repository)
        templates = [one.template for one in app.synth().stacks]
    except (RuntimeError, TypeError, ValueError):
        return REFUSED
    for one in templates:
        resources = one.get("Resources", {})
        one["Resources"] = {key: value for key, value in resources.items() if not key.startswith("EcrAccessCheck")}
    return templates


def _as_aws_ecr(ours: list[dict[str, Any]] | str, theirs: list[dict[str, Any]] | str) -> list[dict[str, Any]] | str:
    """Take our safe defaults away where the other class has nothing."""
    if isinstance(ours, str) or isinstance(theirs, str):
        return ours
    for template, other in zip(ours, theirs, strict=True):
        for key, one in template["Resources"].items():
            beside = other["Resources"].get(key, {})
            if one["Type"] == "AWS::ECR::Repository":
                given = beside.get("Properties", {})
                properties = one["Properties"]
                one["Properties"] = {
                    name: value for name, value in properties.items() if name in given or name not in SAFE_DEFAULTS
                }
                if not one["Properties"]:
                    del one["Properties"]
                for policy in ("DeletionPolicy", "UpdateReplacePolicy"):
                    if beside.get(policy) != one.get(policy):
                        one[policy] = DELETION.get(one[policy], one[policy])
    return ours


@pytest.mark.parametrize("name", CASES)
def test_a_case_of_aws_ecr_renders_the_same(name: str) -> None:
    """Or is refused by both; what differs is listed."""
    theirs = _rendered(name, ecr.Repository)
    ours = _as_aws_ecr(_rendered(name, AccessibleRepository), theirs)
    assert (ours == theirs) is (name not in DIFFERENCES), DIFFERENCES.get(name, "")


@pytest.mark.parametrize("name", DIFFERENCES)
def test_a_case_that_differs_does_so_as_its_reason_says(name: str) -> None:
    """It is refused by one class, or differs in policies and outputs alone."""
    theirs = _rendered(name, ecr.Repository)
    ours = _as_aws_ecr(_rendered(name, AccessibleRepository), theirs)
    refused = [one for one, found in ((ecr.Repository, theirs), (AccessibleRepository, ours)) if found == REFUSED]
    assert refused == [REFUSED_BY[one] for one in (name,) if one in REFUSED_BY]
    if not isinstance(ours, str) and not isinstance(theirs, str):
        assert [_without_policies(one) for one in ours] == [_without_policies(one) for one in theirs]


def _without_policies(template: dict[str, Any]) -> dict[str, Any]:
    resources = {
        key: {**one, "Properties": {k: v for k, v in one.get("Properties", {}).items() if k != "RepositoryPolicyText"}}
        for key, one in template["Resources"].items()
        if one["Type"] != "AWS::IAM::Policy"
    }
    return {"Resources": resources}


def test_what_aws_ecr_refuses_is_refused_by_both() -> None:
    """The cases hold wrong input too, or the comparison would compare little."""
    refused = [name for name in CASES if _rendered(name, ecr.Repository) == REFUSED]
    assert len(refused) > 10
    assert {*DIFFERENCES} <= {*CASES}
