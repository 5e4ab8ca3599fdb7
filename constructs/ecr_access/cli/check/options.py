"""What the command line asks for."""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass
from typing import Final

from ecr_access.cli.console import Parser, write_errors
from ecr_access.codes import Code
from ecr_access.iam.actions import AccessLevel

PROG: Final = "ecr-access check"
_SECONDS: Final = (0, 900)
_TIMEOUT: Final = 60.0

_EPILOG: Final = f"""\
examples:
  {PROG} --repository team/web
  {PROG} --principal arn:aws:iam::111122223333:role/ci --repository team/web --push --json
  {PROG} --stack Images
  {PROG} --all-stacks --json

exit status: 0 all is allowed; 1 something is denied; 2 something could not be determined, or nothing was asked at all,
because an argument is wrong, there are no credentials, or the check of a stack gave no answer. "allowed here" is 0, or
2 with --both-sides: across accounts both sides must allow it, and your credentials do not show the other account's.

The caller needs ecr:DescribeRepositories and ecr:GetRepositoryPolicy on the repositories, and
iam:SimulatePrincipalPolicy on the principals. Only principals of the caller's own account can be simulated.

With --stack or --all-stacks the deployed function proves what its stack requires, with its own permissions. The caller
needs lambda:InvokeFunction on it, and cloudformation:DescribeStacks, GetTemplate, ListStackResources and ListExports.

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
    stacks: tuple[str, ...] = ()
    all_stacks: bool = False

    @property
    def is_of_stacks(self) -> bool:
        """Whether the deployed checks of stacks are asked."""
        return self.all_stacks or bool(self.stacks)


def parse(arguments: list[str] | None) -> Options:
    """Read the arguments.

    Raises:
        SystemExit: with status 2 if one is wrong, or some make no sense together, after saying which; with 0 after
            ``--help``.
    """
    given = _parser().read(arguments)
    if wrong := _contradictions(given):
        raise SystemExit(write_errors([Code.NOT_CHECKED.ends(wrong)], as_json=given.json))
    return Options(
        principals=tuple(given.principal or ()),
        repositories=tuple(given.repository or ()),
        level=given.level or AccessLevel.PULL,
        profile=given.profile,
        region=given.region,
        wait=given.wait or 0.0,
        timeout=_TIMEOUT if given.timeout is None else given.timeout,
        both_sides=given.both_sides,
        as_json=given.json,
        stacks=tuple(dict.fromkeys(given.stack or ())),
        all_stacks=given.all_stacks,
    )


def _contradictions(given: argparse.Namespace) -> str:
    """Say which options make no sense together, or that one is missing; empty if all is well."""
    of_stacks = [name for name, value in (("--stack", given.stack), ("--all-stacks", given.all_stacks)) if value]
    if not of_stacks:
        missing = "name what to check: --repository NAME, or --stack NAME, or --all-stacks"
        return "" if given.repository else missing
    if len(of_stacks) > 1:
        return "--stack with --all-stacks: leave one out"
    others = [
        *(name for name in ("principal", "repository", "wait", "timeout") if getattr(given, name) is not None),
        *([given.level.value.lower().replace("_", "-")] if given.level else []),
    ]
    if not others:
        return ""
    refused = ", ".join(f"--{one}" for one in others)
    return f"{refused} with {of_stacks[0]}: a stack's check proves what the stack requires; leave out {refused}"


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
        metavar="NAME",
        help="a repository's name, ARN or URI; may be repeated",
    )
    parser.add_argument(
        "--stack", action="append", metavar="STACK", help="ask the deployed check of this stack; may be repeated"
    )
    parser.add_argument(
        "--all-stacks", action="store_true", help="ask the deployed checks of all stacks of the account and Region"
    )
    levels = parser.add_mutually_exclusive_group()
    for level, words in (
        (AccessLevel.PULL, "pull images (default)"),
        (AccessLevel.PUSH, "push images"),
        (AccessLevel.PULL_PUSH, "both"),
        (AccessLevel.READ, "describe repositories and images, which takes no token"),
    ):
        flag = f"--{level.value.lower().replace('_', '-')}"
        levels.add_argument(flag, dest="level", action="store_const", const=level, help=words)
    parser.add_argument("--profile", metavar="NAME", help="a profile of the AWS configuration (default: AWS_PROFILE)")
    parser.add_argument(
        "--region", metavar="REGION", help="of stacks, and of repositories named by name (default: AWS_REGION)"
    )
    parser.add_argument(
        "--wait",
        type=_seconds,
        metavar="SECONDS",
        help="how long a denial may be due to a change that AWS has not spread yet (default: 0)",
    )
    parser.add_argument(
        "--timeout", type=_seconds, metavar="SECONDS", help=f"when to give up (default: {_TIMEOUT:.0f})"
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
