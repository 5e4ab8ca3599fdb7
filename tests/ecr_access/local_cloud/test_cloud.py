"""A running local cloud: what it answers, what its commands see, and what is left of it."""

from __future__ import annotations

import json
import os
import signal
import socket
import time

import pytest
from botocore.exceptions import ClientError

from ecr_access.local_cloud import LocalCloud, LocalCloudDiedError, LocalCloudError
from tests.ecr_access.local_cloud.leftovers import group_lives, port_is_open

pytestmark = pytest.mark.local_cloud


def test_each_account_has_a_root_user(cloud: LocalCloud) -> None:
    """A client is the root user of the account asked for."""
    for account in ("000000000000", "111122223333"):
        assert cloud.client("sts", account).get_caller_identity()["Arn"] == f"arn:aws:iam::{account}:root"


def test_accounts_are_apart(cloud: LocalCloud) -> None:
    """What one account has, another has not."""
    cloud.client("ecr", "111111111111").create_repository(repositoryName="apart")
    assert cloud.client("ecr", "222222222222").describe_repositories()["repositories"] == []


def test_an_account_that_is_none_is_refused(cloud: LocalCloud) -> None:
    """The message has the value."""
    with pytest.raises(LocalCloudError, match="'12' is no AWS account id"):
        cloud.environment("12")


