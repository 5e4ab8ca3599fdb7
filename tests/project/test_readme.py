"""What the README says is true, and its links lead somewhere, on a package index too."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from pathlib import Path
from typing import Any, Final

import pytest
from aws_cdk.assertions import Match, Template

from ecr_access.local_cloud.tools import install_cdk

_ROOT: Final = Path(__file__).parents[2]
_README: Final = (_ROOT / "README.md").read_text(encoding="utf-8")
_ADDRESSES: Final = dict(
    re.findall(r'^(Documentation|Source) = "([^"]+)"$', (_ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
)
_LINKS: Final = re.findall(r"\]\(([^)]+)\)", _README)


def _pages(pattern: str) -> list[str]:
    return sorted(str(path.relative_to(_ROOT)) for path in _ROOT.glob(pattern))


def test_the_app_declares_a_repository_its_grant_and_its_check() -> None:
    """As it stands."""
    (code,) = re.findall(r"```python\n(.*?)```", _README, re.DOTALL)
    example: dict[str, Any] = {}
    exec(code, example)  # noqa: S102 -- the README is ours
    template = Template.from_stack(example["stack"])
    template.has_resource_properties("AWS::ECR::Repository", {"RepositoryName": "team/web"})
    template.resource_count_is("AWS::IAM::Policy", 1)
    template.resource_count_is("Custom::EcrAccessCheck", 1)


def test_it_is_read_in_five_minutes() -> None:
    """What is longer belongs into docs/."""
    assert 500 < len(_README.split()) <= 800


def test_the_message_is_that_of_the_pages() -> None:
    """Which is held against what is printed."""
    (shown,) = re.findall(r"```text\n(.*?)```", _README, re.DOTALL)
    message, code = shown.rstrip().rsplit(" ", 1)
    assert message in (_ROOT / "docs" / "first_app.md").read_text(encoding="utf-8")
    assert code == "[ECR-ACCESS-403]"


def test_the_table_of_permissions_is_that_of_the_security_page() -> None:
    """Which is held against what is rendered."""
    (table,) = re.findall(r"^\| action \| resource \|\n((?:\|.*\n)+)", _README, re.MULTILINE)
    actions = set(re.findall(r"`([a-z]+:\w+)`", table))
    page = (_ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert actions == {one for one in re.findall(r"^\| `([a-z]+:\w+)`", page, re.MULTILINE) if "ec2:" not in one}


@pytest.mark.parametrize("link", _LINKS)
def test_a_link_is_absolute_and_leads_to_a_file(link: str) -> None:
    """A package index has no files beside the README."""
    site, source = _ADDRESSES["Documentation"], _ADDRESSES["Source"]
    raw = source.replace("github.com", "raw.githubusercontent.com")
    if link.startswith(site):
        page = link.removeprefix(site).strip("/")
        assert (_ROOT / "docs" / f"{page or 'index'}.md").exists()
        return
    path = re.sub(rf"^(?:{re.escape(source)}/(?:blob|tree)|{re.escape(raw)})/main/", "", link)
    assert path != link, "neither the site's nor the repository's"
    assert (_ROOT / path.partition("#")[0]).exists()


def test_the_commands_are_the_task_runners() -> None:
    """The README's `make` commands exist, and CI runs one of them."""
    targets = set(re.findall(r"^([a-z-]+):", (_ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"make ([a-z-]+)", _README)) <= targets
    assert "make test" in (_ROOT / ".ci" / "run").read_text(encoding="utf-8")


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


@pytest.mark.parametrize("page", ["README.md", *_pages("docs/*.md"), *_pages("examples/*/README.md")])
def test_the_cdk_cli_is_the_pinned_one(page: str) -> None:
    """A reader who installs what a page says has the release that is tested; npm's newest is another major version."""
    pinned = json.loads((_ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]["aws-cdk"]
    assert set(re.findall(r"aws-cdk@([\d.]+\d)", (_ROOT / page).read_text(encoding="utf-8"))) <= {pinned}


def test_the_cdk_cli_is_installed_where_it_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page of the first app has the command of the error that tells that the CLI is missing."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: object())  # the extra is installed
    command = install_cdk().replace(sys.prefix, '"$VIRTUAL_ENV"')
    assert f"\n{command}\n" in (_ROOT / "docs" / "first_app.md").read_text(encoding="utf-8")
