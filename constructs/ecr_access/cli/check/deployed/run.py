"""Asks the deployed checks of several stacks, a few at a time."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from ecr_access.check.aws.parallel import each
from ecr_access.cli.check.deployed.answers import answer_to
from ecr_access.cli.check.deployed.clients import WORKERS, Clients
from ecr_access.cli.check.deployed.errors import StackError
from ecr_access.cli.check.deployed.properties import asked_of
from ecr_access.cli.check.deployed.stacks import CHECK, Stack, Stacks
from ecr_access.cli.progress import Progress
from ecr_access.codes import Code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ecr_access.check.aws.errors import UndeterminedError
    from ecr_access.check.finding import Finding
    from ecr_access.cli.check.caller import Caller
    from ecr_access.cli.check.deployed.stacks import Resource

Found = TypeVar("Found")


class Result(NamedTuple):
    """What is known of one stack: findings, status, repositories that cannot be seen, or why nothing is known."""

    stack: str
    findings: tuple[Finding, ...] = ()
    unseen: tuple[str, ...] = ()
    failure: str = ""
    status: str = ""


def results_of(names: Sequence[str], caller: Caller) -> list[Result]:
    """Ask the checks of some stacks, each by its name or id."""
    run = _Run(caller)

    def result(name: str) -> Result:
        stack = run.stacks.named(name)
        return run.result(stack, run.stacks.resources(stack))

    return [_known(name, one) for name, one in run.over(names, result, "asked").items()]


def results_of_all(caller: Caller) -> list[Result]:
    """Ask the checks of all stacks of the account in the Region that have one.

    Raises:
        StackError: if the stacks cannot be listed, or none has a check.
    """
    run = _Run(caller)
    stacks = {one.id: one for one in run.listed()}
    read = run.over(stacks, lambda key: run.stacks.resources(stacks[key]), "read")
    unread = [_known(stacks[key].name, one) for key, one in read.items() if not isinstance(one, list)]
    checked = {key: one for key, one in read.items() if isinstance(one, list) and any(map(_is_check, one))}
    if not (checked or unread):
        place = f"account {caller.place.account} in {caller.place.region}"
        raise StackError(
            Code.STACK_WITHOUT_CHECK,
            f"no stack of {place} has a resource {CHECK}, of {len(stacks)} that were read; see --region and --profile",
        )
    answered = run.over(checked, lambda key: run.result(stacks[key], checked[key]), "asked")
    return [*(_known(stacks[key].name, one) for key, one in answered.items()), *unread]


class _Run:
    """The clients, and how far it is."""

    def __init__(self, caller: Caller) -> None:
        self._clients = Clients(caller)
        self._progress = Progress()
        self.stacks = Stacks(self._clients)

    def listed(self) -> Iterator[Stack]:
        for number, stack in enumerate(self.stacks.every(), start=1):
            self._progress(f"listed {number} stacks")
            yield stack

    def over(
        self, items: Iterable[str], do: Callable[[str], Found], done: str
    ) -> dict[str, Found | StackError | UndeterminedError]:
        """Do something with each; what keeps one from being done is its result."""
        listed = [*items]
        finished: list[str] = []

        def attempt(item: str) -> Found | StackError:
            try:
                return do(item)
            except StackError as error:
                return error
            finally:
                finished.append(item)
                self._progress(f"{done} {len(finished)} of {len(listed)} stacks")

        return {**each(attempt, listed, left=lambda: threading.TIMEOUT_MAX, workers=WORKERS)}

    def result(self, stack: Stack, resources: Sequence[Resource]) -> Result:
        """Ask the checks of a stack.

        Raises:
            StackError: if there is none, or it gives no answer.
        """
        answers = [answer_to(one, self._clients) for one in asked_of(stack, self.stacks, resources)]
        return Result(
            stack.name,
            tuple(finding for one in answers for finding in one.findings),
            tuple(dict.fromkeys(arn for one in answers for arn in one.unseen)),
            status=stack.status,
        )


def _is_check(resource: Resource) -> bool:
    return resource.type == CHECK


def _known(name: str, found: object) -> Result:
    """Return a result; of what was not foreseen, that it is not known."""
    if isinstance(found, Result):
        return found
    text = str(found) if isinstance(found, StackError) else Code.COMMAND_FAILED.ends(f"stack {name}: {found}")
    return Result(name, failure=text)