def test_least_privilege_suffices(cloud: LocalCloud) -> None:
    """The access check's own permissions, each on the one resource that AWS asks for, are enough here too."""
    account = "333333333333"
    ecr, iam = cloud.client("ecr", account), cloud.client("iam", account)
    granted, other = (
        ecr.create_repository(repositoryName=name)["repository"]["repositoryArn"] for name in ("granted", "other")
    )
    root = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [root]})
    role = iam.create_role(RoleName="checker", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    statements = [
        {"Effect": "Allow", "Action": "iam:SimulatePrincipalPolicy", "Resource": role},
        {"Effect": "Allow", "Action": "ecr:DescribeRepositories", "Resource": granted},
    ]
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    iam.put_role_policy(RoleName="checker", PolicyName="check", PolicyDocument=policy)
    given = cloud.client("sts", account).assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    session = cloud.session(
        access_key=given["AccessKeyId"], secret_key=given["SecretAccessKey"], token=given["SessionToken"]
    )

    simulate = session.client("iam").simulate_principal_policy
    assert simulate(PolicySourceArn=role, ActionNames=["ecr:PutImage"])["EvaluationResults"]
    describe = session.client("ecr").describe_repositories
    assert describe(repositoryNames=["granted"])["repositories"][0]["repositoryArn"] == granted
    for names in ([other.rpartition("/")[2]], ["granted", "other"], []):
        with pytest.raises(ClientError, match="AccessDenied"):
            describe(**({"repositoryNames": names} if names else {}))
    with pytest.raises(ClientError, match="AccessDenied"):
        simulate(PolicySourceArn=f"{role}-not", ActionNames=["ecr:PutImage"])


@pytest.mark.parametrize(
    ("tls", "decision", "missing"),
    [([], "allowed", ["aws:SecureTransport"]), (["true"], "allowed", []), (["false"], "explicitDeny", [])],
)
def test_a_role_of_a_path_is_simulated_with_the_keys_that_are_told(
    cloud: LocalCloud, tls: list[str], decision: str, missing: list[str]
) -> None:
    """Its policies are found; of a condition key the value given counts, and one without is named."""
    iam = cloud.client("iam", "444444444444")
    public = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [public]})
    name = f"ci{len(tls)}{decision}"
    role = iam.create_role(RoleName=name, Path="/teams/web/", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    plain = {"Bool": {"aws:SecureTransport": "false"}}
    statements = [
        {"Effect": "Allow", "Action": "ecr:PutImage", "Resource": "*"},
        {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": plain},
    ]
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    iam.put_role_policy(RoleName=name, PolicyName="push", PolicyDocument=policy)
    entries = [
        {"ContextKeyName": "aws:securetransport", "ContextKeyValues": [one], "ContextKeyType": "boolean"} for one in tls
    ]
    answer = iam.simulate_principal_policy(
        PolicySourceArn=role, ActionNames=["ecr:PutImage"], ContextEntries=[*entries]
    )
    (result,) = answer["EvaluationResults"]
    assert (result["EvalDecision"], result["MissingContextValues"]) == (decision, missing)


def test_a_client_ignores_the_users_environment(cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """A profile that does not exist, other keys, another endpoint and a proxy change nothing."""
    monkeypatch.setenv("AWS_PROFILE", "absent")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAUSERSOWN")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "the user's own")
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", "https://sts.example.invalid")
    monkeypatch.setenv("AWS_USE_FIPS_ENDPOINT", "true")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.invalid:3128")
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert cloud.client("sts").get_caller_identity()["Account"] == "000000000000"


def test_a_command_has_none_of_the_users_variables(cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command gets no variable that names the user's account."""
    monkeypatch.setenv("AWS_PROFILE", "the user's own")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "the user's own")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "the user's own")
    monkeypatch.setenv("CDK_DEFAULT_ACCOUNT", "the user's own")
    lines: list[str] = []
    assert cloud.run(["env"], output=lines.append) == 0
    assert "AWS_ACCESS_KEY_ID=000000000000" in lines
    assert not [line for line in lines if "the user's own" in line]


def test_a_command_that_takes_too_long_is_ended(cloud: LocalCloud) -> None:
    """The message has the command and the limit."""
    with pytest.raises(LocalCloudError, match=r"'sleep 60' took more than 0 s and was ended"):
        cloud.run(["sleep", "60"], seconds=0)


def test_a_taken_port_is_refused() -> None:
    """The message has the port and what to do; nothing was started."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(LocalCloudError, match=f"port {port} of 127.0.0.1 is taken"), LocalCloud(port=port):
            pass


def test_a_port_that_is_none_is_refused() -> None:
    """The message has the value and the range."""
    with (
        pytest.raises(LocalCloudError, match=r"cannot listen on port 70000 .* give 1024 to 65535"),
        LocalCloud(port=70000),
    ):
        pass


def test_a_given_port_is_used_and_nothing_is_left() -> None:
    """After the block there is no process, no open port and no file; the port can be used again at once."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for _ in range(2):
        with LocalCloud(port=port) as cloud:
            assert cloud.endpoint == f"https://localhost:{port}"
            assert port_is_open(port)
        assert not group_lives(cloud.group)
        assert not port_is_open(port)
        assert not cloud.directory.exists()


def test_an_exception_leaves_nothing() -> None:
    """An error in the block stops the cloud and is passed on."""
    started = LocalCloud()
    with pytest.raises(ZeroDivisionError), started:
        raise ZeroDivisionError
    assert not group_lives(started.group)
    assert not started.directory.exists()


def test_the_clouds_death_ends_a_command() -> None:
    """A command that would wait for ever is ended, with an error that has exit code and log."""
    with LocalCloud() as cloud:

        def kill(line: str) -> None:
            assert line == "ready"
            os.killpg(cloud.group, signal.SIGKILL)

        begin = time.monotonic()
        with pytest.raises(LocalCloudDiedError, match=r"(?s)ended \(exit code 137\); its last log lines:\n  .+"):
            cloud.run(["sh", "-c", "echo ready; exec sleep 60"], output=kill)
        assert time.monotonic() - begin < 10


def test_the_clouds_death_explains_a_commands_failure() -> None:
    """A command that failed because the cloud ended is not blamed for it."""
    with LocalCloud() as cloud, pytest.raises(LocalCloudDiedError, match="the local cloud at https://localhost:"):
        cloud.run(["sh", "-c", f"kill -KILL -{cloud.group}; sleep 0.5; exit 1"])
