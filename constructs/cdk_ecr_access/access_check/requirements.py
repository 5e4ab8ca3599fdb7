"""What must be true of each principal: the requirements of a stack, and how they travel to the access check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cdk_ecr_access.access_check.outline import Access, outline
from ecr_access.check.outline import AND_TOKEN, TOKEN
from ecr_access.iam.actions import TOKEN_ACTION, AccessLevel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    _Caller = tuple[str, tuple[str, ...]]


@dataclass(frozen=True)
class DeclaredRequirement:
    """One principal must be able to use one repository, or to get an authorization token, or both.

    ``principal`` and ``repository`` may be tokens; ``repository`` is an ARN. ``token`` says that the
    principal signs in by its own policies. ``accounts`` are those for which a service acts, the check's own if empty.
    """

    principal: str
    level: AccessLevel | None = None
    repository: str | None = None
    token: bool = False
    accounts: tuple[str, ...] = ()


def as_properties(
    requirements: Iterable[DeclaredRequirement],
    name_of: Callable[[str], Any] = str,
    levels: Iterable[AccessLevel] = (),
) -> dict[str, Any]:
    """Render requirements as the access check's properties, in the order in which they were made.

    What is required is an outline for each level, alone and with a token: short enough for a thousand repositories in
    an event, and read in ``cdk diff`` line by line.

    Args:
        requirements: all of the stack.
        name_of: tells what a repository is called instead of its ARN: its name, or a reference to it, if it is in
            the check's registry. Default: its ARN.
        levels: others that the check has to know the actions of. Default: none.
    """
    every = [*requirements]
    # Dictionaries for their keys: ordered sets.
    signing_in = dict.fromkeys(one.principal for one in every if one.token)
    needed: dict[str, dict[_Caller, dict[str, None]]] = {}
    for one in every:
        if one.level is not None and one.repository is not None:
            level = f"{one.level.value}{AND_TOKEN if one.principal in signing_in else ''}"
            needed.setdefault(level, {}).setdefault((one.principal, one.accounts), {})[one.repository] = None
    outlines = {level: outline(_shared(found, name_of)) for level, found in needed.items()}
    with_access = {one.principal for one in every if one.level}
    if alone := [one for one in signing_in if one not in with_access]:
        outlines[TOKEN] = outline([Access(tuple(alone))])
    used = {*levels, *(one.level for one in every)}
    return {
        "Actions": {
            TOKEN: [TOKEN_ACTION],
            **{level.value: list(level.required_actions) for level in AccessLevel if level in used},
        },
        "Requirements": outlines,
    }


def _shared(found: Mapping[_Caller, Mapping[str, None]], name_of: Callable[[str], Any]) -> Iterable[Access]:
    """Join the principals that need the same repositories: a thousand of them name a thousand repositories once."""
    same: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for (principal, accounts), of_principal in found.items():
        same.setdefault((tuple(of_principal), accounts), []).append(principal)
    for (repositories, accounts), principals in same.items():
        yield Access(tuple(principals), tuple(map(name_of, repositories)), accounts)
