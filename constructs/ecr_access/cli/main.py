"""The command ``ecr-access``: finds the command that is named, and imports that one alone."""

from __future__ import annotations

import io
import os
import sys
import traceback
from importlib import import_module, metadata
from typing import TYPE_CHECKING, Final, NamedTuple, TextIO

from ecr_access.cli.console import is_json_wanted, write_errors
from ecr_access.cli.statuses import CLOSED, DONE, FAILED, INTERRUPTED, STATUSES
from ecr_access.codes import Code
from ecr_access.wording import did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_TRACE: Final = "ECR_ACCESS_TRACE"
"""The environment variable that asks for the trace of an error of ours."""


class Command(NamedTuple):
    """One command: the module whose ``main`` runs it, and what it does."""

    module: str
    summary: str


COMMANDS: Final = {
    "init": Command("ecr_access.cli.init.command", "write a small app into an empty folder"),
    "check": Command("ecr_access.cli.check.command", "prove that a principal can pull from or push to a repository"),
    "diagnose": Command("ecr_access.cli.diagnose", "explain an error of docker, the AWS CLI, a build or a service"),
    "explain": Command("ecr_access.cli.explain.command", "explain the code that an error ends with"),
    "rules": Command("ecr_access.cli.rules.command", "find errors of access in templates, before they are deployed"),
    "migrate": Command(
        "ecr_access.cli.migrate.command", "tell what a changed template does to repositories and access"
    ),
    "manifest": Command("ecr_access.cli.manifest.command", "validate manifests of repositories, explain and move them"),
    "local": Command("ecr_access.cli.local", "run a command against an embedded AWS on this machine"),
    "completion": Command("ecr_access.cli.completion", "print what completes this command in bash, zsh or fish"),
}
_LIST: Final = "\n".join(f"  {name:<12}{command.summary}" for name, command in COMMANDS.items())
_MEANINGS: Final = "\n".join(f"  {status:<5}{meaning}" for status, meaning in STATUSES.items())
_HELP: Final = f"""\
usage: ecr-access [--help] [--version] COMMAND ...

Proves, checks and explains access to Amazon ECR repositories.

commands:
{_LIST}

examples:
  ecr-access init images
  ecr-access check --principal arn:aws:iam::111122223333:role/ci --repository team/web --push
  docker push IMAGE 2>&1 | ecr-access diagnose
  ecr-access explain ECR-ACCESS-403
  ecr-access rules cdk.out
  ecr-access migrate cdk.out.before cdk.out
  ecr-access manifest validate images.yaml
  ecr-access manifest explain team/web
  ecr-access local -- cdk deploy --all --require-approval never
  ecr-access completion fish > ~/.config/fish/completions/ecr-access.fish

exit statuses:
{_MEANINGS}

ecr-access COMMAND --help shows the options of a command, and what its exit statuses mean. Colours are for terminals
alone, and NO_COLOR=1 turns them off. With --json, errors too are JSON, on standard output.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that the first argument names; return its exit status, one of ``statuses.STATUSES``."""
    return _guarded(_run, [*(sys.argv[1:] if arguments is None else arguments)])


def former(module: str, name: str) -> int:
    """Run a command by the name of the module that it had; say the new name on standard error.

    Args:
        module: the module's dotted name: ``cdk_ecr_access.check``.
        name: the command.
    """
    given = sys.argv[1:]
    if name == "check" and "diagnose" in given[:2]:
        given.remove("diagnose")
        name = "diagnose"
    sys.stderr.write(f"note: python -m {module} is now: ecr-access {name}\n")
    return _guarded(_run, [name, *given])


def _run(given: list[str]) -> int:
    name = given[0] if given else ""
    if name in COMMANDS:
        command: Callable[[list[str]], int] = import_module(COMMANDS[name].module).main
        return command(given[1:])
    if name in ("-h", "--help"):
        sys.stdout.write(_HELP)
        return DONE
    if name == "--version":
        sys.stdout.write(f"ecr-access {metadata.version('ecr-access')}\n")
        return DONE
    wrong = f"no command {quoted(name)}" if name else "no command is named"
    near = did_you_mean(name, COMMANDS) if name else ""
    return write_errors([f"{wrong}; allowed: {', '.join(COMMANDS)}{near}"], as_json=is_json_wanted(given))


def _guarded(run: Callable[[list[str]], int], given: list[str]) -> int:
    """Run a command so that nothing ends in a trace."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # whatever the terminal's encoding
    try:
        try:
            return run(given)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        _let_go()
        return CLOSED
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 -- an error of ours is no verdict, and a trace is no message
        if os.environ.get(_TRACE):
            traceback.print_exception(error)
        what = f"ecr-access itself failed: {type(error).__name__}: {error}"
        report = Code.COMMAND_FAILED.ends(f"{what}; report it, with the trace that {_TRACE}=1 prints")
        return write_errors([report], as_json=is_json_wanted(given), status=FAILED)


def _let_go() -> None:
    """Drop what is left for a stream without a reader: Python would write it at its end, and fail once more."""
    for stream in (sys.stdout, sys.stderr):
        if _is_broken(stream):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _is_broken(stream: TextIO) -> bool:
    try:
        stream.flush()
    except BrokenPipeError:
        return True
    return False
