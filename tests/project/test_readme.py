"""The README's examples do what it says."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Match, Template

from cdk_ecr_access import AccessCheck, AccessibleRepository, ExistingRepository
from cdk_ecr_access.manifest import read_manifest
from cdk_ecr_access.manifest.declared import DeclaredRepositories
from ecr_access.local_cloud.tools import install_cdk
from ecr_access.manifest import ManifestError

_ROOT = Path(__file__).parents[2]
_README = (_ROOT / "README.md").read_text(encoding="utf-8")


def _pages(pattern: str) -> list[str]:
    return sorted(str(path.relative_to(_ROOT)) for path in _ROOT.glob(pattern))


def _block(language: str, containing: str) -> str:
    """Return the README's code block of a language that contains a text."""
    blocks: list[str] = re.findall(rf"```{language}\n(.*?)```", _README, re.DOTALL)
    return next(block for block in blocks if containing in block)


def test_the_ten_lines_deploy_a_repository_and_its_check() -> None:
    """The first example synthesizes a repository, both grants and the check."""
    example: dict[str, Any] = {}
    exec(_block("python", "app.synth()"), example)  # noqa: S102 -- the README is ours
    template = Template.from_stack(example["stack"])
    template.has_resource_properties("AWS::ECR::Repository", {"RepositoryName": "team/web"})
    template.resource_count_is("Custom::EcrAccessCheck", 1)


def test_the_requirements_are_checked() -> None:
    """The second example requires a token and a pull from a repository that somebody else made."""
    stack = Stack(App(), "Service")
    role = iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())
    service = iam.Role(stack, "Service", assumed_by=iam.AccountRootPrincipal())
    names = {"stack": stack, "role": role, "service": service, "ecr": ecr, "AccessCheck": AccessCheck}
    exec(_block("python", "check.require_token"), names)  # noqa: S102 -- the README is ours
    template = Template.from_stack(stack)
    template.has_resource_properties("Custom::EcrAccessCheck", {"Existing": [Match.any_value()]})
    template.has_resource("AWS::IAM::Role", {"DependsOn": Match.array_with([Match.string_like_regexp("EcrAccess")])})


def test_the_manifest_is_accepted(tmp_path: Path) -> None:
    """The manifest synthesizes as it stands."""
    path = tmp_path / "images.yaml"
    path.write_text(_block("yaml", "repositories:"), encoding="utf-8")
    stack = Stack(App(), "Declared")
    DeclaredRepositories(stack, "Declared", manifest=read_manifest({"manifest": str(path)}))
    Template.from_stack(stack).has_resource_properties("AWS::ECR::Repository", {"RepositoryName": "team/web"})


def test_the_errors_are_those_printed(tmp_path: Path) -> None:
    """The manifest's errors read as the README shows them."""
    path = tmp_path / "images.yaml"
    text = "roles:\n  ci: {asumed_by: []}\nrepositories:\n  - name: team/web\n    pull: [ci, 444455556666]\n"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ManifestError) as caught:
        read_manifest({"manifest": str(path)})
    for line in str(caught.value).splitlines()[1:]:
        assert f"      {line.strip()}" in _README


def test_the_commands_are_the_task_runners() -> None:
    """The README's `make` commands exist, and CI runs one of them."""
    targets = set(re.findall(r"^([a-z-]+):", (_ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"make ([a-z-]+)", _README)) <= targets
    assert "make test" in (_ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_each_row_of_the_table_is_tested() -> None:
    """A row names the tests that hold it, and they are in the files that it links to."""
    table = _README.split("| principal |")[1].split("\n\n")[0].splitlines()[2:]
    for row in table:
        linked = re.findall(r"\[`(\w+)`\]\((tests/[\w/]+\.py)\)", row)
        assert linked, row
        for name, file in linked:
            assert f"def test_{name}(" in (_ROOT / file).read_text(encoding="utf-8")


def test_the_prefix_is_one_statement() -> None:
    """The example of many repositories renders one resource on the identity side."""
    stack = Stack(App(), "Images")
    pipeline = iam.Role(stack, "Pipeline", assumed_by=iam.AccountRootPrincipal())
    repositories = [AccessibleRepository(stack, name, repository_name=f"team/{name}") for name in ("web", "worker")]
    exec(_block("python", "name_prefix"), {"repositories": repositories, "pipeline": pipeline})  # noqa: S102 -- ours
    (policy,) = Template.from_stack(stack).find_resources("AWS::IAM::Policy").values()
    resources = [one["Resource"] for one in policy["Properties"]["PolicyDocument"]["Statement"]]
    assert [str(one).endswith("repository/team/*']]}") or one == "*" for one in resources] == [True, True]


def test_an_existing_repository_is_looked_up() -> None:
    """The example makes its existence a requirement."""
    stack = Stack(App(), "Service")
    role = iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())
    names = {"stack": stack, "role": role, "ExistingRepository": ExistingRepository}
    exec(_block("python", "ExistingRepository.from"), names)  # noqa: S102 -- the README is ours
    template = Template.from_stack(stack)
    template.has_resource_properties("Custom::EcrAccessCheck", {"Existing": [Match.any_value()]})


@pytest.mark.parametrize("containing", ["image_scan_on_push=False", "require_push(ci, repository)"])
def test_a_swap_keeps_what_the_page_says(containing: str) -> None:
    """Both examples leave the repository as ``aws_ecr`` would have it, and report without failing."""
    page = (_ROOT / "docs" / "migration.md").read_text(encoding="utf-8")
    (block,) = [one for one in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if containing in one]
    example: dict[str, Any] = {}
    exec(block, example)  # noqa: S102 -- the page is ours
    template = Template.from_stack(example["stack"])
    (repository,) = template.find_resources("AWS::ECR::Repository").values()
    found = repository["Properties"]
    assert found.get("ImageTagMutability", "MUTABLE") == "MUTABLE"
    assert not found.get("ImageScanningConfiguration", {}).get("ScanOnPush")
    assert "LifecyclePolicy" not in found
    assert repository["DeletionPolicy"] == "Retain"
    template.has_resource_properties("Custom::EcrAccessCheck", {"ReportOnly": Match.any_value()})


def test_links_lead_somewhere() -> None:
    """Every file that the README links to exists."""
    for target in re.findall(r"\]\(([^)#:]+)\)", _README):
        assert (_ROOT / target).exists(), target


@pytest.mark.parametrize("page", ["README.md", *_pages("docs/*.md"), *_pages("examples/*/README.md")])
def test_the_cdk_cli_is_the_pinned_one(page: str) -> None:
    """Whoever installs what a page says has the release that is tested; npm's newest is another major version."""
    pinned = json.loads((_ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]["aws-cdk"]
    assert set(re.findall(r"aws-cdk@([\d.]+\d)", (_ROOT / page).read_text(encoding="utf-8"))) <= {pinned}


def test_the_cdk_cli_is_installed_where_it_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The README has the command of the error that tells that the CLI is missing."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: object())  # the extra is installed
    command = install_cdk().replace(sys.prefix, '"$VIRTUAL_ENV"')
    assert f"    {command}\n" in _README
