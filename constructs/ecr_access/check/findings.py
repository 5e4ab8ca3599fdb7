"""From a request to findings: what exists, what is required, what is declared."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from ecr_access.check.aws.errors import UndeterminedError
from ecr_access.check.aws.parallel import each
from ecr_access.check.evaluation import Judge
from ecr_access.check.finding import Explanation, Finding, Verdict
from ecr_access.check.images.judge import Images
from ecr_access.check.misplaced_token import with_misplaced_tokens
from ecr_access.check.missing_repository import Absence
from ecr_access.check.outline import TOKEN
from ecr_access.check.policy_drift import APP
from ecr_access.check.propagation import settled
from ecr_access.check.repository_lookup import look_up
from ecr_access.check.request import EXISTS
from ecr_access.check.simulator_decisions import REPORT
from ecr_access.iam.principals import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from ecr_access.check.aws.clients import Clients
    from ecr_access.check.aws.retry import RetryBudget
    from ecr_access.check.policy_drift import DeclaredPolicy
    from ecr_access.check.repository_lookup import Looked
    from ecr_access.check.request import Request, Requirement
    from ecr_access.iam.arns import Repository
    from ecr_access.iam.principals import Principal

_ITSELF: Final = "the access check"
_TOKEN_ACTION: Final = "ecr:GetAuthorizationToken"  # noqa: S105 -- an action


class Check:
    """One run of the check.

    Attributes:
        endpoint: where the token that the check itself got is for; empty if it got none.
        unseen: the repositories that cannot be looked up from here.
    """

    def __init__(self, request: Request, clients: Clients, budget: RetryBudget, *, workers: int) -> None:
        self._request = request
        self._clients = clients
        self._budget = budget
        self._workers = workers
        self.endpoint = ""
        needed = dict.fromkeys([*request.existing, *(one.repository for one in request.declared)])
        self._needed = list(needed)
        self.unseen = [one for one in needed if one.account != request.place.account]

    def sign_in(self) -> list[Finding]:
        """Get a token, to see that ECR answers in this Region; it is thrown away unread."""
        budget = self._budget.share(1 / 4)
        region = self._request.place.region
        get = partial(_endpoint_of_a_token, self._clients, budget)
        found = each(get, [region], left=budget.left, workers=1)[region]
        if isinstance(found, UndeterminedError):
            problem = Explanation(found.cause, found.fix, (_TOKEN_ACTION,))
            return [Finding(_ITSELF, TOKEN, "", Verdict.UNDETERMINED, (problem,))]
        self.endpoint = found
        return []

    def findings(self, propagating: Callable[[], float]) -> list[Finding]:
        """Find out what is required; ``propagating`` tells the seconds until a denial is believed."""
        request, account = self._request, self._request.place.account
        with_repository = {one.principal for one in request.requirements if one.repository}
        requirements = [one for one in request.requirements if not self._others_to_prove(one, with_repository)]
        required = [one.repository for one in requirements if one.repository]
        used = dict.fromkeys([*required, *(one.repository for one in request.images)])
        named = [
            one
            for one in dict.fromkeys([*used, *self._needed])
            if one.account == account and one not in request.read_elsewhere
        ]
        looked = look_up(self._clients, self._budget.share(1 / 2), named, workers=self._workers)
        absence = Absence(
            self._clients, self._budget, request.existing, [one for one in named if one not in looked.missing]
        )
        images = Images(self._clients, self._budget, account, absence, workers=self._workers)
        findings = [
            *self._existence(looked, absence, used),
            *images.findings(request.images, looked),
        ]
        declared = [
            one for one in request.declared if _is_there(one.repository, looked) and one.repository.account == account
        ]
        judge = Judge(
            self._clients,
            self._budget,
            request.place,
            looked,
            absence,
            declared_statements=request.declared_statements,
            read_elsewhere=request.read_elsewhere,
            workers=self._workers,
        )
        asked: list[Requirement | DeclaredPolicy] = [*requirements, *declared]
        judged = settled(judge.judge, asked, self._budget, propagating)
        return [*findings, *with_misplaced_tokens(judged, self._clients, self._budget, workers=self._workers)]

    def _existence(self, looked: Looked, absence: Absence, used: Collection[Repository]) -> list[Finding]:
        """Tell which repositories that nothing else speaks of are missing, or could not be looked up."""
        missing = [one for one in self._needed if one in looked.missing and one not in used]
        unknown = [(one, error) for one, error in looked.unknown.items() if one not in used]
        return [
            *(Finding(APP, EXISTS, one.arn, Verdict.DENIED, (absence(one),), missing=True) for one in missing),
            *(
                Finding(APP, EXISTS, one.arn, Verdict.UNDETERMINED, (Explanation(error.cause, error.fix),))
                for one, error in unknown
            ),
        ]

    def _others_to_prove(self, one: Requirement, with_repository: Collection[Principal]) -> bool:
        """Whether a token is another account's to prove, while the repository side is proved here."""
        return (
            one.repository is None
            and one.principal.kind is Kind.IAM_IDENTITY
            and one.principal.account != self._request.place.account
            and one.principal in with_repository
        )


def _endpoint_of_a_token(clients: Clients, budget: RetryBudget, region: str) -> str:
    """Get a token; return the endpoint that it is for, empty if ECR does not say.

    Raises:
        UndeterminedError: if there is no answer, or no token in it.
    """
    answer = budget.call(lambda: clients.ecr(region).get_authorization_token(), action=_TOKEN_ACTION)
    data = answer.get("authorizationData") if isinstance(answer, dict) else None
    for one in data if isinstance(data, list) else ():
        if isinstance(one, dict) and one.get("authorizationToken"):
            endpoint = one.get("proxyEndpoint")
            return endpoint if isinstance(endpoint, str) else ""
    raise UndeterminedError(f"the answer of {_TOKEN_ACTION} has no token", REPORT)


def _is_there(repository: Repository, looked: Looked) -> bool:
    return repository not in looked.missing and repository not in looked.unknown
