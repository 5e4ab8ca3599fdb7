"""What importers need to snapshot-test their own apps."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import (
    App,
    CfnOutput,
    DefaultStackSynthesizer,
    Environment,
    NestedStack,
    Stack,
    aws_ecr_assets,
    aws_lambda,
    aws_s3_assets,
)
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Template

from cdk_ecr_access import AccessibleRepository
from cdk_ecr_access.testing import snapshot_of
from tests.reading import ENV

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

HASH = "0123456789abcdef" * 4
OTHER_HASH = "fedcba9876543210" * 4


def bare(template: Mapping[str, Any]) -> dict[str, Any]:
    """A template without the rule that each stack of the CDK has, and nothing else in these sections."""
    return {name: one for name, one in template.items() if name not in ("Parameters", "Rules")}


def function(folder: Path, code: str) -> dict[str, Any]:
    """A stack with a function's current version, an alias on it, and a file."""
    (folder / "index.py").write_text(code, encoding="utf-8")
    stack = Stack(App(), "Stack", env=ENV)
    made = aws_lambda.Function(
        stack,
        "Function",
        runtime=aws_lambda.Runtime.PYTHON_3_14,
        handler="index.handle",
        code=aws_lambda.Code.from_asset(str(folder)),
    )
    made.current_version.add_alias("live")
    asset = aws_s3_assets.Asset(stack, "File", path=str(folder / "index.py"))
    made.add_environment("FILE", asset.s3_object_key)
    return snapshot_of(stack)


def test_only_hashes_and_the_bootstrap_rule_are_normalised(stack: Stack, repository: AccessibleRepository) -> None:
    """Asset and digest change with every release; everything else is compared as it is."""
    repository.grant_pull(iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal()))
    template = Template.from_stack(stack).to_json()
    (asset,) = [
        one["Properties"]["Code"]["S3Key"]
        for one in template["Resources"].values()
        if one["Type"] == "AWS::Lambda::Function"
    ]
    (digest,) = [one["Properties"]["Digest"] for one in template["Resources"].values() if "Digest" in one["Properties"]]
    text = json.dumps(template).replace(asset.removesuffix(".zip"), "<sha256>").replace(digest, "<sha256>")
    assert snapshot_of(stack) == bare(json.loads(text))


def test_a_template_without_hashes_is_left_alone(stack: Stack) -> None:
    """Numbers, booleans and shorter texts pass through."""
    iam.CfnRole(stack, "Role", assume_role_policy_document={"Statement": []}, max_session_duration=3600)
    assert snapshot_of(stack) == bare(Template.from_stack(stack).to_json())


def test_a_stack_and_its_template_are_one_snapshot(stack: Stack, repository: AccessibleRepository) -> None:
    """A test that has the template already needs no stack."""
    repository.grant_pull(iam.AccountPrincipal("444455556666"))
    template = Template.from_stack(stack)
    assert snapshot_of(template) == snapshot_of(template.to_json()) == snapshot_of(stack)


def test_another_asset_leaves_no_trace(tmp_path: Path) -> None:
    """Not in keys and paths, and not in the name that the CDK gives to a function's current version."""
    assert function(tmp_path, "def handle(*_): return 1") == function(tmp_path, "def handle(*_): return 2")


def test_another_property_of_a_function_does(tmp_path: Path) -> None:
    """The version's hash is over the properties too, but these are compared by themselves."""
    one = function(tmp_path, "")
    other = deepcopy(one)
    (made,) = [it for it in other["Resources"].values() if it["Type"] == "AWS::Lambda::Function"]
    made["Properties"]["Timeout"] = 4
    assert snapshot_of(other) != snapshot_of(one) == one


@pytest.mark.parametrize(
    "text",
    [
        f"cdk-hnb659fds-assets-111122223333-eu-west-1/{HASH}.zip",
        f"111122223333.dkr.ecr.eu-west-1.amazonaws.com/cdk-assets:{HASH}",
        f"https://s3.eu-west-1.amazonaws.com/cdk-assets/{HASH}.json",
        f"asset.{HASH}",
        f"asset.{HASH}.zip",
        f"${{AWS::AccountId}}.dkr.ecr.eu-west-1.${{AWS::URLSuffix}}/cdk-assets:web-{HASH}",
        f"111122223333.dkr.ecr.eu-west-1.amazonaws.com/cdk-assets:web{HASH}",
        f"{HASH}.tar.gz",
    ],
)
def test_a_hash_is_found_wherever_the_cdk_writes_it(text: str) -> None:
    """Of files, images and nested stacks."""
    other = text.replace(HASH, OTHER_HASH)
    assert other != text
    assert snapshot_of({"Outputs": {"A": {"Value": text}}}) == snapshot_of({"Outputs": {"A": {"Value": other}}})


