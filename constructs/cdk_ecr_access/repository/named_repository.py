"""What names a repository of another app or team: its registry, its name and its ARN."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from ecr_access.codes import Code
from ecr_access.ecr.names import name_error
from ecr_access.iam.arns import Registry
from ecr_access.iam.principal_names import account_error
from ecr_access.tokens import are_different, is_token
from ecr_access.wording import quoted

_ARN: Final = re.compile(
    r"arn:(?P<partition>[^:]+):ecr:(?P<region>[^:]+):(?P<account>[^:]+):repository/(?P<name>[^:]+)", re.DOTALL
)


class NamedRepository(NamedTuple):
    """A repository by its parts, each perhaps a token."""

    registry: Registry
    name: str
    arn: str


def by_arn(arn: str) -> NamedRepository:
    """Read a repository's ARN.

    Raises:
        ValueError: if it is none, or a token as a whole.
    """
    match = _ARN.fullmatch(arn)
    if match is None:
        instead = "; a token as a whole cannot be read, use from_repository_attributes"
        raise Code.EXISTING_REPOSITORY.error(
            f"repository_arn is {quoted(arn)}; allowed: "
            f"'arn:PARTITION:ecr:REGION:ACCOUNT:repository/NAME'{instead if is_token(arn) else ''}"
        )
    return NamedRepository(Registry(match["partition"], match["region"], match["account"]), match["name"], arn)


def by_parts(
    own: Registry, *, name: str, arn: str | None = None, account: str | None = None, region: str | None = None
) -> NamedRepository:
    """Put a repository together: what is not given is the ARN's, or else the stack's own.

    Raises:
        ValueError: if the name differs from the ARN's.
    """
    match = _ARN.fullmatch(arn or "")
    if match and are_different(match["name"], name):
        raise Code.EXISTING_REPOSITORY.error(
            f"repository_name is {name!r}, and repository_arn has {match['name']!r}; "
            "allowed: the same in both; leave repository_arn out, or use from_repository_arn"
        )
    named = match.groupdict() if match else {}
    registry = Registry(
        named.get("partition", own.partition),
        region or named.get("region", own.region),
        account or named.get("account", own.account),
    )
    return NamedRepository(registry, name, arn or registry.repository_arn(name))


def refuse_wrong_parts(registry: Registry, name: str) -> None:
    """Refuse a repository of which a part that is known is wrong.

    Raises:
        ValueError: with all that are wrong.
    """
    problems = [None if is_token(name) else name_error(name)]
    if not is_token(registry.account) and (problem := account_error(registry.account)):
        problems.append(f"the account of the repository is wrong: {problem}")
    if wrong := [one for one in problems if one]:
        raise Code.EXISTING_REPOSITORY.error("; ".join(wrong))
