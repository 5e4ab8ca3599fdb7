"""The app that ships deploys unchanged into any account, and says everything that is wrong with a manifest."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App
from aws_cdk.assertions import Match, Template

import app as shipped
from ecr_access.manifest import ManifestError

ROOT = Path(shipped.__file__).parent
CONTEXT = json.loads((ROOT / "cdk.json").read_text())["context"]


@pytest.fixture(autouse=True)
def _in_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run where the CDK CLI runs: the manifest is named relative to cdk.json."""
    monkeypatch.chdir(ROOT)


@pytest.fixture
def _no_account(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what the CDK CLI tells of its credentials."""
    monkeypatch.delenv("CDK_DEFAULT_ACCOUNT", raising=False)
    monkeypatch.delenv("CDK_DEFAULT_REGION", raising=False)


def run(
    context: dict[str, Any], out: Path, *, folder: Path = ROOT, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run app.py as the CDK CLI runs it in a folder."""
    environment = {**os.environ, "CDK_CONTEXT_JSON": json.dumps(context), "CDK_OUTDIR": str(out), **variables}
    return subprocess.run(
        [sys.executable, "app.py"], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.usefixtures("_no_account")
def test_the_example_names_no_account_and_no_region() -> None:
    """What is synthesized without credentials deploys wherever the credentials of the day lead."""
    (stack,) = shipped.build(App(context=CONTEXT))
    assert (stack.environment, stack.stack_name) == ("aws://unknown-account/unknown-region", "EcrAccess")
    assert "000000000000" not in (ROOT / CONTEXT["manifest"]).read_text()


def test_the_account_and_region_of_the_cli_are_the_stacks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which roles are of this account is known at synth then."""
    monkeypatch.setenv("CDK_DEFAULT_ACCOUNT", "111122223333")
    monkeypatch.setenv("CDK_DEFAULT_REGION", "eu-west-1")
    (stack,) = shipped.build(App(context=CONTEXT))
    assert stack.environment == "aws://111122223333/eu-west-1"


@pytest.mark.usefixtures("_no_account")
def test_the_example_makes_its_own_ci_role_and_tells_its_arn() -> None:
    """A pipeline needs the registry to log in to and the role to assume."""
    (stack,) = shipped.build(App(context=CONTEXT))
    template = Template.from_stack(stack)
    template.has_resource_properties("AWS::ECR::Repository", {"RepositoryName": "demo/app"})
    assert sorted(template.find_outputs("*")) == ["CiRoleArn", "Registry"]
    template.has_output("CiRoleArn", {"Description": "Role 'ci' of the manifest"})
    dns = ["", [{"Ref": "AWS::AccountId"}, ".dkr.ecr.", {"Ref": "AWS::Region"}, ".", {"Ref": "AWS::URLSuffix"}]]
    template.has_output("Registry", {"Value": {"Fn::Join": dns}})
    template.resource_properties_count_is("Custom::EcrAccessCheck", Match.any_value(), 1)


def test_a_role_of_two_words_has_an_output_of_two_words() -> None:
    """The name of an output holds no hyphen."""
    manifest = {"roles": {"web-deploy": {}}, "repositories": [{"name": "base", "pull": ["web-deploy"]}]}
    Template.from_stack(*shipped.build(App(context={"manifest": manifest}))).has_output("WebDeployRoleArn", {})


def test_a_wrong_manifest_leaves_the_app_without_a_stack() -> None:
    """It is refused before the first construct is made."""
    app = App(context={"manifest": {"repositories": [{"name": "Bad"}]}})
    with pytest.raises(ManifestError):
        shipped.build(app)
    assert [child.node.id for child in app.node.children if child.node.id == "EcrAccess"] == []


def test_the_app_run_by_the_cli_synthesizes(tmp_path: Path) -> None:
    """The example that ships, as a process of its own."""
    done = run(CONTEXT, tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert (tmp_path / "EcrAccess.template.json").exists()


def test_the_app_run_by_the_cli_prints_what_is_wrong_and_synthesizes_nothing(tmp_path: Path) -> None:
    """A person reads the paths of the entries, and no traceback."""
    manifest = tmp_path / "repos.yaml"
    manifest.write_text("repositories:\n- {name: base, pull: [unknown],\n   psuh: []}\n")
    out = tmp_path / "out"
    done = run({**CONTEXT, "manifest": str(manifest)}, out)
    assert done.returncode == 1
    first, pull, psuh, code = done.stderr.splitlines()
    assert first == f"error: 2 problems in {manifest}; nothing was synthesized"
    assert pull.startswith("  repositories[0].pull[0] (line 2): 'unknown' names no principal; allowed: a key of")
    assert psuh.startswith("  repositories[0].psuh (line 3): unknown key 'psuh'; allowed: 'name', 'pull', ")
    assert psuh.endswith("; did you mean 'push'?")
    assert code == "[ECR-ACCESS-601]"
    assert not out.exists() or not any(out.iterdir())


def test_the_app_run_by_the_cli_prints_the_grants_that_are_refused(tmp_path: Path) -> None:
    """What only the account tells is printed as the rest is, with the path and the line."""
    manifest = tmp_path / "repos.yaml"
    manifest.write_text(
        "repositories:\n- name: base\n  pull: ['111122223333']\n  lambda_accounts: ['111122223333']\n"
        "existing:\n- name: there\n  read: ['444455556666']\n"
    )
    done = run({"manifest": str(manifest)}, tmp_path / "out", CDK_DEFAULT_ACCOUNT="111122223333")
    first, pull, read, _code = done.stderr.splitlines()
    assert (done.returncode, first) == (1, f"error: 2 problems in {manifest}; nothing was synthesized")
    assert pull.startswith("  repositories[0].pull[0] (line 3): cannot grant to account '111122223333', the repository")
    assert read.startswith("  existing[0].read[0] (line 7): cannot grant READ on existing repository 'there'")


@pytest.mark.parametrize(
    "context",
    [
        CONTEXT,
        {},
        {"roles": {"ci": {}}, "repositories": [{"name": "demo/app", "push": ["ci"]}]},
        {"manifest": "images.yaml", "manifst": "other.yaml"},
        {"manifest": "images.yaml", "cdk-ecr-acess:report-only": "true"},
        {"manifest": "images.yaml", "cdk-ecr-access:report_only": "true"},
    ],
)
def test_a_copied_app_never_deploys_what_was_not_meant(context: dict[str, Any], tmp_path: Path) -> None:
    """The demo would take the place of every role that is deployed: without its own manifest it is an error."""
    shutil.copy(ROOT / "app.py", tmp_path)
    (tmp_path / "images.yaml").write_text("repositories: [{name: base}]\n")
    done = run(context, tmp_path / "out", folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: 1 problem in ")
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists() or not any((tmp_path / "out").iterdir())


def test_a_copied_app_deploys_the_manifest_that_its_cdk_json_names(tmp_path: Path) -> None:
    """With nothing on the command line."""
    shutil.copy(ROOT / "app.py", tmp_path)
    (tmp_path / "images.yaml").write_text("repositories: [{name: base}]\n")
    done = run({**CONTEXT, "manifest": "images.yaml"}, tmp_path / "out", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


ELSEWHERE = "arn:aws:iam::444455556666:role/ci-*"


@pytest.mark.usefixtures("_no_account")
def test_a_manifest_with_its_account_synthesizes_without_credentials() -> None:
    """Roles of another account are told from its own, in the build of a pull request too."""
    entries = [{"name": "base", "pull": [ELSEWHERE]}]
    with pytest.raises(ManifestError, match="or name the manifest's account, if that is another one"):
        shipped.build(App(context={"manifest": {"repositories": entries}}))
    manifest = {"account": "111122223333", "region": "eu-west-1", "repositories": entries}
    (stack,) = shipped.build(App(context={"manifest": manifest}))
    assert stack.environment == "aws://111122223333/eu-west-1"
    (repository,) = Template.from_stack(stack).find_resources("AWS::ECR::Repository").values()
    assert ELSEWHERE in json.dumps(repository)


@pytest.mark.parametrize(
    ("own", "environment"),
    [
        ({}, "aws://444455556666/us-east-1"),
        ({"account": "444455556666"}, "aws://444455556666/us-east-1"),
        # The CLI says us-east-1 where no Region is configured.
        ({"region": "eu-west-1"}, "aws://444455556666/eu-west-1"),
    ],
)
def test_what_a_manifest_leaves_out_the_cli_knows(
    own: dict[str, str], environment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Account and Region each by itself."""
    monkeypatch.setenv("CDK_DEFAULT_ACCOUNT", "444455556666")
    monkeypatch.setenv("CDK_DEFAULT_REGION", "us-east-1")
    (stack,) = shipped.build(App(context={"manifest": {**own, "repositories": [{"name": "base"}]}}))
    assert stack.environment == environment


def test_credentials_of_another_account_are_refused(tmp_path: Path) -> None:
    """Before anything is made in the wrong one."""
    manifest = tmp_path / "images.yaml"
    manifest.write_text('repositories: [{name: base}]\naccount: "111122223333"\n')
    done = run({"manifest": str(manifest)}, tmp_path / "out", CDK_DEFAULT_ACCOUNT="444455556666")
    _, problem, _code = done.stderr.splitlines()
    assert problem == (
        "  account (line 2): the manifest is for account '111122223333', and the credentials are of account "
        "'444455556666'; use credentials of the manifest's account (--profile), or correct the manifest"
    )


def test_what_only_the_synthesis_refuses_is_printed_without_python(tmp_path: Path) -> None:
    """Such as a repository policy that is too long."""
    manifest = tmp_path / "images.yaml"
    names = ", ".join(f"'arn:aws:iam::{number:012}:role/x'" for number in range(1, 100))
    manifest.write_text(f"account: '999988887777'\nrepositories: [{{name: team/web, pull: [{names}]}}]\n")
    done = run({"manifest": str(manifest)}, tmp_path / "out", CDK_DEFAULT_ACCOUNT="")
    first, second = done.stderr.splitlines()
    assert first == "error: the manifest cannot be deployed as it is; nothing was synthesized"
    assert second.startswith("  the repository policy of 'team/web' has up to ")
    assert second.endswith("; trust an organization or whole accounts in the place of single roles [ECR-ACCESS-109]")
