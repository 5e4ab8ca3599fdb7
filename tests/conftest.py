"""What the tests of constructs build on; the CDK is imported on first use, because it starts Node.js."""

from __future__ import annotations

import signal
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_cdk import App, Stack

    from cdk_ecr_access import AccessibleRepository


# Machines are noisy: what takes long is for the benchmarks to tell.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# As importers have them; where the packages' metadata name the plugins, by the same names, this changes nothing.
pytest_plugins = ["ecr_access.local_cloud.pytest_plugin", "pytester"]
with suppress(ModuleNotFoundError):  # the light package is tested where it is alone
    import_module("cdk_ecr_access")
    pytest_plugins.append("cdk_ecr_access.testing.pytest_plugin")


SLOW = (
    "cdk_ecr_access/access_check/test_construct.py",
    "cdk_ecr_access/access_check/test_declared_policies.py",
    "cdk_ecr_access/access_check/image_gate",
    "cdk_ecr_access/access_check/test_hosting.py",
    "cdk_ecr_access/cdk/test_arguments.py",
    "cdk_ecr_access/cdk/test_stacks.py",
    "cdk_ecr_access/grants/test_principal_policies.py",
    "cdk_ecr_access/grants/test_repository_policy.py",
    "cdk_ecr_access/manifest",
    "cdk_ecr_access/monitoring",
    "cdk_ecr_access/peer",
    "cdk_ecr_access/rules",
    "cdk_ecr_access/test",
    "ecr_access/check/aws/test_throttling.py",
    "ecr_access/check/differential",
    "ecr_access/check/test_evaluators.py",
    "ecr_access/check/test_garbled.py",
    "ecr_access/check/test_never_wedged.py",
    "ecr_access/check/test_policy_drift.py",
    "ecr_access/cli/test_every_command.py",
    "ecr_access/diagnosis/heard/test_handler.py",
    "ecr_access/diagnosis/test_figures.py",
    "ecr_access/diagnosis/test_recognise.py",
    "ecr_access/diagnosis/test_secrets.py",
    "ecr_access/documents/templates/test_text.py",
    "ecr_access/iam/test_normalized_statement.py",
    "ecr_access/local_cloud",
    "ecr_access/manifest/test_editors.py",
    "ecr_access/manifest/test_parse.py",
    "ecr_access/manifest/test_scale.py",
    "ecr_access/manifest/test_split.py",
    "ecr_access/manifest/test_structure.py",
    "ecr_access/rules/access/test_managed.py",
    "ecr_access/rules/migration/test_any_template.py",
    "ecr_access/rules/test_guard.py",
    "ecr_access/rules/test_repeated_keys.py",
    "ecr_access/rules/test_unknown_parts.py",
    "prove_on_aws",
    "project/test_",
    "website/test_site.py",
)
"""What begins so takes more than four seconds a file, and is left out of ``make quick``."""

FAST = (
    "project/test_architecture.py",
    "project/test_errors.py",
    "project/test_layout.py",
    "project/test_new_project_style.py",
    "project/test_readme.py",
)
"""What is fast beside it."""


FIRST = (
    "deploy/test_recheck.py",
    "prove_on_aws/test_local_cloud.py",
    "project/test_importer.py",
    "project/test_new_project_style.py",
    "project/test_new_project.py",
    "project/test_walkthrough.py",
    "deploy",
    "ecr_access/manifest/test_scale.py",
    "ecr_access/local_cloud/test_terminal.py",
    "ecr_access/check/test_never_wedged.py",
    "ecr_access/diagnosis/test_recognise.py",
    "ecr_access/diagnosis/test_secrets.py",
    "ecr_access/check/test_garbled.py",
    "ecr_access/cli/check",
)
"""What is long, the longest first: a process of pytest-xdist that began it last would end it alone."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow, and begin with what is long."""
    paths = {item.path: _beneath(item.path) for item in items}
    for item in items:
        if paths[item.path].startswith(SLOW) and not paths[item.path].startswith(FAST):
            item.add_marker(pytest.mark.slow)
    ranks = {
        path: next((rank for rank, begin in enumerate(FIRST) if name.startswith(begin)), len(FIRST))
        for path, name in paths.items()
    }
    items.sort(key=lambda item: ranks[item.path])


def _beneath(path: Path) -> str:
    """The path below this folder, or nothing."""
    here = Path(__file__).parent
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else ""


@pytest.fixture
def app() -> App:
    """Make an app."""
    from aws_cdk import App

    return App()


@pytest.fixture
def stack(app: App) -> Stack:
    """Make a stack of a known account and Region."""
    from aws_cdk import Stack

    from tests.reading import ENV

    return Stack(app, "Stack", env=ENV)


@pytest.fixture
def repository(stack: Stack) -> AccessibleRepository:
    """Declare a repository."""
    from cdk_ecr_access import AccessibleRepository

    return AccessibleRepository(stack, "Repository", repository_name="team/app")


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Have processes that a test starts end with Ctrl-C and with the terminal, also in ``nohup make test &``."""
    previous = [(one, signal.getsignal(one)) for one in (signal.SIGINT, signal.SIGHUP)]
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    for number, handler in previous:
        signal.signal(number, handler)
