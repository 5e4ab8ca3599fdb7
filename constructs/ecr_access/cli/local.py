"""Run a command against a fresh local cloud: ``ecr-access local -- COMMAND ARGUMENTS``."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Final

from ecr_access.cli.console import Parser
from ecr_access.cli.statuses import FAILED
from ecr_access.codes import Code
from ecr_access.local_cloud.cloud import LocalCloud
from ecr_access.local_cloud.environment import (
    DEFAULT_ACCOUNT,
    DEFAULT_REGION,
    account_error,
    base_environment,
    region_error,
)
from ecr_access.local_cloud.errors import LocalCloudError
from ecr_access.local_cloud.signals import INTERRUPTED, unwinding_signals
from ecr_access.local_cloud.tools import require_cdk, require_packages

if TYPE_CHECKING:
    import argparse

_EPILOG: Final = f"""\
examples:
  ecr-access local -- cdk deploy --all --require-approval never
  ecr-access local --no-bootstrap -- env STAGE=test pytest

exit status: the command's own; {FAILED} if the local cloud failed, or did not start; {INTERRUPTED} after Ctrl-C.
"""


def main(arguments: list[str] | None = None) -> int:
    """Run the command, return its exit code."""
    options = _parser().read(arguments)
    try:
        with unwinding_signals():
            return _run(options)
    except LocalCloudError as error:
        _tell(f"error: {error}")
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED


def _run(options: argparse.Namespace) -> int:
    if problem := account_error(options.account) or region_error(options.region):
        raise LocalCloudError(Code.LOCAL_OPTION.ends(problem))
    require_packages()
    if options.bootstrap:
        require_cdk(base_environment(os.environ))
    begin = time.monotonic()
    _tell("starting")
    with LocalCloud(port=options.port, region=options.region) as cloud:
        if options.bootstrap:
            _tell(f"{cloud.endpoint} answers; preparing account {options.account} for cdk deploy")
            cloud.bootstrap(options.account)
        _tell(f"ready at {cloud.endpoint} after {time.monotonic() - begin:.1f} s")
        # A terminal goes to the command, so that a shell or a question of the CLI works.
        code = cloud.run(options.command, account=options.account, stdin=sys.stdin, foreground=_has_terminal())
    _tell("stopped")
    return code


def _has_terminal() -> bool:
    """Return whether standard input is a terminal and ours: one of a shell that put us in the background is not."""
    return sys.stdin.isatty() and os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()


def _parser() -> Parser:
    parser = Parser(
        prog="ecr-access local",
        usage="%(prog)s [options] -- COMMAND [ARGUMENT ...]",
        description="Run a command against a fresh embedded AWS on loopback and exit with its code. "
        "The command gets no variable of your environment but PATH, HOME, locale and the like; "
        "to give it one, use env: -- env STAGE=test cdk deploy",
        epilog=_EPILOG,
    )
    parser.add_argument("--port", type=int, help="port on 127.0.0.1 (default: a free one)")
    parser.add_argument("--region", default=DEFAULT_REGION, help="AWS Region (default: %(default)s)")
    parser.add_argument("--account", default=DEFAULT_ACCOUNT, help="12 digits (default: %(default)s)")
    parser.add_argument(
        "--no-bootstrap",
        dest="bootstrap",
        action="store_false",
        help="skip cdk bootstrap (5 s) where the command does not run cdk deploy",
    )
    parser.add_argument("command", nargs="+", metavar="COMMAND", help="the program and its arguments, after --")
    return parser


def _tell(message: str) -> None:
    sys.stderr.write(f"local cloud: {message}\n")
    sys.stderr.flush()
