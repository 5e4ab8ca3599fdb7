"""What the command line asks for."""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass
from typing import Final

from ecr_access.cli.console import Parser
from ecr_access.iam.actions import AccessLevel

PROG: Final = "ecr-access check"
_SECONDS: Final = (0, 900)

_EPILOG: Final = f"""\
examples:
  {PROG} --repository team/web
  {PROG} --principal arn:aws:iam::111122223333:role/ci --repository team/web --push --json

exit status: 0 all is allowed; 1 something is denied; 2 something could not be determined, or nothing was asked at all,
because an argument is wrong or there are no credentials. "allowed here" is 0, or 2 with --both-sides: across accounts
both sides must allow it, and the other account's is not seen with your credentials.

The caller needs ecr:DescribeRepositories and ecr:GetRepositoryPolicy on the repositories, and
iam:SimulatePrincipalPolicy on the principals. Only principals of the caller's own account can be simulated.

ecr-access diagnose "TEXT" explains an error that docker, the AWS CLI or a build printed.
"""


@dataclass(frozen=True)
class Options:
    """The options, each as given."""

    principals: tuple[str, ...]
    repositories: tuple[str, ...]
    level: AccessLevel
    profile: str | None
    region: str | None
    wait: float
    timeout: float
    both_sides: bool
    as_json: bool


def parse(arguments: list[str] | None) -> Options:
    """Read the arguments.

    Raises:
        SystemExit: with status 2 if one is wrong, after saying which; with 0 after ``--help``.
    """
    given = _parser().read(arguments)
    return Options(
        principals=tuple(given.principal or ()),
        repositories=tuple(given.repository),
        level=given.level,
        profile=given.profile,
        region=given.region,
        wait=given.wait,
        timeout=given.timeout,
        both_sides=given.both_sides,
        as_json=given.json,
    )


def _parser() -> Parser:
    parser = Parser(
        prog=PROG,
        description="Tell whether principals can sign in to Amazon ECR and pull from, or push to, repositories.",
        epilog=_EPILOG,
    )
    parser.add_argument(
        "--principal", action="append", metavar="ARN", help="a role, user or group; may be repeated (default: you)"
    )
    parser.add_argument(
        "--repository",
        action="append",
        required=True,
        metavar="NAME",
        help="a repository's name, ARN or URI; may be repeated",
    )
    levels = parser.add_mutually_exclusive_group()
    for level, words in (
        (AccessLevel.PULL, "pull images (default)"),
        (AccessLevel.PUSH, "push images"),
        (AccessLevel.PULL_PUSH, "both"),
        (AccessLevel.READ, "describe repositories and images, which takes no token"),
    ):
        flag = f"--{level.value.lower().replace('_', '-')}"
        levels.add_argument(flag, dest="level", action="store_const", const=level, default=AccessLevel.PULL, help=words)
    parser.add_argument("--profile", metavar="NAME", help="a profile of the AWS configuration (default: AWS_PROFILE)")
    parser.add_argument("--region", metavar="REGION", help="where repositories named by name are (default: AWS_REGION)")
    parser.add_argument(
        "--wait",
        type=_seconds,
        default=0.0,
        metavar="SECONDS",
        help="how long a denial may be due to a change that AWS has not spread yet (default: 0)",
    )
    parser.add_argument(
        "--timeout", type=_seconds, default=60.0, metavar="SECONDS", help="when to give up (default: 60)"
    )
    parser.add_argument(
        "--both-sides", action="store_true", help='make the exit status 2 where it is only "allowed here"'
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


def _seconds(text: str) -> float:
    low, high = _SECONDS
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not low <= seconds <= high:
        raise argparse.ArgumentTypeError(f"got {text!r}, allowed is a number of seconds from {low} to {high}")
    return seconds
