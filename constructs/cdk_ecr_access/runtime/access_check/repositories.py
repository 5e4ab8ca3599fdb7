"""Looks repositories up, and reads their policies, in as few calls as it takes."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from access_check.failures import UndeterminedError, code_of
from access_check.repository_policy import PolicyError, RepositoryPolicy
from access_check.together import each

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from access_check.arns import Repository
    from access_check.clients import Clients
    from access_check.retry import Patience

_NOT_FOUND: Final = "RepositoryNotFoundException"
_NO_POLICY: Final = "RepositoryPolicyNotFoundException"
_NAMES_A_CALL: Final = 100
_PAGES: Final = 10
_SUGGESTIONS: Final = 3


@dataclass(frozen=True)
class Looked:
    """What a look at the registries showed: which repositories are missing, which could not be looked up."""

    missing: frozenset[Repository]
    unknown: dict[Repository, UndeterminedError] = field(default_factory=dict)


def look_up(clients: Clients, patience: Patience, repositories: Iterable[Repository], *, workers: int) -> Looked:
    """Look repositories up, one call for each hundred of a Region if all are there."""
    regions: dict[str, list[Repository]] = {}
    for repository in dict.fromkeys(repositories):
        regions.setdefault(repository.region, []).append(repository)
    batches = [
        tuple(found[start : start + _NAMES_A_CALL])
        for found in regions.values()
        for start in range(0, len(found), _NAMES_A_CALL)
    ]
    missing: set[Repository] = set()
    unknown: dict[Repository, UndeterminedError] = {}
    looked = each(partial(_missing, clients, patience), batches, left=patience.left, workers=workers)
    for batch, found in looked.items():
        if isinstance(found, UndeterminedError):
            unknown |= dict.fromkeys(batch, found)
        else:
            missing.update(found)
    return Looked(frozenset(missing), unknown)


def _missing(clients: Clients, patience: Patience, batch: Sequence[Repository]) -> list[Repository]:
    """Find the missing ones by halves: the error does not say reliably which of many it means."""
    first = batch[0]
    names = [one.name for one in batch]
    try:
        patience.call(
            lambda: clients.ecr(first.region).describe_repositories(registryId=first.account, repositoryNames=names),
            action="ecr:DescribeRepositories",
            on=first.arn if len(batch) == 1 else f"{len(batch)} repositories, {first.arn} among them",
            expected=frozenset({_NOT_FOUND}),
        )
    except ClientError:
        if len(batch) == 1:
            return [first]
        half = len(batch) // 2
        return [*_missing(clients, patience, batch[:half]), *_missing(clients, patience, batch[half:])]
    return []


def read_policy(clients: Clients, patience: Patience, repository: Repository) -> RepositoryPolicy | None:
    """Read a repository's policy; None if the repository is gone.

    Raises:
        UndeterminedError: if there was no answer, or none that can be understood.
    """
    try:
        answer = patience.call(
            lambda: clients.ecr(repository.region).get_repository_policy(
                registryId=repository.account, repositoryName=repository.name
            ),
            action="ecr:GetRepositoryPolicy",
            on=repository.arn,
            expected=frozenset({_NO_POLICY, _NOT_FOUND}),
        )
        return RepositoryPolicy.parse(repository, answer["policyText"])
    except ClientError as error:
        return RepositoryPolicy(repository) if code_of(error) == _NO_POLICY else None
    except PolicyError as error:
        raise UndeterminedError(str(error), "put a valid repository policy") from error


def nearest(name: str, candidates: Iterable[str]) -> list[str]:
    """Name those most like a name: the same last part first, then by spelling."""
    others = [one for one in dict.fromkeys(candidates) if one != name]
    last = name.rpartition("/")[2]
    same = [one for one in others if one.rpartition("/")[2] == last]
    alike = difflib.get_close_matches(name, others, n=_SUGGESTIONS)
    return list(dict.fromkeys([*same, *alike]))[:_SUGGESTIONS]


def names_in(clients: Clients, region: str, *, account: str) -> list[str]:
    """List the names of a registry, as far as that is quick: they only serve to suggest."""
    names: list[str] = []
    request: dict[str, object] = {"registryId": account, "maxResults": 1000}
    try:
        for _ in range(_PAGES):
            page = clients.ecr(region).describe_repositories(**request)
            names += [one["repositoryName"] for one in page["repositories"]]
            if not page.get("nextToken"):
                break
            request["nextToken"] = page["nextToken"]
    except (BotoCoreError, ClientError):
        # Nobody's deployment fails for want of a suggestion.
        return names
    return names
