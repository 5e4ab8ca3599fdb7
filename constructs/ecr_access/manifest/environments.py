"""The accounts and Regions that a manifest is deployed to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecr_access.manifest.model import Environment
from ecr_access.wording import did_you_mean, listed, quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ecr_access.manifest.entry import Entry


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
    """Read the account and Region at the top of files, on which all that name them agree."""
    account, region = (_agreed([top[key] for top in tops]) for key in ("account", "region"))
    return Environment(account=account, region=region)


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
            found[name] = Environment(name, account, region)
    return found


def _agreed(entries: Sequence[Entry]) -> str | None:
    """Return the text that entries of several files agree on, if one of them has it."""
    given = [entry for entry in entries if entry.text() is not None and entry.is_sound]
    for other in given[1:]:
        if other.text() != given[0].text():
            there = given[0].place.seen_from(other.source)
            other.wrong(
                f"{quoted(str(other.value))} differs from {quoted(str(given[0].value))} at {there}; for several "
                "accounts or Regions, name each under environments, and let repositories choose"
            )
    return given[0].text() if given else None
