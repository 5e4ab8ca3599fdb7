"""``ecr-access rules``: what it prints, and what its exit status says."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import ecr_access
from ecr_access.cli.rules.command import main
from ecr_access.cli.rules.read import read
from ecr_access.cli.rules.report import entries_of
from ecr_access.rules.finding import Rule, RuleFinding, Severity
from tests.ecr_access.rules.files import BROKEN, POLICY, REPOSITORY, SOUND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.rules.access.application import Application

SOURCES = Path(ecr_access.__path__[0]).parent


@pytest.fixture
def broken(tmp_path: Path) -> str:
    """A file with one error."""
    path = tmp_path / "broken.yaml"
    path.write_text(BROKEN, encoding="utf-8")
    return str(path)


@pytest.fixture
def sound(tmp_path: Path) -> str:
    """A file without one."""
    path = tmp_path / "sound.yaml"
    path.write_text(SOUND, encoding="utf-8")
    return str(path)


def _warns(app: Application) -> Iterator[RuleFinding]:
    for one in app.of_type("AWS::IAM::Role"):
        yield RuleFinding(one, "Properties", "a role", "none")


@pytest.fixture
def only_warns(monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue whose one rule warns of every role."""
    rule = Rule("any-role", Severity.WARNING, "no role", "https://docs.aws.amazon.com/", _warns)
    monkeypatch.setattr("ecr_access.rules.catalogue.RULES", (rule,))


def test_an_error_is_a_line_that_editors_know_and_its_fix(broken: str, capsys: pytest.CaptureFixture[str]) -> None:
    """File, line, severity, rule, what is wrong; where; what to do."""
    assert main([broken, "--account", "111122223333"]) == 1
    written = capsys.readouterr().out
    head = f"{broken}:12: error token-missing: role ci may pull, but not ecr:GetAuthorizationToken on '*'"
    assert written.startswith(head)
    assert "\n    at Ci.Properties.Policies[0].PolicyDocument.Statement[0]\n    fix: allow ecr:GetAuth" in written
    assert "1 error and " in written
    assert " in 1 template\n" in written


def test_nothing_found_is_said_too(sound: str, capsys: pytest.CaptureFixture[str]) -> None:
    """So that a person sees that something was read."""
    assert main([sound, "--fail-on", "error"]) == 0
    assert capsys.readouterr().out.startswith("0 errors and ")


def test_json_holds_the_same(broken: str, capsys: pytest.CaptureFixture[str]) -> None:
    """For programs."""
    assert main([broken, "--format", "json"]) == 1
    written = json.loads(capsys.readouterr().out)
    (found,) = [one for one in written["findings"] if one["severity"] == "error"]
    assert found["rule"] == "token-missing"
    assert (found["file"], found["line"], found["resource"]) == (broken, 12, "Ci")
    assert found["path"] == "Properties.Policies[0].PolicyDocument.Statement[0]"
    assert found["problem"].startswith("role ci may pull")
    assert found["fix"].startswith("allow ecr:GetAuthorizationToken on '*'")
    assert found["page"].startswith("https://docs.aws.amazon.com/")
    assert (written["errors"], written["templates"]) == (1, 1)


@pytest.mark.parametrize(("fail_on", "status"), [("error", 1), ("warning", 1), ("never", 0)])
def test_the_status_of_an_error(broken: str, fail_on: str, status: int) -> None:
    """By what the caller wants to fail on."""
    assert main([broken, "--fail-on", fail_on]) == status


@pytest.mark.usefixtures("only_warns")
@pytest.mark.parametrize(("fail_on", "status"), [("error", 0), ("warning", 1), ("never", 0)])
def test_the_status_of_a_warning(sound: str, fail_on: str, status: int, capsys: pytest.CaptureFixture[str]) -> None:
    """It fails only where it is asked to; it is shown all the same."""
    assert main([sound, "--fail-on", fail_on]) == status
    assert ":3: warning any-role: a role" in capsys.readouterr().out


def test_what_cannot_be_read_is_told_and_the_others_are_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """All of it at once; what is found all the same is marked as incomplete."""
    bad, image = tmp_path / "bad.yaml", tmp_path / "image.yaml"
    bad.write_text("Resources:\n  A: !Reff b\n  A: c\n", encoding="utf-8")
    image.write_text(REPOSITORY, encoding="utf-8")
    assert main([str(image), str(bad), str(tmp_path / "none.json")]) == 2
    out, err = capsys.readouterr()
    assert out.startswith(f"{image}:2: warning no-lifecycle: ")
    assert out.endswith(" in 1 template; incomplete, as not all of the templates could be read\n")
    assert err.splitlines() == [
        (
            f"error: {bad}:2: the tag '!Reff' is no short form of a function of CloudFormation; did you mean 'Ref'? "
            "[ECR-ACCESS-611]"
        ),
        f"error: {bad}:3: the key 'A' is given twice in one object; keep one of them [ECR-ACCESS-611]",
        f"error: {tmp_path}/none.json: cannot be read: no such file or directory [ECR-ACCESS-611]",
    ]


