"""What the CDK synthesizes is read from its folder."""

from __future__ import annotations

from pathlib import Path

from aws_cdk import App, DefaultStackSynthesizer, Environment, NestedStack, Stack, Stage
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_lambda as lambda_

from ecr_access.cli.rules.read import read
from ecr_access.rules.access.application import Application


def test_an_assembly_says_which_templates_are_its_own_and_where_they_go(tmp_path: Path) -> None:
    """Stages and nested stacks too; a template that a former synthesis left behind is none."""
    app = App(outdir=str(tmp_path))
    stack = Stack(app, "One", env=Environment(account="111122223333", region="eu-west-1"))
    ecr.Repository(NestedStack(stack, "Inner"), "Repository")
    Stack(Stage(app, "Prod", env=Environment(account="444455556666", region="us-east-1")), "Two")
    Stack(app, "Agnostic")
    app.synth()
    (tmp_path / "Old.template.json").write_text("no JSON", encoding="utf-8")
    sources, wrong = read([str(tmp_path)], account="999999999999")
    assert wrong == []
    assert {Path(one.template.path).name: (one.template.account, one.template.region) for one in sources} == {
        "One.template.json": ("111122223333", "eu-west-1"),
        "OneInner0CF8CBE0.nested.template.json": ("111122223333", "eu-west-1"),
        "ProdTwoCA798430.template.json": ("444455556666", "us-east-1"),
        "Agnostic.template.json": ("999999999999", ""),
    }
    alone, _ = read([str(tmp_path / "One.template.json")])
    assert alone[0].template.account == "111122223333"


def test_what_is_published_for_a_nested_stack_is_listed_for_the_outermost(tmp_path: Path) -> None:
    """So the image of its function is of a repository that the CDK knows."""
    folder = tmp_path / "image"
    folder.mkdir()
    folder.joinpath("Dockerfile").write_text("FROM scratch\n", encoding="utf-8")
    app = App(outdir=str(tmp_path / "out"))
    synthesizer = DefaultStackSynthesizer(image_assets_repository_name="team-images")
    inner = NestedStack(NestedStack(Stack(app, "One", synthesizer=synthesizer), "Inner"), "Innermost")
    code = lambda_.DockerImageCode.from_image_asset(str(folder))
    lambda_.DockerImageFunction(inner, "Function", code=code)
    app.synth()
    sources, _ = read([str(tmp_path / "out")])
    application = Application([one.template for one in sources])
    assert [image.is_asset for image in application.images] == [True]
    assert application.resolver.nesting.unread == []