@pytest.mark.parametrize(
    "text",
    [
        f"team/web@sha256:{HASH}",
        f"team/web:1.0@sha256:{HASH}",
        f"sha256:{HASH}",
        HASH,
        HASH[:40],
        f"{HASH.upper()}.zip",
        f"{HASH}0.zip",
        f"key{HASH}.zip",
    ],
    ids=["pinned", "tagged and pinned", "a digest", "a checksum", "a commit", "not in lower case", "longer", "a word"],
)
def test_what_is_no_hash_of_an_asset_is_compared(text: str) -> None:
    """A pinned image is a property that the app's author chose."""
    template = {"Outputs": {"A": {"Value": text}}}
    assert snapshot_of(template) == template


def environment(folder: Path, **values: str) -> dict[str, Any]:
    """A stack with a function that has an asset, the hash of that, and what it is told, in its environment."""
    (folder / "index.py").write_text("def handle(*_): pass", encoding="utf-8")
    stack = Stack(App(), "Stack", env=ENV)
    asset = aws_s3_assets.Asset(stack, "File", path=str(folder / "index.py"))
    aws_lambda.Function(
        stack,
        "Function",
        runtime=aws_lambda.Runtime.PYTHON_3_14,
        handler="index.handle",
        code=aws_lambda.Code.from_asset(str(folder)),
        environment={"FILE": asset.asset_hash, **values},
    )
    return snapshot_of(stack)


@pytest.mark.parametrize("form", ["{}", "https://example.com/{}.zip", "example/web:{}"])
def test_a_hash_that_is_no_assets_is_compared(tmp_path: Path, form: str) -> None:
    """The assembly lists the assets, so that a checksum that the app chose is a property like any other."""
    one, other = (environment(tmp_path, MODEL=form.format(it)) for it in (HASH, OTHER_HASH))
    assert form.format(HASH) in json.dumps(one)
    assert one != other


def test_an_assets_hash_is_known_wherever_it_is_used(tmp_path: Path) -> None:
    """Also by itself, without the name under which the CDK publishes it."""
    (made,) = [it for it in environment(tmp_path)["Resources"].values() if it["Type"] == "AWS::Lambda::Function"]
    assert made["Properties"]["Environment"]["Variables"] == {"FILE": "<sha256>"}


def image(folder: Path, **properties: Any) -> dict[str, Any]:
    """A stack with a function of an image that the CDK builds."""
    (folder / "Dockerfile").write_text("FROM scratch", encoding="utf-8")
    synthesizer = DefaultStackSynthesizer(**properties)
    stack = Stack(App(), "Stack", env=ENV, synthesizer=synthesizer)
    aws_lambda.DockerImageFunction(stack, "Function", code=aws_lambda.DockerImageCode.from_image_asset(str(folder)))
    return snapshot_of(stack)


def test_of_an_images_uri_the_hash_alone_is_left_out(tmp_path: Path) -> None:
    """The repository and the prefix of the tag are properties; the image's contents are not in the template."""
    one = image(tmp_path)
    (tmp_path / "other").write_text("", encoding="utf-8")
    assert image(tmp_path) == one
    assert image(tmp_path, docker_tag_prefix="web-") != one
    assert image(tmp_path, image_assets_repository_name="images") != one


@pytest.mark.parametrize("prefix", ["web-", "web", "v1.", "feed"])
def test_a_prefix_of_the_tag_does_not_hide_the_hash(tmp_path: Path, prefix: str) -> None:
    """Whatever it ends with: letters may be digits of a hash."""
    text = json.dumps(image(tmp_path, docker_tag_prefix=prefix))
    assert f":{prefix}<sha256>" in text


