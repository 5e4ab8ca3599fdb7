"""The accounts and Regions that a manifest is deployed to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from ecr_access.manifest.entry import Entry
from ecr_access.manifest.model import Environment
from ecr_access.wording import did_you_mean, listed, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

_Value = TypeVar("_Value", str, int)

_ACCOUNT: Final = "for several accounts or Regions, name each under environments, and let repositories choose"
_STACKS: Final = "keep one, or give an environment its own number"


class UnknownEnvironmentError(ValueError):
    """A name that no environment has; worded when it is told."""

    def __init__(self, name: str, known: Collection[str]) -> None:
        super().__init__(name)
        self._known = known

    def __str__(self) -> str:
        """Write what is wrong, and what is allowed."""
        name = str(self.args[0])
        near = did_you_mean(name, self._known)
        return f"{quoted(name)} names no environment; allowed: {listed(self._known) or 'none are declared'}{near}"


def top_environment(tops: Sequence[Entry]) -> Environment:
    """Read the account, the Region and the number of stacks at the top of files, on which all that name them agree."""
    account, region = (_agreed([top[key] for top in tops], Entry.text, _ACCOUNT) for key in ("account", "region"))
    stacks = _agreed([top["stacks"] for top in tops], Entry.integer, _STACKS)
    return Environment(account=account, region=region, stacks=stacks or Environment.stacks)


def named_environments(tops: Sequence[Entry], top: Environment) -> dict[str, Environment]:
    """Read the environments of all files; no two are the same account and Region."""
    found: dict[str, Environment] = {}
    first: dict[str | tuple[str, str], Entry] = {}
    for file in tops:
        for name, member in file["environments"].members().items():
            account, region = member["account"].text() or "", member["region"].text() or ""
            if first.setdefault(name, member) is not member:
                member.repeats(first[name])
            elif member.is_sound and first.setdefault((account, region), member) is not member:
                other = first[account, region].place.seen_from(member.source)
                member.wrong(f"the same account and Region are an environment already, at {other}; keep one")
            elif member.is_sound and (account, region) == (top.account, top.region):
                member.wrong("the same account and region stand at the top of the manifest; take them out there")
            own = member["stacks"]
            stacks = own.integer() if own.is_sound else None
            found[name] = Environment(name, account, region, stacks or top.stacks)
    return found


def _agreed(entries: Sequence[Entry], read: Callable[[Entry], _Value | None], instead: str) -> _Value | None:
    """Return what entries of several files agree on, if one of them has it."""
    given = [(entry, value) for entry in entries if entry.is_sound and (value := read(entry)) is not None]
    for other, value in given[1:]:
        first, wanted = given[0]
        if value != wanted:
            shown, before = (quoted(one) if isinstance(one, str) else one for one in (value, wanted))
            other.wrong(f"{shown} differs from {before} at {first.place.seen_from(other.source)}; {instead}")
    return given[0][1] if given else None
