"""The command line's options."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ecr_access.cli.check.command import main


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "--repository"),
        (["--repository", "web", "--wait", "soon"], "got 'soon', allowed is a number of seconds from 0 to 900"),
        (["--repository", "web", "--timeout", "-1"], "got '-1', allowed is"),
        (["--repository", "web", "--timeout", "nan"], "got 'nan', allowed is"),
        (["--repository", "web", "--pull", "--push"], "not allowed with"),
    ],
)
def test_a_wrong_option_is_told_and_nothing_is_asked(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The status is that of "undetermined", since nothing was found out."""
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert words in capsys.readouterr().err


def test_the_help_tells_what_the_status_means(capsys: pytest.CaptureFixture[str]) -> None:
    """Scripts depend on it."""
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0
    assert "0 all is allowed; 1 something is denied; 2 something could not be determined" in capsys.readouterr().out


def test_without_a_region_it_says_what_to_set(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: object
) -> None:
    """No call is made."""
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", f"{tmp_path}/none")
    assert main(["--repository", "web"]) == 2
    assert capsys.readouterr().err == "error: no Region is known; give --region, or set AWS_REGION [ECR-ACCESS-901]\n"


def test_a_region_that_is_none_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """It would become a part of a host name."""
    assert main(["--repository", "web", "--region", "evil.example/"]) == 2
    assert "the Region is 'evil.example/'; allowed is one such as eu-central-1" in capsys.readouterr().err


def test_a_profile_that_is_none_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: object
) -> None:
    """In botocore's words, which name it."""
    monkeypatch.setenv("AWS_CONFIG_FILE", f"{tmp_path}/none")
    assert main(["--repository", "web", "--region", "eu-west-1", "--profile", "missing"]) == 2
    told = capsys.readouterr().err
    assert "profile (missing) could not be found" in told
    assert told.endswith("; sign in, or correct the profile [ECR-ACCESS-901]\n")


def _without(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    code = f"import sys; sys.modules[{module!r}] = None; from ecr_access.cli.main import main; sys.exit(main())"
    return subprocess.run(  # noqa: S603 -- our own words
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False, timeout=60
    )


def test_without_boto3_it_says_what_to_install() -> None:
    """An app that only declares repositories does not need it."""
    done = _without("botocore", "check", "--repository", "web", "--region", "eu-west-1")
    assert done.returncode == 2
    assert "boto3 is missing" in done.stderr
    assert "pip install 'ecr-access[check]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_help_takes_nothing_but_the_package() -> None:
    """A pipeline's image may have no boto3."""
    assert _without("botocore", "check", "--help").returncode == 0


def test_an_error_text_is_explained_without_aws() -> None:
    """The same command, as the page of the check has it."""
    text = "no basic auth credentials"
    done = _without("botocore", "diagnose", f"push to 111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/web: {text}")
    assert done.returncode == 0, done.stderr
    assert "aws ecr get-login-password" in done.stdout
