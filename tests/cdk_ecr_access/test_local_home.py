"""The home folder of commands: the user's own, but for the files of the CDK and of AWS's tools."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ecr_access.local_cloud import LocalCloud
from ecr_access.local_cloud.home import make_home

if TYPE_CHECKING:
    from collections.abc import Iterator

_HOSTILE = {
    "app": "exit 3",
    "build": "exit 4",
    "context": {"cdk-ecr-access:report-only": "true", "hostile": "true"},
    "profile": "absent",
    "proxy": "http://127.0.0.1:9",
    "caBundlePath": "/absent.pem",
    "requireApproval": "broadening",
    "role-arn": "arn:aws:iam::111122223333:role/absent",
    "toolkitStackName": "Absent",
}
# jsii unpacks the CDK into the home folder, which takes a quarter of a minute: it is unpacked in the real one.
_UNPACKED = f"JSII_RUNTIME_PACKAGE_CACHE_ROOT={Path.home() / '.cache' / 'aws' / 'jsii' / 'package-cache'}"
# The CDK's own rules, which would only warn, take two seconds.
_APP = f"{_UNPACKED} CDK_VALIDATION=false python3 app.py"
_ENDPOINT = "[default]\nendpoint_url = http://127.0.0.1:9\nregion = mars-north-1\n"


@pytest.fixture
def theirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's home, with all that a tool reads there, and something else."""
    home = tmp_path / "theirs"
    for folder in (".aws", ".cdk", ".config"):
        (home / folder).mkdir(parents=True)
    (home / ".cdk.json").write_text(json.dumps(_HOSTILE))
    (home / ".aws" / "config").write_text(_ENDPOINT)
    (home / ".gitconfig").write_text("[user]\n")
    monkeypatch.setenv("HOME", str(home))
    return home


@pytest.fixture
def cloud(theirs: Path) -> Iterator[LocalCloud]:
    """A cloud that was started with that home."""
    assert theirs.is_dir()
    with LocalCloud() as cloud:
        yield cloud


def test_a_home_has_all_but_the_files_of_cdk_and_aws(theirs: Path, tmp_path: Path) -> None:
    """What a tool writes into a folder that it has there, it finds again."""
    ours = tmp_path / "ours"
    make_home(ours, {"HOME": str(theirs)})
    assert sorted(one.name for one in ours.iterdir()) == [".config", ".gitconfig"]
    (ours / ".config" / "written").touch()
    assert (theirs / ".config" / "written").exists()


@pytest.mark.parametrize("home", [None, "", "/absent", "/dev/null"])
def test_a_home_that_cannot_be_read_is_an_empty_one(tmp_path: Path, home: str | None) -> None:
    """As in a container whose user has none."""
    make_home(tmp_path / "ours", {} if home is None else {"HOME": home})
    assert list((tmp_path / "ours").iterdir()) == []


@pytest.mark.local_cloud
def test_the_end_of_a_cloud_leaves_the_users_home_as_it_is(theirs: Path, cloud: LocalCloud) -> None:
    """The links go, not what they lead to."""
    home = Path(cloud.environment()["HOME"])
    assert (home / ".gitconfig").is_symlink()
    cloud.stop()
    assert not home.exists()
    assert sorted(one.name for one in theirs.iterdir()) == [".aws", ".cdk", ".cdk.json", ".config", ".gitconfig"]


@pytest.mark.local_cloud
def test_the_cli_reads_nothing_of_the_users_cdk_json(cloud: LocalCloud, tmp_path: Path) -> None:
    """It bootstraps and deploys, without the proxy, the profile, the app and the context that the file has."""
    cloud.bootstrap()
    app = "import aws_cdk as cdk; app = cdk.App(); stack = cdk.Stack(app, 'Home'); "
    app += "stack.template_options.description = str(app.node.try_get_context('hostile')); "
    app += "cdk.CfnWaitConditionHandle(stack, 'Nothing'); app.synth()"
    (tmp_path / "app.py").write_text(app)
    said: list[str] = []
    options = ("--app", _APP, "--require-approval", "never")
    assert cloud.cdk("deploy", *options, cwd=tmp_path, output=said.append) == 0, "\n".join(said)
    template = cloud.client("cloudformation").get_template(StackName="Home")["TemplateBody"]
    assert template["Description"] == "None"
