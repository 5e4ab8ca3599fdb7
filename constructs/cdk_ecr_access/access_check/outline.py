"""Which principals need access to which repositories, as an outline of short lines.

Principals are sorted under the part of their ARNs that they share; a line has the rest, and a repository::

    arn:aws:iam::444455556666:role
      - web team/app
      - ci team/app
    Others
      - codebuild.amazonaws.com team/base

A value of CloudFormation, such as the ARN of a role of the same stack, has no place in a text: it stands in lists
of principals and repositories, and so do many principals that need the same many repositories.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ecr_access.check.outline import OTHERS
from ecr_access.tokens import is_token

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LISTS: Final = 5
"""Lines of a template that lists take beside their values."""


class Access(NamedTuple):
    """Each of these principals needs each of these repositories; none for a token.

    A repository is a text, or a value of CloudFormation. A principal is a text, perhaps a token.
    """

    principals: tuple[str, ...]
    repositories: tuple[Any, ...] = ()
    accounts: tuple[str, ...] = ()


def outline(needed: Iterable[Access]) -> dict[str, list[Any]]:
    """Write an outline: the lines by their heads."""
    found: dict[str, list[Any]] = {}
    for one in needed:
        for head, line in _lines(one):
            found.setdefault(head, []).append(line)
    return found


def _lines(one: Access) -> Iterator[tuple[str, Any]]:
    if not one.repositories:
        yield from (_split(principal) for principal in one.principals)
        return
    in_lists = one.principals
    if _fits_in_lines(one):
        in_lists = tuple(principal for principal in one.principals if not _is_plain(principal))
        for head, name in map(_split, filter(_is_plain, one.principals)):
            yield from ((head, f"{name} {repository}") for repository in one.repositories)
    if in_lists:
        accounts = {"Accounts": [*one.accounts]} if one.accounts else {}
        yield OTHERS, {"Principals": _one_or_all(in_lists), **accounts, "Repositories": _one_or_all(one.repositories)}


def _fits_in_lines(one: Access) -> bool:
    """Whether lines can say it, and are no more than lists would take."""
    principals, repositories = len(one.principals), len(one.repositories)
    few = principals * repositories <= principals + repositories + _LISTS
    return few and not one.accounts and all(map(_is_plain, one.repositories))


def _is_plain(value: object) -> bool:
    """Whether a line can hold a value, which ends at a space."""
    return isinstance(value, str) and not is_token(value) and " " not in value


def _split(principal: str) -> tuple[str, str]:
    head, slash, name = principal.partition("/")
    return (head, name) if slash and head.startswith("arn:") and _is_plain(head) else (OTHERS, principal)


def _one_or_all(values: Iterable[Any]) -> Any:
    several = [*values]
    return several[0] if len(several) == 1 else several
