"""Reads the outline of what is required: lines of a principal and a repository, under what principals share.

``{"PULL": {"arn:aws:iam::444455556666:role": ["web team/app"]}}`` is one requirement. Lists stand for each of their
principals with each of their repositories. A repository of the check's own registry goes by its name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.check.property_reader import PropertyReader
    from ecr_access.iam.arns import Repository
    from ecr_access.iam.principals import Principal

TOKEN: Final = "TOKEN"  # noqa: S105 -- the name of an access level
AND_TOKEN: Final = "_AND_TOKEN"  # noqa: S105 -- ends the name of an access level
"""What the name of a level ends with where a token is required besides."""

OTHERS: Final = "Others"
"""The head of principals that share nothing."""

_LINE: Final = "a principal and a repository with a space between them"
_LISTS: Final = frozenset({"Principals", "Repositories", "Accounts"})


class Needed(NamedTuple):
    """What is required of each of these principals: a level on each of these repositories; none for a token.

    ``path`` is where that stands in the properties; ``accounts`` are those that a service acts for, as they are given.
    """

    path: str
    level: str
    principals: tuple[Principal, ...]
    repositories: tuple[Repository, ...] = ()
    accounts: Any = None


def needed(value: object, path: str, reader: PropertyReader) -> Iterator[Needed]:
    """Read the outlines of all levels; ``reader`` remembers what is wrong with them."""
    for name, heads in reader.pairs(value, path):
        level = name.removesuffix(AND_TOKEN)
        for head, lines in reader.pairs(heads, f"{path}.{name}"):
            for index, line in enumerate(reader.entries(lines, f"{path}.{name}.{head}")):
                found = _read(line, Needed(f"{path}.{name}.{head}[{index}]", level, ()), head, reader)
                if found and name != level:
                    yield Needed(found.path, TOKEN, found.principals)
                if found:
                    yield found


def _read(line: object, empty: Needed, head: str, reader: PropertyReader) -> Needed | None:
    if isinstance(line, dict) and empty.level != TOKEN:
        return _of_lists(line, empty, reader)
    text = line if isinstance(line, str) else ""
    principal, _, repository = (text, "", "") if empty.level == TOKEN else text.partition(" ")
    if not principal or (not repository and empty.level != TOKEN):
        reader.wrong(empty.path, line, "a principal" if empty.level == TOKEN else f"{_LINE}, or lists of them")
        return None
    named = principal if head == OTHERS else f"{head}/{principal}"
    return empty._replace(
        principals=tuple(reader.principals(named, empty.path)),
        repositories=tuple(reader.named(repository, empty.path)) if repository else (),
    )


def _of_lists(lists: dict[str, object], empty: Needed, reader: PropertyReader) -> Needed:
    if unknown := [*lists.keys() - _LISTS]:
        reader.wrong(empty.path, unknown, ", ".join(sorted(_LISTS)))
    repositories = lists.get("Repositories")
    return empty._replace(
        principals=tuple(reader.principals(lists.get("Principals"), f"{empty.path}.Principals")),
        repositories=tuple(reader.named(repositories, f"{empty.path}.Repositories")),
        accounts=lists.get("Accounts"),
    )
