"""The access check: from an event to the answer."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Final

from access_check import log, proof, report
from access_check.clients import Boto3Clients
from access_check.declared_policy import APP
from access_check.finding import Finding, Problem, Verdict
from access_check.judge import Judge
from access_check.principals import Kind
from access_check.propagation import settled
from access_check.protocol import Answer
from access_check.repositories import look_up, names_in, nearest
from access_check.request import TOKEN, Request, RequestError, parse
from access_check.retry import Patience, UndeterminedError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from access_check.arns import Repository
    from access_check.clients import Clients
    from access_check.declared_policy import DeclaredPolicy
    from access_check.principals import Principal
    from access_check.repositories import Looked
    from access_check.request import Requirement

_RESERVE: Final = 5.0
"""Seconds that are kept for writing the findings."""

_ROLE_IS_SEEN: Final = 60.0
"""Seconds after which the policies of the check's own role, made just before it, are believed to be seen."""

_ITSELF: Final = "the access check"
_EXISTS: Final = "EXISTS"
_TOKEN_ACTION: Final = "ecr:GetAuthorizationToken"  # noqa: S105 -- an action


def run(
    event: Mapping[str, object],
    context: object,
    left: Callable[[], float],
    *,
    clients: Clients | None = None,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
    jitter: Callable[[], float] = random.random,
) -> Answer:
    """Check all that an event asks for.

    Args:
        event: CloudFormation's, a Create or an Update.
        context: Lambda's.
        left: tells the seconds until somebody else will answer.
        clients: makes the AWS clients. Default: boto3's.
        clock: tells seconds. Default: the monotonic clock.
        sleep: waits so many seconds. Default: really.
        jitter: draws from 0 to 1. Default: at random.
    """
    try:
        request = parse(event, context)
    except RequestError as error:
        log.line(error=str(error))
        return Answer(succeeded=False, reason=str(error))
    started = clock()

    def within(seconds: float) -> Callable[[], float]:
        return lambda: started + seconds - clock()

    patience = Patience(
        left=lambda: left() - _RESERVE,
        settled_in=within(max(request.propagation, _ROLE_IS_SEEN)),
        sleep=sleep,
        jitter=jitter,
    )
    findings = _findings(request, clients or Boto3Clients(), patience, within(request.propagation))
    report.write(findings, seconds=clock() - started)
    message = report.message(findings, log_group=str(getattr(context, "log_group_name", "") or "of the check"))
    if message:
        return Answer(succeeded=False, reason=message)
    return Answer(succeeded=True, physical_id=proof.physical_id(request.digest))


def _findings(
    request: Request, clients: Clients, patience: Patience, propagating: Callable[[], float]
) -> list[Finding]:
    account = request.place.account
    findings = _token(clients, patience.share(1 / 4), request.place.region)
    with_repository = {one.principal for one in request.requirements if one.repository}
    requirements = [one for one in request.requirements if not _others_to_prove(one, request, with_repository)]
    used = dict.fromkeys(one.repository for one in requirements if one.repository)
    needed = dict.fromkeys([*request.existing, *(one.repository for one in request.declared)])
    _say_what_is_not_looked_up([one for one in needed if one.account != account], account)
    named = {**used, **needed}
    looked = look_up(clients, patience.share(1 / 2), [one for one in named if one.account == account])
    absence = _Absence(clients, request, [one for one in named if one not in looked.missing])
    findings += [
        Finding(APP, _EXISTS, one.arn, Verdict.DENIED, (absence(one),), missing=True)
        for one in needed
        if one in looked.missing and one not in used
    ]
    findings += [
        Finding(APP, _EXISTS, one.arn, Verdict.UNDETERMINED, (Problem(error.cause, error.fix),))
        for one, error in looked.unknown.items()
        if one not in used
    ]
    declared = [
        one for one in request.declared if _is_there(one.repository, looked) and one.repository.account == account
    ]
    asked: list[Requirement | DeclaredPolicy] = [*requirements, *declared]
    judge = Judge(clients, patience, account, looked, absence)
    return [*findings, *settled(judge.judge, asked, patience, propagating).values()]


def _is_there(repository: Repository, looked: Looked) -> bool:
    return repository not in looked.missing and repository not in looked.unknown


def _say_what_is_not_looked_up(repositories: Iterable[Repository], account: str) -> None:
    for one in repositories:
        log.line(unverified={"repository": one.arn, "cause": f"its registry cannot be seen from account {account}"})


def _token(clients: Clients, patience: Patience, region: str) -> list[Finding]:
    """Get a token, to see that ECR answers in this Region; it is thrown away unread."""
    try:
        patience.call(lambda: bool(clients.ecr(region).get_authorization_token()), action=_TOKEN_ACTION)
    except UndeterminedError as error:
        problem = Problem(error.cause, error.fix, (_TOKEN_ACTION,))
        return [Finding(_ITSELF, TOKEN, "", Verdict.UNDETERMINED, (problem,))]
    return []


def _others_to_prove(one: Requirement, request: Request, with_repository: Collection[Principal]) -> bool:
    """Whether a token is another account's to prove, while the repository side is proved here."""
    return (
        one.repository is None
        and one.principal.kind is Kind.IAM
        and one.principal.account != request.place.account
        and one.principal in with_repository
    )


class _Absence:
    """Words that a repository is missing, and which it may have been meant to be."""

    def __init__(self, clients: Clients, request: Request, present: list[Repository]) -> None:
        self._clients = clients
        self._existing = frozenset(request.existing)
        self._present = present
        self._listed: dict[str, list[str]] = {}

    def __call__(self, missing: Repository) -> Problem:
        where = f"no repository of that name in the registry of account {missing.account} in {missing.region}"
        close = [f'"{name}"' for name in nearest(missing.name, self._names(missing))]
        if close:
            return Problem(f"{where}; closest: {', '.join(close)}", "correct the name, or declare the repository")
        return Problem(where, "declare the repository, or correct its name, account or Region")

    def _names(self, missing: Repository) -> list[str]:
        known = [one.name for one in self._present if (one.region, one.account) == (missing.region, missing.account)]
        if missing not in self._existing:
            return known
        if missing.region not in self._listed:
            self._listed[missing.region] = names_in(self._clients, missing.region, missing.account)
        return [*known, *self._listed[missing.region]]
