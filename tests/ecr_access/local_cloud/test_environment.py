"""What of the user's environment reaches the local cloud and the commands run against it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from ecr_access.local_cloud.certificate import Certificate
from ecr_access.local_cloud.environment import (
    account_error,
    base_environment,
    command_environment,
    region_error,
    server_environment,
)

_DIRECTORY = Path("/private")
_CERTIFICATE = Certificate(
    certificate=_DIRECTORY / "server.pem",
    key=_DIRECTORY / "server.key",
    authority=_DIRECTORY / "authority.pem",
    bundle=_DIRECTORY / "bundle.pem",
)
_ACCOUNT_VARIABLES = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ROLE_ARN",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_ENDPOINT_URL_ECR",
    "AWS_ENDPOINT_URL_IAM",
    "CDK_DEFAULT_ACCOUNT",
    "CDK_DEFAULT_REGION",
    "CDK_NEW_BOOTSTRAP",
    "CDK_DOCKER",
    "HTTPS_PROXY",
    "https_proxy",
    "GITHUB_TOKEN",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "NODE_OPTIONS",
)
_USER = dict.fromkeys(_ACCOUNT_VARIABLES, "the user's own") | {
    "HOME": "/home/user",
    "LC_ALL": "C.UTF-8",
    "PATH": "/usr/bin",
    "PYTHONPATH": "constructs",
}


def _command() -> dict[str, str]:
    return command_environment(
        base=base_environment(_USER),
        directory=_DIRECTORY,
        certificate=_CERTIFICATE,
        endpoint="https://localhost:4566",
        account="111122223333",
        region="eu-west-1",
    )


def _server() -> dict[str, str]:
    return server_environment(
        base=base_environment(_USER),
        directory=_DIRECTORY,
        certificate=_CERTIFICATE,
        endpoint="https://localhost:4566",
        port=4566,
        region="eu-west-1",
    )


@pytest.mark.parametrize("make", [_command, _server])
def test_nothing_of_the_users_account_is_passed_on(make: type[dict[str, str]]) -> None:
    """No variable of the user's account, proxy or secrets keeps the user's value."""
    assert "the user's own" not in make().values()


def test_what_a_program_needs_to_run_is_passed_on() -> None:
    """Locale and import path reach a command."""
    environment = _command()
    assert {environment[name] for name in ("LC_ALL", "PYTHONPATH")} == {"C.UTF-8", "constructs"}


def test_this_pythons_programs_come_first() -> None:
    """Node.js and the CDK CLI of this environment are found before any other."""
    assert _command()["PATH"] == os.pathsep.join([str(Path(sys.executable).parent), "/usr/bin"])


def test_a_command_takes_the_local_cloud_for_aws() -> None:
    """Endpoint, account and Region are the local cloud's for the SDKs and for the CDK."""
    environment = _command()
    assert environment["AWS_ENDPOINT_URL"] == environment["AWS_ENDPOINT_URL_S3"] == "https://localhost:4566"
    assert environment["AWS_ACCESS_KEY_ID"] == environment["CDK_DEFAULT_ACCOUNT"] == "111122223333"
    assert environment["AWS_REGION"] == environment["CDK_DEFAULT_REGION"] == "eu-west-1"


def test_a_command_reads_no_file_of_the_users_account() -> None:
    """The SDKs' configuration, credentials and instance role are not looked for where the user has them."""
    environment = _command()
    assert environment["AWS_CONFIG_FILE"] == "/private/aws-config"
    assert environment["AWS_SHARED_CREDENTIALS_FILE"] == "/private/aws-credentials"
    assert environment["AWS_EC2_METADATA_DISABLED"] == "true"
    assert environment["HOME"] == "/private/command-home"
    assert environment["CDK_DOCKER_CREDS_FILE"] == "/private/cdk/cdk-docker-creds.json"


def test_the_server_trusts_itself_alone() -> None:
    """What runs inside the cloud can reach no other TLS server."""
    environment = _server()
    trusted = {environment[name] for name in ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")}
    assert trusted == {"/private/authority.pem"}


def test_the_server_keeps_to_its_directory() -> None:
    """Home, temporary files and state are in the private directory; the user's Docker is out of reach."""
    environment = _server()
    for name in ("HOME", "TMPDIR", "STATE_DIR", "S3_DATA_DIR"):
        assert environment[name].startswith("/private/")
    assert environment["DOCKER_HOST"] == "unix:///private/no-docker.sock"


def test_the_server_imports_nothing_of_the_users() -> None:
    """The user's import path is not the Lambda functions'."""
    assert "PYTHONPATH" not in _server()


@pytest.mark.parametrize("account", ["", "123", "1111222233334", "11112222333x", "١١١١٢٢٢٢٣٣٣٣", "111122223333\n"])
def test_an_account_that_is_no_12_digits_is_refused(account: str) -> None:
    """The message has the value and what is allowed."""
    problem = account_error(account)
    assert problem is not None
    assert repr(account) in problem
    assert "give 12 digits" in problem


def test_an_account_of_12_digits_is_taken() -> None:
    """Any 12 digits are an account."""
    assert account_error("012345678901") is None


@pytest.mark.parametrize("region", ["", "Ireland", "eu-west", "eu-west-1\n", "EU-WEST-1"])
def test_a_region_that_is_no_code_is_refused(region: str) -> None:
    """The message has the value and an example of what is allowed."""
    problem = region_error(region)
    assert problem == f"the Region {region!r} is no code of an AWS Region: give one such as 'us-east-1'"


@pytest.mark.parametrize("region", ["eu-west-1", "us-gov-east-1", "us-iso-b-east-1", "ap-southeast-4"])
def test_a_code_of_a_region_is_taken(region: str) -> None:
    """In whatever partition."""
    assert region_error(region) is None
