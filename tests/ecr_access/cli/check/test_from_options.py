"""From words on a command line to the requirements that the deployed function would get."""

from __future__ import annotations

import pytest

from ecr_access.cli.check import options
from ecr_access.cli.check.caller import role_of
from ecr_access.cli.check.errors import NotCheckedError
from ecr_access.cli.check.from_options import request_of
from ecr_access.iam.actions import TOKEN_ACTION, AccessLevel
from ecr_access.iam.arns import Registry

ACCOUNT, REGION = "111122223333", "eu-west-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/build"
PLACE = Registry("aws", REGION, ACCOUNT)
WEB = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/team/web"
ELSEWHERE = "arn:aws-cn:ecr:cn-north-1:444455556666:repository/team/web"


def _asked(*arguments: str, caller: str = ROLE) -> list[tuple[str, str, str]]:
    request = request_of(options.parse([*arguments]), caller=caller, place=PLACE)
    return [
        (one.principal.name, one.access, one.repository.arn if one.repository else "") for one in request.requirements
    ]


@pytest.mark.parametrize(
    ("given", "arn"),
    [
        ("team/web", WEB),
        (WEB, WEB),
        (ELSEWHERE, ELSEWHERE),
        (f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/team/web", WEB),
        (f"https://{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/team/web:1.0", WEB),
        (f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/team/web@sha256:0a", WEB),
        (f"{ACCOUNT}.dkr-ecr.{REGION}.on.aws/team/web", WEB),
        (f"{ACCOUNT}.dkr.ecr-fips.{REGION}.amazonaws.com/team/web", WEB),
    ],
)
def test_a_repository_is_named_as_people_do(given: str, arn: str) -> None:
    """By its name in the caller's registry, its ARN, or what they gave to docker."""
    assert _asked("--repository", given) == [(ROLE, "TOKEN", ""), (ROLE, "PULL", arn)]


@pytest.mark.parametrize("level", [AccessLevel.PULL, AccessLevel.PUSH, AccessLevel.PULL_PUSH, AccessLevel.READ])
def test_a_level_asks_for_what_it_requires(level: AccessLevel) -> None:
    """The same actions as the deployed check proves, and the token where the level needs one."""
    flag = f"--{level.value.lower().replace('_', '-')}"
    request = request_of(options.parse(["--repository", "web", flag]), caller=ROLE, place=PLACE)
    assert {one.access: one.actions for one in request.requirements} == {
        **({"TOKEN": (TOKEN_ACTION,)} if level.needs_token else {}),
        level.value: level.required_actions,
    }


def test_every_principal_is_asked_about_with_every_repository() -> None:
    """The same one is not asked about twice."""
    other = f"arn:aws:iam::{ACCOUNT}:user/ann"
    asked = _asked("--principal", ROLE, "--principal", other, *["--repository", "a1", "--repository", "b1"] * 2)
    assert len(asked) == len(set(asked)) == 6
    assert {one[0] for one in asked} == {ROLE, other}


def test_a_principal_that_is_named_is_not_joined_by_the_caller() -> None:
    """The caller is checked only if no principal is named."""
    other = f"arn:aws:iam::{ACCOUNT}:user/ann"
    assert {one[0] for one in _asked("--principal", other, "--repository", "web")} == {other}


def test_a_session_stands_for_its_role() -> None:
    """Error texts and GetCallerIdentity name the session."""
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/build/run-7"
    assert role_of(session) == ROLE
    assert {one[0] for one in _asked("--repository", "web", caller=session)} == {ROLE}


def test_all_that_is_wrong_is_said_at_once() -> None:
    """With the value, what is allowed, and a better name."""
    with pytest.raises(NotCheckedError) as caught:
        _asked("--principal", "build", "--principal", ACCOUNT, "--repository", "Web", "--repository", "arn:aws:s3:::b")
    words = str(caught.value)
    for part in ("got 'build'", f"got '{ACCOUNT}'", "got 'Web'", "try 'web'", "'arn:aws:s3:::b'", "repository/NAME"):
        assert part in words


@pytest.mark.parametrize("caller", [f"arn:aws:iam::{ACCOUNT}:root", f"arn:aws:sts::{ACCOUNT}:federated-user/ann"])
def test_a_caller_that_cannot_be_simulated_must_name_a_principal(caller: str) -> None:
    """No policy is attached to a root user, and a federated user has none of its own."""
    with pytest.raises(NotCheckedError, match=rf"^you are {caller}, .*--principal ARN .ECR-ACCESS-901.$"):
        _asked("--repository", "web", caller=caller)
    assert _asked("--repository", "web", "--principal", ROLE, caller=caller)
