"""The plugin, in a run of pytest of its own, as an importer has it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PLUGIN = "cdk_ecr_access.testing.pytest_plugin"
CLOUD = "ecr_access.local_cloud.pytest_plugin"
UNPACKED = Path.home() / ".cache" / "aws" / "jsii" / "package-cache"  # on Linux
HASH = "0123456789abcdef" * 4
TEMPLATE: dict[str, Any] = {
    "Resources": {
        "Web": {
            "Type": "AWS::ECR::Repository",
            "Properties": {
                "RepositoryName": "team/web",
                "ImageTagMutability": "IMMUTABLE",
                "RepositoryPolicyText": {"Statement": [{"Effect": "Allow", "Action": ["ecr:BatchGetImage"]}]},
            },
        },
        "Function": {"Type": "AWS::Lambda::Function", "Properties": {"Code": {"S3Key": f"{HASH}.zip"}}},
    }
}
CHANGES = {
    "policy": ('"ecr:BatchGetImage"', '"ecr:BatchGetImage", "ecr:PutImage"'),
    "effect": ('"Effect": "Allow"', '"Effect": "Deny"'),
    "name": ("team/web", "team/app"),
    "logical-id": ('"Web"', '"WebRepository"'),
    "property": ('"IMMUTABLE"', '"MUTABLE"'),
    "type": ("AWS::Lambda::Function", "AWS::Lambda::Version"),
    "asset": (HASH, HASH[::-1]),
    "bootstrap": ('{"Resources"', '{"Rules": {"CheckBootstrapVersion": {}}, "Resources"'),
}
COMPARE = f"""
import json, pathlib, pytest

@pytest.mark.parametrize("change", {list(CHANGES)!r})
def test_template(template_snapshot, change):
    assert json.loads(pathlib.Path(change + ".json").read_text()) == template_snapshot
"""
STACK = """
from aws_cdk import App, Stack
from aws_cdk.assertions import Template
from cdk_ecr_access import AccessibleRepository

def test_stack(template_snapshot):
    stack = Stack(App(), "Stack")
    AccessibleRepository(stack, "Web", repository_name="team/web")
    assert stack == template_snapshot
    assert template_snapshot(name="again") == Template.from_stack(stack)
"""


@pytest.fixture(autouse=True)
def _unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let jsii find the CDK where it is unpacked already: it looks in the home folder, and pytester's is empty."""
    if UNPACKED.is_dir():
        monkeypatch.setenv("JSII_RUNTIME_PACKAGE_CACHE_ROOT", str(UNPACKED))
    # The CDK's own rules, which would only warn of these stacks, take two of the three seconds of a synthesis.
    monkeypatch.setenv("CDK_VALIDATION", "false")


@pytest.fixture
def place(pytester: pytest.Pytester) -> pytest.Pytester:
    """A folder with a test of the template for each change, the snapshots written before it."""
    pytester.makepyfile(test_template=COMPARE)
    for change in CHANGES:
        (pytester.path / f"{change}.json").write_text(json.dumps(TEMPLATE), encoding="utf-8")
    run(pytester, "--snapshot-update").assert_outcomes(passed=len(CHANGES))
    return pytester


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """Run pytest in a process of its own."""
    return pytester.runpytest_subprocess("-p", PLUGIN, "-p", CLOUD, "-p", "no:cacheprovider", *arguments)


def test_a_snapshot_is_one_file_a_test(place: pytest.Pytester) -> None:
    """Of JSON, beside the test's module."""
    stored = place.path / "__snapshots__" / "test_template"
    text = json.dumps(TEMPLATE).replace(HASH, "<sha256>")
    assert sorted(one.name for one in stored.iterdir()) == sorted(f"test_template[{one}].json" for one in CHANGES)
    assert all(json.loads(one.read_text(encoding="utf-8")) == json.loads(text) for one in stored.iterdir())


