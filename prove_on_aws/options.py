"""The command's options."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

EPILOG = (
    "exit status: 0 if no assumption is refuted, 1 if one is, 2 if nothing could be tried or something could not be "
    "removed, 130 after Ctrl-C, 143 after SIGTERM. The credentials need AdministratorAccess, or what the probes call."
)


@dataclass(frozen=True)
class Options:
    """What a person asks for."""

    yes: bool = False
    clean: bool = False
    page: bool = False
    only: tuple[str, ...] = ()
    profile: str | None = None
    region: str | None = None
    second_profile: str | None = None
    denied_by_scp: str | None = None
    denied_by_scp_under: str | None = None
    organization_path: str | None = None
    kms_key: str | None = None
    propagation: float = 60.0
    journal: Path = Path("prove-on-aws.journal")
    json: Path | None = None


def read_options(arguments: list[str] | None) -> Options:
    """Read the command line; exits with 2 where it is wrong."""
    return Options(**vars(_parser().parse_args(arguments)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m prove_on_aws",
        description="Try the assumptions of docs/assumptions.md in an AWS account, with resources that are removed.",
        epilog=EPILOG,
    )
    add = parser.add_argument
    add("--yes", action="store_true", help="do not ask before anything is made or removed")
    add("--clean", action="store_true", help="remove what earlier runs left behind, and try nothing")
    add("--page", action="store_true", help="print docs/assumptions.md, and try nothing")
    add("--only", type=_ids, default=(), metavar="ID[,ID]", help="try these assumptions, and others of their probes")
    add("--profile", help="AWS profile (default: the usual credentials)")
    add("--region", help="AWS Region (default: the profile's)")
    add("--second-profile", metavar="NAME", help="AWS profile of a second account, for calls between two")
    add("--denied-by-scp", metavar="ACTION", help="an action that a service control policy denies here, always")
    add(
        "--denied-by-scp-under",
        metavar="ACTION=KEY",
        help="an action that a service control policy denies here under a condition on a key, which real calls do not "
        "meet",
    )
    add("--organization-path", metavar="o-.../r-.../ou-.../", help="where the account is in its organization")
    add("--kms-key", metavar="ARN", help="a customer managed key, for a repository that is encrypted with it")
    add(
        "--propagation",
        type=float,
        default=60.0,
        metavar="SECONDS",
        help="how long something that is refused is tried again (default: %(default)s)",
    )
    add(
        "--journal",
        type=Path,
        default=Path("prove-on-aws.journal"),
        metavar="FILE",
        help="where the names of what is made are kept until it is removed (default: %(default)s)",
    )
    add("--json", type=Path, metavar="FILE", help="write the outcomes there too")
    return parser


def _ids(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.split(",") if one.strip())