def test_json_of_what_is_incomplete_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Beside the findings; alone where nothing could be read."""
    image = tmp_path / "image.yaml"
    image.write_text(REPOSITORY, encoding="utf-8")
    none = str(tmp_path / "none.json")
    messages = [f"{none}: cannot be read: no such file or directory [ECR-ACCESS-611]"]
    assert main([str(image), none, "--json"]) == 2
    written = json.loads(capsys.readouterr().out)
    assert written["failure"] == {"status": 2, "messages": messages}
    assert "no-lifecycle" in {one["rule"] for one in written["findings"]}
    assert main([none, "--json"]) == 2
    assert json.loads(capsys.readouterr().out) == {"failure": {"status": 2, "messages": messages}}


def test_what_the_missing_template_may_hold_is_not_reported(broken: str, tmp_path: Path) -> None:
    """It may attach a policy to the role."""
    assert main([broken]) == 1
    bad = tmp_path / "bad.yaml"
    bad.write_text("Resources: {}\nResources: {}\n", encoding="utf-8")
    assert findings(broken, str(bad)) == set()
    bad.write_text("Resources: {}\n", encoding="utf-8")
    assert findings(broken, str(bad)) == {("token-missing", 12)}


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (REPOSITORY, {("no-lifecycle", 2), ("no-deletion-policy", 2), ("no-scan", 2)}),
        (
            REPOSITORY + "      ImageScanningConfiguration:\n        ScanOnPush: false\n",
            {("no-lifecycle", 2), ("no-deletion-policy", 2), ("no-scan", 6)},
        ),
        (
            json.dumps({"Resources": {"Web": {"Type": "AWS::ECR::Repository", "Properties": {}}}}, indent=1),
            {("no-lifecycle", 3), ("no-deletion-policy", 3), ("no-scan", 3)},
        ),
        (
            REPOSITORY + POLICY,
            {("resource-in-repository-policy", 10), ("service-without-source", 7), ("no-scan", 2)},
        ),
    ],
    ids=["a resource", "a property", "JSON", "a statement and its elements"],
)
def test_a_finding_has_the_line_of_what_it_is_about(text: str, lines: set[tuple[str, int]], tmp_path: Path) -> None:
    """Where a property or a condition is missing, that of what lacks it."""
    path = tmp_path / "stack.template"
    path.write_text(text, encoding="utf-8")
    assert findings(str(path)) >= lines


def findings(*names: str) -> set[tuple[str, int]]:
    """The rules that are broken, and on which lines."""
    sources, wrong = read(names)
    return {(one.rule.id, one.first.line) for one in entries_of(sources, are_all=not wrong)}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "TEMPLATE"),
        (["a.json", "--account", "12"], "got '12', allowed is an account id of 12 digits"),
        (["a.json", "--account", ""], "got '', allowed is an account id of 12 digits"),
        (["a.json", "--region", "Frankfurt"], "got 'Frankfurt', allowed is a Region such as eu-central-1"),
        (["a.json", "--format", "xml"], "invalid choice: 'xml'"),
        (["a.json", "--fail-on", "info"], "invalid choice: 'info'"),
    ],
)
def test_a_wrong_argument_is_told(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With the status of what could not be read."""
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("region", ["eu-central-1", "us-gov-west-1", "cn-north-1", "ap-southeast-7"])
def test_every_region_is_taken(sound: str, region: str) -> None:
    """Also in other partitions."""
    assert main([sound, "--region", region]) == 0


def test_the_help_tells_what_the_status_means(capsys: pytest.CaptureFixture[str]) -> None:
    """Scripts depend on it."""
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0
    assert "exit status: 0 nothing was found that fails (see --fail-on); 1 something was; 2" in capsys.readouterr().out


def test_templates_are_read_together(tmp_path: Path) -> None:
    """A policy in one template completes the role of another."""
    role = {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "ci", "Policies": [_policy("ecr:*Image")]}}
    role["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]["Action"] = [  # type: ignore[index]
        "ecr:BatchGetImage",
        "ecr:GetDownloadUrlForLayer",
    ]
    token = {"Type": "AWS::IAM::Policy", "Properties": {"Roles": ["ci"], **_policy("ecr:GetAuthorizationToken")}}
    names = [str(tmp_path / f"{name}.json") for name in ("role", "token")]
    for name, resource in zip(names, (role, token), strict=True):
        Path(name).write_text(json.dumps({"Resources": {"One": resource}}), encoding="utf-8")
    assert main(names[:1]) == 1
    assert main(names) == 0


def _policy(action: str) -> dict[str, object]:
    statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
    return {"PolicyName": "one", "PolicyDocument": {"Statement": statement}}


def test_the_command_needs_no_cdk_and_starts_no_node(broken: str) -> None:
    """It is for templates that the CDK did not make, and is quick."""
    code = (
        "import sys; from ecr_access.cli.rules.command import main; status = main(sys.argv[1:]); "
        "print([one for one in sys.modules if one.partition('.')[0] in ('aws_cdk', 'jsii', 'constructs', 'boto3')]); "
        "sys.exit(status)"
    )
    done = subprocess.run(  # noqa: S603 -- the interpreter's own arguments
        [sys.executable, "-c", code, broken], cwd=SOURCES, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_module_is_the_command(sound: str) -> None:
    """As its help names it."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "ecr_access", "rules", sound],
        cwd=SOURCES,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("in 1 template\n")


def test_repositories_that_exist_already_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each by an option of its own."""
    path = tmp_path / "task.json"
    image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/platform/base:1.0"
    resources = {
        "Task": {"Type": "AWS::ECS::TaskDefinition", "Properties": {"ContainerDefinitions": [{"Image": image}]}}
    }
    path.write_text(json.dumps({"Resources": resources}), encoding="utf-8")
    place = ("--account", "111122223333", "--region", "eu-west-1")
    assert main([str(path), *place]) == 1
    assert main([str(path), *place, "--existing", "web", "--existing", "platform/*"]) == 0
    capsys.readouterr()
    assert main([str(path), "--existing", "*", "--existing", image]) == 2
    told = capsys.readouterr().err.splitlines()
    allowed = "allowed: the name of a repository, without its registry, such as 'platform/base' or, "
    assert [one.partition("* and")[0] for one in told] == [
        f"error: existing[0] is '*'; {allowed}",
        f"error: existing[1] is '{image}'; {allowed}",
    ]