def test_what_an_image_is_built_from_is_compared(tmp_path: Path) -> None:
    """The assembly names the digest of a base image beside the asset, and the app may run that image too."""
    (tmp_path / "Dockerfile").write_text("FROM scratch", encoding="utf-8")
    stack = Stack(App(), "Stack", env=ENV)
    built = aws_ecr_assets.DockerImageAsset(
        stack, "Image", directory=str(tmp_path), build_args={"BASE": f"sha256:{HASH}"}
    )
    CfnOutput(stack, "Built", value=built.image_uri)
    CfnOutput(stack, "Base", value=f"team/base@sha256:{HASH}")
    outputs = snapshot_of(stack)["Outputs"]
    assert outputs["Base"] == {"Value": f"team/base@sha256:{HASH}"}
    assert "<sha256>" in json.dumps(outputs["Built"])


def importing(folder: Path, code: str, region: str | None) -> list[dict[str, Any]]:
    """Two stacks, the second with an alias on, or an output of, the current version of a function of the first."""
    (folder / "index.py").write_text(code, encoding="utf-8")
    app = App()
    first = Stack(app, "First", env=ENV, cross_region_references=True)
    second = Stack(
        app, "Second", env=Environment(account=ENV.account, region=region or ENV.region), cross_region_references=True
    )
    version = aws_lambda.Function(
        first,
        "Function",
        runtime=aws_lambda.Runtime.PYTHON_3_14,
        handler="index.handle",
        code=aws_lambda.Code.from_asset(str(folder)),
    ).current_version
    CfnOutput(second, "Arn", value=version.function_arn)
    if not region:
        aws_lambda.Alias(second, "Live", alias_name="live", version=version)
    return [snapshot_of(one) for one in (first, second)]


@pytest.mark.parametrize("region", [None, "us-east-1"], ids=["export", "another Region"])
def test_another_asset_leaves_no_trace_in_a_stack_that_imports_the_version(tmp_path: Path, region: str | None) -> None:
    """The names of what is exported hold the version's, and a hash over it."""
    one, other = (importing(tmp_path, f"def handle(*_): return {it}", region) for it in range(2))
    assert one == other
    assert "<hash>" in json.dumps(one[1])


def test_a_nested_stacks_assets_are_those_of_its_stack() -> None:
    """Its access check is a function with an asset."""
    nested = NestedStack(Stack(App(), "Stack", env=ENV), "Nested")
    role = iam.Role(nested, "Ci", assumed_by=iam.AccountRootPrincipal())
    AccessibleRepository(nested, "Web", repository_name="team/web").grant_pull(role)
    for one in (nested, nested.nested_stack_parent):
        assert one is not None
        text = json.dumps(snapshot_of(one))
        assert "<sha256>" in text
        assert not re.search("[0-9a-f]{64}", text)


def test_parameters_and_rules_of_the_app_stay() -> None:
    """The bootstrap rule goes by its name, and the sections with it if they are empty then."""
    own: dict[str, Any] = {
        "Parameters": {"Tag": {"Type": "String"}},
        "Rules": {"Tagged": {"Assertions": []}},
        "Resources": {},
    }
    given = deepcopy(own)
    given["Parameters"]["BootstrapVersion"] = {"Default": "/cdk-bootstrap/hnb659fds/version"}
    given["Rules"]["CheckBootstrapVersion"] = {"Assertions": []}
    assert snapshot_of(given) == own


def test_a_version_that_is_named_by_hand_stays() -> None:
    """What only looks like a hash at the end of a name is a name."""
    template = {"Resources": {f"Release{HASH[:32]}": {"Type": "AWS::Lambda::Version"}}}
    assert snapshot_of(template) == template


@pytest.mark.parametrize("end", ["0", "Z", "Alias", "Alias0123"])
def test_a_name_that_goes_on_after_the_versions_stays(end: str) -> None:
    """Only the CDK's own forms are known."""
    template = {"Outputs": {f"FunctionCurrentVersion01234567{HASH[:32]}{end}": {"Value": "a"}}}
    assert snapshot_of(template) == template


def test_what_is_no_template_is_told() -> None:
    """An app has several."""
    with pytest.raises(TypeError, match=r"^a template is expected, got App; allowed are a Stack, an aws_cdk\.asser"):
        snapshot_of(App())  # type: ignore[arg-type]
