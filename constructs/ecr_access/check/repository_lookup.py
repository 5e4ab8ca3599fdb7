"""Looks repositories up, and reads their policies, in as few calls as it takes."""

from __future__ import annotations

import contextlib
import difflib
import heapq
from dataclasses import dataclass, field
from functools import partial, reduce
from operator import or_
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from ecr_access.check.aws.errors import GARBLED, UndeterminedError, UnreadableError, code_of
from ecr_access.check.aws.parallel import each
from ecr_access.check.aws.rates import DESCRIBED_AT_ONCE
from ecr_access.iam.repository_policy import PolicyError, RepositoryPolicy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ecr_access.check.aws.clients import Clients, Response
    from ecr_access.check.aws.retry import RetryBudget
    from ecr_access.iam.arns import Repository

_DESCRIBE: Final = "ecr:DescribeRepositories"
_NOT_FOUND: Final = "RepositoryNotFoundException"
_NO_POLICY: Final = "RepositoryPolicyNotFoundException"
_REFUSED: Final = frozenset({"AccessDeniedException"})
_PUT_A_VALID_ONE: Final = "put a valid repository policy"
_PAGES: Final = 10
_SUGGESTIONS: Final = 3
_COMPARED: Final = 1000
"""Names that are compared by their spelling, which takes a tenth of a millisecond each."""


@dataclass(frozen=True)
class Looked:
    """What a look at the registries showed: which repositories are missing, which could not be looked up."""

    missing: frozenset[Repository] = frozenset()
    unknown: dict[Repository, UndeterminedError] = field(default_factory=dict)

    def __or__(self, other: Looked) -> Looked:
        """Join two looks."""
        return Looked(self.missing | other.missing, self.unknown | other.unknown)


def look_up(clients: Clients, budget: RetryBudget, repositories: Iterable[Repository], *, workers: int) -> Looked:
    """Look repositories up, one call for each hundred of a Region if all are there."""
    regions: dict[str, list[Repository]] = {}
    for repository in dict.fromkeys(repositories):
        regions.setdefault(repository.region, []).append(repository)
    batches = [
        tuple(found[start : start + DESCRIBED_AT_ONCE])
        for found in regions.values()
        for start in range(0, len(found), DESCRIBED_AT_ONCE)
    ]
    looked = Looked()
    looks = each(partial(_look, clients, budget), batches, left=budget.left, workers=workers)
    for batch, found in looks.items():
        looked |= Looked(unknown=dict.fromkeys(batch, found)) if isinstance(found, UndeterminedError) else found
    return looked


def _look(clients: Clients, budget: RetryBudget, batch: Sequence[Repository]) -> Looked:
    """Find the missing ones by halves: the error does not say reliably which of many it means."""
    try:
        named = _described(clients, budget, batch)
    except ClientError:
        if len(batch) == 1:
            return Looked(frozenset(batch))
        half = len(batch) // 2
        return _look(clients, budget, batch[:half]) | _look(clients, budget, batch[half:])
    except UndeterminedError as error:
        return Looked(unknown=dict.fromkeys(batch, error))
    unnamed = [one for one in batch if one.name not in named]
    if len(batch) > 1:
        # AWS names all that it is asked for, or fails: whatever was left out is asked for alone.
        return reduce(or_, (_look(clients, budget, [one]) for one in unnamed), Looked())
    unsaid = UndeterminedError(f"the answer to {_DESCRIBE} on {batch[0].arn} names no repository", GARBLED)
    return Looked(unknown=dict.fromkeys(unnamed, unsaid))


def _described(clients: Clients, budget: RetryBudget, batch: Sequence[Repository]) -> list[str]:
    """Name the repositories of a batch that exist.

    Raises:
        ClientError: one of them is missing.
        UndeterminedError: there was no answer, or none that can be read.
    """
    first = batch[0]
    request = {"registryId": first.account, "repositoryNames": [one.name for one in batch]}
    return budget.call(
        lambda: _names(clients.ecr(first.region).describe_repositories(**request)),
        action=_DESCRIBE,
        on=first.arn if len(batch) == 1 else f"{len(batch)} repositories, {first.arn} among them",
        expected=frozenset({_NOT_FOUND}),
    )


def _names(page: Response) -> list[str]:
    """Read the names of an answer.

    Raises:
        UnreadableError: it holds no list of repositories.
    """
    found = page.get("repositories")
    if not isinstance(found, list):
        raise UnreadableError("it lists no repositories")
    return [name for one in found if isinstance(one, dict) and isinstance(name := one.get("repositoryName"), str)]


def read_policy(clients: Clients, budget: RetryBudget, repository: Repository) -> RepositoryPolicy | None:
    """Read a repository's policy; None if the repository is gone.

    Raises:
        UndeterminedError: if there was no answer, or none that can be understood.
    """
    request = {"registryId": repository.account, "repositoryName": repository.name}
    try:
        text = budget.call(
            lambda: _policy_text(clients.ecr(repository.region).get_repository_policy(**request)),
            action="ecr:GetRepositoryPolicy",
            on=repository.arn,
            expected=frozenset({_NO_POLICY, _NOT_FOUND}),
        )
        return RepositoryPolicy.parse(repository, text)
    except ClientError as error:
        return RepositoryPolicy(repository) if code_of(error) == _NO_POLICY else None
    except PolicyError as error:
        raise UndeterminedError(str(error), _PUT_A_VALID_ONE) from error


def _policy_text(answer: Response) -> str:
    text = answer.get("policyText")
    if not isinstance(text, str):
        raise UnreadableError("it holds no policy")
    return text


def nearest(name: str, candidates: Iterable[str]) -> list[str]:
    """Name the repositories most like a name: the same last part first, then by spelling."""
    others = [one for one in dict.fromkeys(candidates) if one != name]
    namespace, _, last = name.rpartition("/")
    same = [one for one in others if one.rpartition("/")[2] == last]

    def distance(one: str) -> tuple[bool, int]:
        return one.rpartition("/")[0] != namespace, abs(len(one) - len(name))

    alike = difflib.get_close_matches(name, heapq.nsmallest(_COMPARED, others, distance), n=_SUGGESTIONS)
    return list(dict.fromkeys([*same, *alike]))[:_SUGGESTIONS]


def names_in(clients: Clients, budget: RetryBudget, region: str, *, account: str) -> list[str]:
    """List the names of a registry, as far as they can be had: they only serve to suggest."""
    names: list[str] = []
    request: dict[str, object] = {"registryId": account, "maxResults": 1000}
    tokens: set[str] = set()
    with contextlib.suppress(ClientError, UndeterminedError):
        for _ in range(_PAGES):
            read = partial(_page, clients, region, request)
            found, token = budget.call(read, action=_DESCRIBE, on="*", expected=_REFUSED)
            names += found
            # A token that comes again leads round in a circle.
            if not isinstance(token, str) or not token or token in tokens:
                break
            tokens.add(token)
            request = {**request, "nextToken": token}
    return names


def _page(clients: Clients, region: str, request: Mapping[str, object]) -> tuple[list[str], object]:
    page = clients.ecr(region).describe_repositories(**request)
    return _names(page), page.get("nextToken")
