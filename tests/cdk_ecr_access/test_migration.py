"""``ecr-access migrate`` over apps of ``aws_ecr``, and the same apps with this library's class."""

from __future__ import annotations

import json
import os
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App, Duration, Environment, RemovalPolicy, Stack, Tags
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from cdk_ecr_access import AccessibleRepository
from ecr_access.cli.migrate.command import main
from ecr_access.rules.migration.compare import compare
from ecr_access.rules.migration.plan import Fate
from tests.cdk_ecr_access.peer.cases import ACCOUNT, CASES, KEY, REGION
from tests.ecr_access.rules.pieces import synthesized

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ecr_access.rules.migration.plan import Plan

    Made = Callable[[Stack, type[ecr.Repository]], object]

SETTINGS: dict[str, Any] = {
    "nothing": {},
    "a name": {"repository_name": "team/web"},
    "what this library's defaults are": {
        "image_scan_on_push": True,
        "image_tag_mutability": ecr.TagMutability.IMMUTABLE,
        "removal_policy": RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        "lifecycle_rules": [ecr.LifecycleRule(max_image_age=Duration.days(3), tag_status=ecr.TagStatus.UNTAGGED)],
    },
    "tags but for some": {
        "image_tag_mutability": ecr.TagMutability.MUTABLE_WITH_EXCLUSION,
        "image_tag_mutability_exclusion_filters": [ecr.ImageTagMutabilityExclusionFilter.wildcard("v*")],
    },
    "destroy": {"removal_policy": RemovalPolicy.DESTROY, "empty_on_delete": True},
    "rules": {
        "lifecycle_rules": [
            ecr.LifecycleRule(tag_prefix_list=["v"], max_image_count=3, description='the last "three"'),
            ecr.LifecycleRule(tag_pattern_list=["*-rc*"], max_image_age=Duration.days(2)),
            ecr.LifecycleRule(max_image_count=100),
        ]
    },
    "KMS": {"encryption": ecr.RepositoryEncryption.KMS},
}


def plan(before: Made, after: Made) -> Plan:
    """What it comes to if an app is deployed over another one."""
    found = []
    for made, kind in ((before, ecr.Repository), (after, AccessibleRepository)):
        app = App()
        made(Stack(app, "Images", env=Environment(account=ACCOUNT, region=REGION)), kind)
        found.append(synthesized(app).templates)
    return compare(*found)


@pytest.mark.parametrize("name", SETTINGS)
def test_a_swap_that_keeps_what_is_told_to_keep_changes_no_setting(name: str) -> None:
    """What is printed is Python that renders the old settings again."""
    before = SETTINGS[name]
    swapped = plan(lambda stack, kind: kind(stack, "Web", **before), lambda stack, kind: kind(stack, "Web", **before))
    (found,) = swapped.repositories
    assert found.fate is Fate.IN_PLACE
    assert all(one.keep for one in found.settings)
    kept: dict[str, Any] = {}
    for one in found.settings:
        kept |= eval(f"dict({one.keep})", {"ecr": ecr, "RemovalPolicy": RemovalPolicy, "Duration": Duration})  # noqa: S307
    again = plan(
        lambda stack, kind: kind(stack, "Web", **before), lambda stack, kind: kind(stack, "Web", **{**before, **kept})
    )
    (found,) = again.repositories
    assert found.settings == ()
    assert found.fate is Fate.IN_PLACE


def test_the_defaults_that_change_are_those_of_the_page() -> None:
    """``docs/migration.md`` lists them."""
    (found,) = plan(lambda stack, kind: kind(stack, "Web"), lambda stack, kind: kind(stack, "Web")).repositories
    assert [(one.name, one.before, one.after) for one in found.settings] == [
        ("tag mutability", "mutable", "immutable"),
        ("scan on push", "off", "on"),
        ("lifecycle policy", "none", "expire untagged images 14 days after their push"),
        ("removal policy", "RETAIN", "RETAIN_ON_UPDATE_OR_DELETE"),
    ]


VARIANTS: dict[str, tuple[Made, Made, Fate]] = {
    "the same": (
        lambda stack, kind: kind(stack, "Web", repository_name="team/web"),
        lambda stack, kind: kind(stack, "Web", repository_name="team/web"),
        Fate.IN_PLACE,
    ),
    "a name is added": (
        lambda stack, kind: kind(stack, "Web"),
        lambda stack, kind: kind(stack, "Web", repository_name="team/web"),
        Fate.REPLACED,
    ),
    "encryption is added": (
        lambda stack, kind: kind(stack, "Web"),
        lambda stack, kind: kind(stack, "Web", encryption=ecr.RepositoryEncryption.KMS),
        Fate.REPLACED,
    ),
    "the default encryption is named, which both classes leave out": (
        lambda stack, kind: kind(stack, "Web"),
        lambda stack, kind: kind(stack, "Web", encryption=ecr.RepositoryEncryption.AES_256),
        Fate.IN_PLACE,
    ),
    "a key is added": (
        lambda stack, kind: kind(stack, "Web"),
        lambda stack, kind: kind(stack, "Web", encryption_key=kms.Key.from_key_arn(stack, "Key", KEY)),
        Fate.REPLACED,
    ),
    "another id": (
        lambda stack, kind: kind(stack, "Web", repository_name="team/web"),
        lambda stack, kind: kind(stack, "WebImages", repository_name="team/web"),
        Fate.REPLACED,
    ),
    "left out": (lambda stack, kind: kind(stack, "Web"), lambda stack, _: Stack.of(stack), Fate.RETAINED),
}


