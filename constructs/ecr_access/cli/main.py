"""The command ``ecr-access``: finds the command that is named, and imports that one alone."""

from __future__ import annotations

import sys
from importlib import import_module, metadata
from typing import TYPE_CHECKING, Final, NamedTuple

from ecr_access.wording import did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

WRONG: Final = 2
"""The exit status of a wrong command, as argparse has it."""


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
    "manifest": Command("ecr_access.cli.manifest", "validate a manifest of repositories"),
    "local": Command("ecr_access.cli.local", "run a command against an embedded AWS on this machine"),
    "completion": Command("ecr_access.cli.completion", "print what completes this command in bash, zsh or fish"),
}
_LIST: Final = "\n".join(f"  {name:<12}{command.summary}" for name, command in COMMANDS.items())
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
  ecr-access manifest validate images.yaml
  ecr-access local -- cdk deploy --all --require-approval never
  ecr-access completion fish > ~/.config/fish/completions/ecr-access.fish

ecr-access COMMAND --help shows the options and the exit statuses of a command.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that the first argument names; return its exit status: 2 if there is no such command."""
    given = [*(sys.argv[1:] if arguments is None else arguments)]
    name = given[0] if given else ""
    if name in COMMANDS:
        return _run(name, given[1:])
    if name in ("-h", "--help"):
        sys.stdout.write(_HELP)
        return 0
    if name == "--version":
        sys.stdout.write(f"ecr-access {metadata.version('ecr-access')}\n")
        return 0
    wrong = f"no command {quoted(name)}" if name else "no command is named"
    near = did_you_mean(name, COMMANDS) if name else ""
    sys.stderr.write(f"error: {wrong}; allowed: {', '.join(COMMANDS)}{near}\n")
    return WRONG


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
    return _run(name, given)


def _run(name: str, arguments: list[str]) -> int:
    command: Callable[[list[str]], int] = import_module(COMMANDS[name].module).main
    return command(arguments)