def test_every_change_fails_but_of_an_asset_or_the_bootstrap_rule(place: pytest.Pytester) -> None:
    """A policy, a name, a property: the report shows what came and what was there."""
    for change, (old, new) in CHANGES.items():
        text = json.dumps(TEMPLATE)
        assert old in text
        (place.path / f"{change}.json").write_text(text.replace(old, new), encoding="utf-8")
    done = run(place, "-vv")
    done.assert_outcomes(failed=len(CHANGES) - 2, passed=2)
    failed = {line.partition("[")[2].partition("]")[0] for line in done.outlines if line.startswith("FAILED")}
    assert failed == CHANGES.keys() - {"asset", "bootstrap"}
    for line in (
        '"ecr:PutImage"',
        '"Effect": "Deny"',
        '"RepositoryName": "team/app"',
        '"ImageTagMutability": "MUTABLE"',
    ):
        done.stdout.fnmatch_lines_random([f"*+*{line}*"])


def test_a_stack_is_compared_from_either_side(pytester: pytest.Pytester) -> None:
    """The stack itself, or its template."""
    pytester.makepyfile(test_stack=STACK)
    run(pytester, "--snapshot-update").assert_outcomes(passed=1)
    run(pytester).assert_outcomes(passed=1)
    stored = sorted((pytester.path / "__snapshots__" / "test_stack").iterdir())
    assert [one.name for one in stored] == ["test_stack.json", "test_stack[again].json"]
    assert stored[0].read_text(encoding="utf-8") == stored[1].read_text(encoding="utf-8")


def test_what_is_no_template_says_so(pytester: pytest.Pytester) -> None:
    """The words are in the report of the failure."""
    pytester.makepyfile("def test_list(template_snapshot):\n    assert [] == template_snapshot\n")
    done = run(pytester)
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["*TypeError: a template is expected, got list; allowed are a Stack*"])


def test_without_syrupy_the_fixture_says_what_to_install(pytester: pytest.Pytester) -> None:
    """It alone fails; other tests run."""
    pytester.makepyfile("def test_one(template_snapshot): pass\ndef test_other(): pass")
    done = run(pytester, "-p", "no:syrupy")
    done.assert_outcomes(passed=1, errors=1)
    done.stdout.fnmatch_lines(["*template_snapshot needs syrupy*run: pip install 'cdk-ecr-access?testing?'*"])


def test_another_fixture_of_syrupys_name_is_told(pytester: pytest.Pytester) -> None:
    """Of the app's own, or of another plugin."""
    pytester.makeconftest("import pytest\n@pytest.fixture\ndef snapshot(): return {}")
    pytester.makepyfile("def test_one(template_snapshot): pass")
    done = run(pytester)
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*template_snapshot needs syrupy's fixture 'snapshot', and here that is a dict;*"])


@pytest.mark.parametrize("named", [[PLUGIN], [CLOUD], [PLUGIN, CLOUD], [CLOUD, PLUGIN]])
def test_it_may_be_named_again(pytester: pytest.Pytester, named: list[str]) -> None:
    """By its module, as the entry point is named, and with the plugin that was there before it."""
    pytester.makeconftest(f"pytest_plugins = {named!r}")
    done = run(pytester, "--fixtures", "-W", "error")
    assert done.ret == pytest.ExitCode.OK
    names = [line.split()[0] for line in done.outlines if " -- " in line and "ecr_access" in line]
    assert sorted(names) == ["local_cloud", "template_snapshot"]


def test_the_cloud_says_what_to_install(pytester: pytest.Pytester) -> None:
    """Where the packages of its extra are missing."""
    pytester.makeconftest("import sys\nsys.modules['trustme'] = None")
    pytester.makepyfile("def test_cloud(local_cloud): pass")
    done = run(pytester)
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*the local cloud needs trustme: pip install 'ecr-access?local-cloud?'*"])


@pytest.mark.parametrize("plugin", [PLUGIN, CLOUD])
def test_importing_it_is_cheap(plugin: str) -> None:
    """Every run of pytest pays for it, also where no test uses a fixture of it."""
    code = f"import sys, {plugin}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert not loaded & {"aws_cdk", "jsii", "boto3", "botocore", "syrupy", "yaml", "ministack"}
    assert "ecr_access.rules" not in done.stdout.split()