@pytest.mark.parametrize("name", VARIANTS)
def test_the_fate_of_a_repository_is_that_of_its_change(name: str) -> None:
    """Of real pairs of templates."""
    before, after, fate = VARIANTS[name]
    found = plan(before, after)
    assert [one.fate for one in found.repositories] == [fate]
    assert found.is_safe is (fate is Fate.IN_PLACE)


def test_whatever_aws_ecr_renders_stays_in_place_when_the_class_is_swapped() -> None:
    """The cases of the peer, as far as both classes take them."""
    plans = []
    for made in CASES.values():
        with suppress(RuntimeError, ValueError):
            plans.append(plan(made, made))
    assert {one.fate for found in plans for one in found.repositories} == {Fate.IN_PLACE}
    assert all(found.is_safe for found in plans)
    assert len(plans) > len(CASES) / 2


def _app(kind: type[ecr.Repository], folder: Path) -> str:
    app = App(outdir=str(folder))
    env = Environment(account=ACCOUNT, region=REGION)
    stack = Stack(app, "Images", env=env)
    web = kind(stack, "Web", repository_name="team/web")
    ci = iam.Role(stack, "Ci", assumed_by=iam.AccountRootPrincipal())
    web.grant_push(ci)
    web.grant_pull(iam.ArnPrincipal("arn:aws:iam::444455556666:role/reader"))
    Tags.of(web).add("team", "web")
    users = iam.Role(Stack(app, "Users", env=env), "Role", assumed_by=iam.AccountRootPrincipal())
    web.grant_pull(users)
    app.synth()
    return str(folder)


def test_two_folders_are_compared_stack_by_stack(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As a user synthesizes them: what a swap changes is a push's BatchGetImage and the other account's role."""
    before, after = _app(ecr.Repository, tmp_path / "old"), _app(AccessibleRepository, tmp_path / "new")
    assert main([before, after, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["safe"] is True
    assert [one["fate"] for one in found["repositories"]] == ["in place"]
    assert [one["course"] for one in found["repositories"][0]["statements"]] == ["goes", "comes"]
    (ci,) = found["principals"]
    assert [(one["course"], "ecr:BatchGetImage" in one["statement"]) for one in ci["statements"]] == [("comes", True)]
    assert found["exports"] == []
    assert len(found["notes"]) == len(["Images", "Users"])


def test_a_deployed_template_is_compared_with_one_of_an_assembly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says neither account nor Region, and its name is another one."""
    before, after = _app(ecr.Repository, tmp_path / "old"), _app(AccessibleRepository, tmp_path / "new")
    deployed = tmp_path / "deployed.json"
    deployed.write_bytes((tmp_path / "old" / "Images.template.json").read_bytes())
    assert main([str(deployed), f"{after}/Images.template.json"]) == 0
    alone = capsys.readouterr().out
    assert main([f"{before}/Images.template.json", f"{after}/Images.template.json"]) == 0
    assert capsys.readouterr().out == alone
    assert "Images: Web3C8945DB (team/web): in place" in alone


@pytest.mark.parametrize("name", ["the same", "a name is added", "encryption is added", "left out"])
def test_the_cdks_own_diff_agrees(name: str, tmp_path: Path) -> None:
    """The CDK CLI prints the same for people; it has no form of it for programs."""
    before, after, fate = VARIANTS[name]
    for made, kind, folder in ((before, ecr.Repository, "old"), (after, AccessibleRepository, "new")):
        app = App(outdir=str(tmp_path / folder))
        made(Stack(app, "Images", env=Environment(account=ACCOUNT, region=REGION)), kind)
        app.synth()
    old = tmp_path / "old" / "Images.template.json"
    command = ["cdk", "diff", "Images", "--no-color", "--method", "template", "--template", str(old)]
    done = subprocess.run(  # noqa: S603 -- the CDK CLI of this environment
        [*command, "--app", str(tmp_path / "new")],
        env={**os.environ, "CDK_DISABLE_VERSION_CHECK": "1", "AWS_EC2_METADATA_DISABLED": "true"},
        capture_output=True,
        text=True,
        check=True,
    )
    (line,) = [one for one in (done.stdout + done.stderr).splitlines() if "AWS::ECR::Repository" in one]
    words = {Fate.IN_PLACE: "[~]", Fate.REPLACED: "replace", Fate.RETAINED: "orphan"}
    assert [kind for kind, word in words.items() if word in line.lower()][-1] is fate, line
