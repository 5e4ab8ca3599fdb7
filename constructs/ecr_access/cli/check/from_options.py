"""From the options to the request that the deployed function would get."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ecr_access.check.outline import TOKEN
from ecr_access.check.request import Request, Requirement
from ecr_access.cli.check.caller import role_of
from ecr_access.cli.check.errors import NotCheckedError
from ecr_access.ecr.names import name_error
from ecr_access.iam.actions import TOKEN_ACTION
from ecr_access.iam.arns import Registry, Repository, repository_of
from ecr_access.iam.principals import Kind, principal_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ecr_access.cli.check.options import Options
    from ecr_access.iam.principals import Principal

_URI: Final = re.compile(
    r"(?:https://)?(?P<account>\d{12})\.dkr[.-]ecr(?:-fips)?\.(?P<region>[a-z0-9-]+)\.[a-z0-9.-]+/(?P<name>[^:@]+).*"
)
"""https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html; a tag or digest may follow."""

_NO_ARN: Final = "is no ARN of a repository; allowed: arn:aws:ecr:REGION:ACCOUNT:repository/NAME"


def request_of(options: Options, *, caller: str, place: Registry) -> Request:
    """Make the request.

    Args:
        options: what is asked.
        caller: the caller's ARN, checked where no principal is named.
        place: the caller's account and Region.

    Raises:
        NotCheckedError: with everything that is none of a principal or a repository.
    """
    wrong: list[str] = []
    if not options.principals and not _of_iam(caller):
        wrong.append(
            f"you are {caller}, which no policies are attached to; name a role, user or group: --principal ARN"
        )
    principals = list(_principals(options.principals or (caller,) * (not wrong), wrong))
    repositories = list(_repositories(options.repositories, place, wrong))
    if wrong:
        raise NotCheckedError("; ".join(wrong))
    level = options.level
    tokens = [Requirement(one, TOKEN, (TOKEN_ACTION,)) for one in principals if level.needs_token]
    access = [
        Requirement(one, level.value, level.required_actions, there) for one in principals for there in repositories
    ]
    return Request(
        place=place,
        digest="",
        propagation=options.wait,
        requirements=tuple(dict.fromkeys([*tokens, *access])),
        # No app declares them here, so the nearest names of a missing one are looked for.
        existing=tuple(dict.fromkeys(repositories)),
    )


def _principals(texts: Iterable[str], wrong: list[str]) -> Iterable[Principal]:
    for text in texts:
        if found := _of_iam(text):
            yield found
        else:
            wrong.append(
                f"--principal: got {text!r}, allowed is the ARN of a role, user or group, such as "
                "arn:aws:iam::111122223333:role/build"
            )


def _of_iam(arn: str) -> Principal | None:
    found = principal_of(role_of(arn))
    return found if found and found.kind is Kind.IAM_IDENTITY else None


def _repositories(texts: Iterable[str], place: Registry, wrong: list[str]) -> Iterable[Repository]:
    for text in texts:
        match = _URI.fullmatch(text)
        account, region, name = (
            match.group("account", "region", "name") if match else (place.account, place.region, text)
        )
        is_arn = text.startswith("arn:")
        found = repository_of(text if is_arn else Registry(place.partition, region, account).repository_arn(name))
        error = name_error(found.name if found and is_arn else name) if found or not is_arn else _NO_ARN
        if found and not error:
            yield found
        else:
            wrong.append(f"--repository: got {text!r}: {error}")
