"""Each environment of a manifest is a stack of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App, Stack
from aws_cdk.assertions import Template

import app as shipped
from cdk_ecr_access.manifest import DeclaredRepositories, environment_of, read_manifest
from ecr_access.manifest import ManifestError, parse_manifest
from tests.ecr_access.manifest.folder import write

if TYPE_CHECKING:
    from pathlib import Path

HOME = {"account": "111122223333", "region": "eu-west-1"}
THERE = {"account": "444455556666", "region": "us-east-1"}
FLEET: dict[str, Any] = {
    **HOME,
    "environments": {"there": THERE},
    "roles": {"ci": {}, "web": {}},
    "repositories": [
        {"name": "base", "push": ["ci"]},
        {"name": "web", "push": ["ci"], "pull": ["web"], "environments": ["there"]},
    ],
}


def names(stack: Stack, kind: str = "AWS::ECR::Repository", key: str = "RepositoryName") -> list[str]:
    """Return the names of a stack's repositories."""
    return sorted(one["Properties"][key] for one in Template.from_stack(stack).find_resources(kind).values())


def test_the_app_makes_a_stack_for_each_environment() -> None:
    """Its name, and what is in it, do not depend on the others; a role is made where it is used."""
    home, there = shipped.build(App(context={"manifest": FLEET}))
    assert (home.stack_name, there.stack_name) == ("EcrAccess", "EcrAccess-there")
    assert (home.account, home.region, there.account, there.region) == (*HOME.values(), *THERE.values())
    assert (names(home), names(there)) == (["base"], ["web"])
    assert [*home.declared.roles] == ["ci"]
    assert [*there.declared.roles] == ["ci", "web"]
    alone = {**FLEET, "repositories": FLEET["repositories"][1:]}
    (same,) = shipped.build(App(context={"manifest": {**alone, "roles": {"ci": {}, "web": {}}}}))
    assert Template.from_stack(same).to_json() == Template.from_stack(there).to_json()


def test_an_environment_may_be_in_another_account_than_the_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """The CDK CLI assumes the roles of its bootstrap stack; those at the top are for credentials of their own."""
    monkeypatch.setenv("CDK_DEFAULT_ACCOUNT", "777788889999")
    named = parse_manifest({**FLEET, "repositories": FLEET["repositories"][1:]}, source="a test")
    assert environment_of(named).account == THERE["account"]
    top = parse_manifest({**HOME, "repositories": [{"name": "base"}]}, source="a test")
    with pytest.raises(ManifestError, match="account: the manifest is for account '111122223333'"):
        environment_of(top)


def test_one_stack_takes_one_environment() -> None:
    """A manifest for several is refused with what to do; one whose only environment has a name is not."""
    manifest = parse_manifest(FLEET, source="a test")
    wrong = "a stack is in one environment, and the manifest is for 2: 'the one at the top', 'there'; make a stack for"
    with pytest.raises(ManifestError, match=wrong):
        DeclaredRepositories(Stack(App(), "Stack"), "Declared", manifest=manifest)
    only = parse_manifest({**FLEET, "repositories": FLEET["repositories"][1:]}, source="a test")
    stack = Stack(App(), "Stack", env=environment_of(only))
    DeclaredRepositories(stack, "Declared", manifest=only)
    elsewhere = Stack(App(), "Other", env=environment_of(manifest.of(manifest.environments[0])))
    with pytest.raises(ManifestError, match=r"the manifest is for '444455556666', and its stack is in '111122223333'"):
        DeclaredRepositories(elsewhere, "Declared", manifest=only)


def test_what_a_construct_refuses_is_told_where_it_is_written(tmp_path: Path) -> None:
    """Of a principal of the defaults, in their file."""
    write(
        tmp_path,
        {
            "all.yaml": "account: '111122223333'\ninclude: ['teams/*']\ndefaults:\n  pull: ['111122223333']\n",
            "teams/a.yaml": "repositories:\n  - name: base\n    tags: {a: b}\n",
        },
    )
    manifest = read_manifest({"manifest": str(tmp_path)})
    stack = Stack(App(), "Stack", env=environment_of(manifest))
    with pytest.raises(ManifestError) as raised:
        DeclaredRepositories(stack, "Declared", manifest=manifest)
    (problem,) = raised.value.problems
    assert (problem.file, problem.line, problem.at) == (str(tmp_path / "all.yaml"), 4, "defaults.pull[0]")


def test_tags_of_a_file_are_those_of_its_roles_and_repositories(tmp_path: Path) -> None:
    """The check has those that all files have."""
    write(
        tmp_path,
        {
            "a.yaml": "tags: {owner: platform, team: a}\nroles: {ci: {}}\nrepositories: [{name: aa, push: [ci]}]",
            "b.yaml": "tags: {owner: platform, team: b}\nrepositories: [{name: bb, push: [ci]}]\n",
        },
    )
    stack = Stack(App(), "Stack")
    DeclaredRepositories(stack, "Declared", manifest=read_manifest({"manifest": str(tmp_path)}))
    template = Template.from_stack(stack)
    expected = {"AWS::ECR::Repository": {"a", "b"}, "AWS::IAM::Role": {"a", None}, "AWS::Lambda::Function": {None}}
    for kind, teams in expected.items():
        given = [one["Properties"]["Tags"] for one in template.find_resources(kind).values()]
        found = [{tag["Key"]: tag["Value"] for tag in tags} for tags in given]
        assert {one["owner"] for one in found} == {"platform"}
        assert {one.get("team") for one in found} == teams
