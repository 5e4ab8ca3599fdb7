"""The actions of Amazon ECR: the list is held against botocore's model and a copy of IAM's reference."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

import ecr_access
from ecr_access.iam.actions import TOKEN_ACTION, AccessLevel
from ecr_access.rules.access import ecr_actions
from ecr_access.rules.access.ecr_actions import ACTIONS

if TYPE_CHECKING:
    from types import ModuleType

ROOT: Final = Path(__file__).parents[4]
NAMED: Final = re.compile(r"\becr:([A-Z][a-z][A-Za-z]+)\b(?![*?])")
# What people write, and what is none: examples in the texts of rules and causes.
NONE: Final = frozenset({"UploadLayerParts", "ResourceTag"})


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    """The command that writes the list."""
    specification = importlib.util.spec_from_file_location("ecr_actions", ROOT / "packaging/ecr_actions.py")
    assert specification
    assert specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_the_list_is_what_the_command_writes(generator: ModuleType) -> None:
    """Of the packages that are pinned; the list is that of the package under test."""
    table = Path(ecr_actions.__file__).with_name(generator.TARGET.name)
    assert table.read_text(encoding="utf-8") == generator.extract(generator.PACKAGE)


def test_every_operation_of_the_api_is_an_action(generator: ModuleType) -> None:
    """By the AWS SDK's model that is installed; what is beside is for policies alone."""
    assert {*ACTIONS} - generator.operations() == {"BatchImportUpstreamImage", "GetImageCopyStatus", "ReplicateImage"}
    assert generator.operations() <= {*ACTIONS}
    assert list(ACTIONS) == sorted(ACTIONS)


def test_the_actions_of_access_levels_exist() -> None:
    """Which grants render, and the check proves."""
    named = {one for level in AccessLevel for one in (*level.actions, *level.required_actions)} | {TOKEN_ACTION}
    assert {one.removeprefix("ecr:") for one in named} <= {*ACTIONS}


def test_every_action_that_the_package_names_exists() -> None:
    """In code, texts and data; but for examples of what does not."""
    folder = Path(ecr_access.__file__).parent
    files = [one for ending in ("*.py", "*.yaml", "*.json") for one in folder.rglob(ending)]
    named = {match for one in files for match in NAMED.findall(one.read_text(encoding="utf-8"))}
    assert len(named) > 20
    assert named - {*ACTIONS} - NONE == set()
