"""A manifest's repositories are moved to more stacks, and back, by the commands that ``manifest moves`` prints."""

from __future__ import annotations

import json
import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import app as shipped
from ecr_access.cli.main import main
from tests.deploy.conftest import Deployment
from walkthrough.image import small_image
from walkthrough.registry import Registry

if TYPE_CHECKING:
    from ecr_access.local_cloud import LocalCloud

pytestmark = pytest.mark.local_cloud

MANIFEST = """\
stacks: {stacks}
roles: {{ci: {{}}}}
defaults: {{push: [ci], pull: ["444455556666"]}}
repositories:
  - name: moved/api
  - name: moved/db
  - name: moved/log
  - name: moved/web
  - name: moved/ui
"""
FRAGILE = "    removal_policy: destroy\n    empty_on_delete: true\n"
NAMES = ["moved/api", "moved/db", "moved/log", "moved/web", "moved/ui"]
TWO = {"EcrAccess": ["moved/api", "moved/db", "moved/ui"], "EcrAccess2": ["moved/log", "moved/web"]}
THREE = {"EcrAccess": ["moved/db"], "EcrAccess2": ["moved/web"], "EcrAccess3": ["moved/api", "moved/log", "moved/ui"]}
CDK_JSON = {
    "app": f"CDK_VALIDATION=false {sys.executable} app.py",
    "requireApproval": "never",
    "progress": "events",
    "context": {
        "manifest": "images.yaml",
        "cdk-ecr-access:propagation-seconds": "1",
        "cdk-ecr-access:log-allowed": "true",
    },
}


class Fleet:
    """The app that ships, in a folder of its own, with a manifest."""

    def __init__(self, cloud: LocalCloud, folder: Path) -> None:
        self.cloud = cloud
        self.folder = folder
        self.manifest = folder / "images.yaml"
        self.deployed = Deployment(cloud, "", folder)
        shutil.copy(Path(shipped.__file__), folder)
        (folder / "cdk.json").write_text(json.dumps(CDK_JSON), encoding="utf-8")

    def run(self, command: str) -> None:
        """Run a command as it is printed."""
        program, *arguments = shlex.split(command)
        lines: list[str] = []
        assert program == "cdk"
        code = self.cloud.cdk(*arguments, cwd=self.folder, output=lines.append)
        assert code == 0, "\n".join([command, *lines])

    def stacks(self) -> dict[str, list[str]]:
        """Return the repositories of each stack, by its name."""
        client = self.cloud.client("cloudformation")
        found = client.describe_stacks()["Stacks"]
        return {
            one["StackName"]: sorted(
                there["PhysicalResourceId"]
                for there in client.list_stack_resources(StackName=one["StackName"])["StackResourceSummaries"]
                if there["ResourceType"] == "AWS::ECR::Repository" and there["ResourceStatus"] != "DELETE_COMPLETE"
            )
            for one in found
            if one["StackName"].startswith("EcrAccess") and one["StackStatus"] != "DELETE_COMPLETE"
        }

    def digests(self) -> dict[str, list[str]]:
        """Return the digests of the images of each repository."""
        images = {name: self.cloud.client("ecr").list_images(repositoryName=name)["imageIds"] for name in NAMES}
        return {name: [one["imageDigest"] for one in found] for name, found in images.items()}

    def change(self, stacks: int, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
        """Change the number of stacks as it is printed, and return what is."""
        images = self.digests()
        assert main(["manifest", "moves", "--stacks", str(stacks), "--json"]) == 0
        told: dict[str, Any] = json.loads(capsys.readouterr().out)
        for command in told["commands"]["before"]:
            self.run(command)
        assert self.digests() == images
        self.manifest.write_text(MANIFEST.format(stacks=stacks), encoding="utf-8")
        for command in told["commands"]["after"]:
            self.run(command)
        assert self.digests() == images
        return told


@pytest.fixture
def fleet(local_cloud: LocalCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fleet:
    """A manifest of two stacks, deployed, with an image in each repository; the last would go with its stack."""
    found = Fleet(local_cloud, tmp_path)
    monkeypatch.chdir(tmp_path)
    found.manifest.write_text(MANIFEST.format(stacks=2) + FRAGILE, encoding="utf-8")
    found.run("cdk deploy --all")
    for name in NAMES:
        Registry(local_cloud).push(small_image(name), repository=name, tag="1.0")
    return found


def test_repositories_move_to_a_third_stack_and_back_with_their_images(
    fleet: Fleet, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is left where they were, every access is proved again, and a stack that is not needed is deleted."""
    assert fleet.stacks() == TWO
    assert all(fleet.digests().values())
    told = fleet.change(3, capsys)
    assert told["write"]["retain"] == ["moved/ui"]
    assert fleet.stacks() == THREE
    for stack in THREE:
        assert {one["verdict"] for one in fleet.deployed.findings(stack=stack)} == {"allowed"}
    fleet.change(2, capsys)
    assert fleet.stacks() == TWO
    images = fleet.digests()
    fleet.manifest.write_text(MANIFEST.format(stacks=2) + FRAGILE, encoding="utf-8")
    fleet.run("cdk deploy --all")
    assert fleet.digests() == images
