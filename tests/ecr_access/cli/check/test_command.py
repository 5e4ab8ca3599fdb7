"""The command against the embedded cloud, as a person at a terminal runs it.

It stands for the policy simulator and the repository policies of real AWS.
"""

from __future__ import annotations

import json
import subprocess
import sys
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from ecr_access.iam.actions import TOKEN_ACTION, AccessLevel

if TYPE_CHECKING:
    from ecr_access.local_cloud import LocalCloud

pytestmark = pytest.mark.local_cloud

ACCOUNT = "777788889999"
REPOSITORY = "terminal/web"


def _role(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


def _document(statements: list[dict[str, Any]]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


@pytest.fixture(scope="module", autouse=True)
def _account(local_cloud: LocalCloud) -> None:
    """An account with a repository, a role that may pull from it, and one that may nothing."""
    iam, ecr = local_cloud.client("iam", ACCOUNT), local_cloud.client("ecr", ACCOUNT)
    arn = ecr.create_repository(repositoryName=REPOSITORY)["repository"]["repositoryArn"]
    trust = _document([{"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}])
    for name in ("puller", "powerless"):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
    allowed = [
        {"Effect": "Allow", "Action": list(AccessLevel.PULL.actions), "Resource": arn},
        {"Effect": "Allow", "Action": TOKEN_ACTION, "Resource": "*"},
    ]
    iam.put_role_policy(RoleName="puller", PolicyName="pull", PolicyDocument=_document(allowed))


def _run(cloud: LocalCloud, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 -- our own module
        [sys.executable, "-m", "ecr_access", "check", *arguments],
        env={**cloud.environment(ACCOUNT), **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def _verdicts(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    return {one["access"]: one["verdict"] for one in json.loads(done.stdout)["findings"]}


def test_who_may_pull_is_allowed(local_cloud: LocalCloud) -> None:
    """Status 0, and nothing to do."""
    done = _run(local_cloud, "--principal", _role("puller"), "--repository", REPOSITORY)
    assert done.returncode == 0, done.stderr
    assert "role/puller" in done.stdout
    assert "denied" not in done.stdout


@pytest.mark.parametrize(
    ("effect", "condition", "verdict"),
    [
        ("Allow", {"StringEquals": {"aws:ResourceAccount": ACCOUNT, "aws:PrincipalType": "AssumedRole"}}, "allowed"),
        ("Allow", {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/conditional-*"}}, "allowed"),
        ("Allow", {"StringNotEquals": {"s3:prefix": "x"}}, "allowed"),
        ("Allow", {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}, "allowed"),
        ("Allow", {"StringEquals": {"s3:prefix": "x"}}, "denied"),
        ("Allow", {"StringEquals": {"aws:ResourceTag/team": "web"}}, "undetermined"),
        ("Allow", {"StringEqualsIfExists": {"aws:SourceVpce": "vpce-1"}}, "undetermined"),
        ("Deny", {"StringNotEquals": {"aws:RequestedRegion": "nowhere-1"}}, "denied"),
        ("Deny", {"Bool": {"aws:MultiFactorAuthPresent": "false"}}, "undetermined"),
        ("Deny", {"Bool": {"aws:MultiFactorAuthPresent": "true"}}, "undetermined"),
        ("Deny", {"DateLessThan": {"aws:TokenIssueTime": "2020-01-01T00:00:00Z"}}, "allowed"),
        ("Deny", {"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, "undetermined"),
    ],
)
def test_a_condition_of_a_roles_own_policy_is_judged_by_what_is_known_of_its_calls(
    local_cloud: LocalCloud, effect: str, condition: dict[str, Any], verdict: str
) -> None:
    """The evaluator is the embedded cloud's, which knows nothing of the check."""
    iam = local_cloud.client("iam", ACCOUNT)
    name = f"conditional-{sha256(repr((effect, condition)).encode()).hexdigest()[:12]}"
    trust = _document([{"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}])
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
    pull: dict[str, Any] = {"Effect": "Allow", "Action": "ecr:*", "Resource": "*"}
    statements = [pull | {"Effect": effect, "Condition": condition}, *([pull] if effect == "Deny" else [])]
    iam.put_role_policy(RoleName=name, PolicyName="pull", PolicyDocument=_document(statements))
    done = _run(local_cloud, "--principal", _role(name), "--repository", REPOSITORY, "--json")
    assert _verdicts(done)["PULL"] == verdict, done.stdout


def test_who_may_pull_is_denied_to_push(local_cloud: LocalCloud) -> None:
    """Status 1; the token is still allowed, and the fix names what is missing alone."""
    done = _run(local_cloud, "--principal", _role("puller"), "--repository", REPOSITORY, "--push", "--json")
    assert done.returncode == 1, done.stderr
    assert _verdicts(done) == {"TOKEN": "allowed", "PUSH": "denied"}
    (denied,) = [one for one in json.loads(done.stdout)["findings"] if one["verdict"] == "denied"]
    assert "repository.grant_push(role)" in denied["fix"]
    assert "ecr:PutImage" in denied["fix"]
    assert "ecr:BatchGetImage" not in denied["fix"]


def test_a_role_that_does_not_exist_is_told(local_cloud: LocalCloud) -> None:
    """It is not one without policies."""
    done = _run(local_cloud, "--principal", _role("absent"), "--repository", REPOSITORY, "--json")
    assert done.returncode == 1, done.stderr
    assert {one["cause"] for one in json.loads(done.stdout)["findings"]} == {"there is no such role"}


def test_a_session_of_a_role_is_judged_as_its_role(local_cloud: LocalCloud) -> None:
    """The ARN that an error text shows can be given as it is."""
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/powerless/run"
    done = _run(local_cloud, "--principal", session, "--repository", REPOSITORY, "--json")
    assert _verdicts(done) == {"TOKEN": "denied", "PULL": "denied"}
    assert f"note: {session} is a session of {_role('powerless')}; if that role has a path" in done.stderr


def test_a_repository_that_is_missing_is_told_with_the_nearest(local_cloud: LocalCloud) -> None:
    """The most frequent cause of a 404 is a typo."""
    done = _run(local_cloud, "--principal", _role("puller"), "--repository", "terminal/wep")
    assert done.returncode == 1, done.stderr
    assert 'closest: "terminal/web"' in done.stdout


def test_another_account_without_a_statement_is_denied(local_cloud: LocalCloud) -> None:
    """What can be judged from here is, by the live repository policy."""
    done = _run(local_cloud, "--principal", "arn:aws:iam::111122223333:role/x", "--repository", REPOSITORY)
    assert done.returncode == 1, done.stderr
    assert "the repository has no policy" in done.stdout


def test_a_repository_of_another_account_is_allowed_here(local_cloud: LocalCloud) -> None:
    """Half of it is unknown: status 0, or 2 where both sides are asked for."""
    there = f"arn:aws:ecr:us-east-1:111122223333:repository/{REPOSITORY}"
    statement = [{"Effect": "Allow", "Action": list(AccessLevel.PULL.actions), "Resource": there}]
    local_cloud.client("iam", ACCOUNT).put_role_policy(
        RoleName="puller", PolicyName="there", PolicyDocument=_document(statement)
    )
    asked = ("--principal", _role("puller"), "--repository", there)
    done = _run(local_cloud, *asked, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["verdict"] == "allowed here"
    assert _verdicts(done) == {"TOKEN": "allowed", "PULL": "allowed here"}
    done = _run(local_cloud, *asked, "--both-sides")
    assert done.returncode == 2, done.stderr
    assert "allowed here" in done.stdout
    assert "not verifiable from here: the repository policy of account 111122223333" in done.stdout
    own = ("--principal", _role("puller"), "--repository", REPOSITORY, "--both-sides")
    assert _run(local_cloud, *own).returncode == 0


def test_a_caller_without_permission_proves_nothing(local_cloud: LocalCloud) -> None:
    """Status 2, with the missing permission and the caller that lacks it."""
    given = local_cloud.client("sts", ACCOUNT).assume_role(RoleArn=_role("powerless"), RoleSessionName="test")[
        "Credentials"
    ]
    credentials = {
        "AWS_ACCESS_KEY_ID": given["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
        "AWS_SESSION_TOKEN": given["SessionToken"],
    }
    done = _run(local_cloud, "--principal", _role("puller"), "--repository", REPOSITORY, **credentials)
    assert done.returncode == 2, done.stdout
    assert f"{ACCOUNT}:assumed-role/powerless/test may not ecr:DescribeRepositories" in done.stdout
    assert given["SecretAccessKey"] not in done.stdout + done.stderr
    assert given["SessionToken"] not in done.stdout + done.stderr


def test_an_aws_that_is_not_reached_is_no_verdict(local_cloud: LocalCloud) -> None:
    """Status 2, in one line, without a traceback."""
    done = _run(local_cloud, "--repository", REPOSITORY, AWS_ENDPOINT_URL="https://127.0.0.1:9", AWS_MAX_ATTEMPTS="1")
    assert done.returncode == 2
    assert done.stderr.startswith("error: AWS could not be asked who you are: ")
    assert done.stderr.endswith("; see that this machine reaches AWS, or correct the Region [ECR-ACCESS-901]\n")
    assert done.stderr.count("\n") == 1
