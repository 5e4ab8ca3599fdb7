"""Reads values of the custom resource's properties, and remembers all that is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.iam.arns import is_account_id, repository_of
from ecr_access.iam.principals import ALLOWED, principal_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.iam.arns import Registry, Repository
    from ecr_access.iam.principals import Principal

_PROPAGATION: Final = (0, 900)
ARN: Final = "arn:PARTITION:ecr:REGION:ACCOUNT:repository/NAME"


class PropertyReader:
    """Reads values; ``errors`` are what is wrong, each with the path, the value got and what is allowed."""

    def __init__(self, place: Registry) -> None:
        """Read what is given to a check that runs in a place."""
        self.place = place
        self.errors: list[str] = []

    def wrong(self, path: str, got: object, allowed: str) -> None:
        """Remember what is wrong with a value."""
        text = repr(got)
        self.errors.append(f"{path}: got {text[:80]}{'...' if len(text) > 80 else ''}, allowed is {allowed}")  # noqa: PLR2004

    def digest(self, value: object) -> str:
        """Read the digest of what a verdict rests on."""
        if isinstance(value, str) and 0 < len(value) <= 256:  # noqa: PLR2004 -- a part of the physical id
            return value
        self.wrong("Digest", value, "a text of 1 to 256 characters")
        return ""

    def seconds(self, value: object, path: str) -> float:
        """Read a number of seconds."""
        low, high = _PROPAGATION
        try:
            seconds = float(value) if isinstance(value, (str, int, float)) else -1.0
        except (ValueError, OverflowError):
            seconds = -1.0
        if not low <= seconds <= high:
            self.wrong(path, value, f"a number of seconds from {low} to {high}")
        return seconds

    def flag(self, value: object, path: str) -> bool:
        """Read a boolean, which CloudFormation writes as a text."""
        text = str(value).lower()
        if text not in {"true", "false"}:
            self.wrong(path, value, "true or false")
        return text == "true"

    def entries(self, value: object, path: str) -> list[object]:
        """Read a list."""
        if isinstance(value, list):
            return value
        self.wrong(path, value, "a list")
        return []

    def pairs(self, value: object, path: str) -> Iterator[tuple[str, object]]:
        """Read the members of an object."""
        if isinstance(value, dict):
            yield from value.items()
        else:
            self.wrong(path, value, "an object")

    def strings(self, value: object, path: str, what: str) -> Iterator[str]:
        """Read a list of texts that are not empty."""
        for index, one in enumerate(self.entries(value, path)):
            if isinstance(one, str) and one:
                yield one
            else:
                self.wrong(f"{path}[{index}]", one, f"a list of {what}")

    def repositories(self, value: object, path: str) -> Iterator[Repository]:
        """Read a list of ARNs of repositories."""
        for index, one in enumerate(self.entries(value, path)):
            if repository := repository_of(one):
                yield repository
            else:
                self.wrong(f"{path}[{index}]", one, ARN)

    def named(self, value: object, path: str) -> Iterator[Repository]:
        """Read one repository, or a list of them, each by its name in the check's registry or by its ARN."""
        allowed = f"the name of a repository in the check's registry, or {ARN}"
        for at, one in self._several(value, path, allowed):
            name = one if isinstance(one, str) else ""
            if repository := repository_of(name if ":" in name else self.place.repository_arn(name)):
                yield repository
            else:
                self.wrong(at, one, allowed)

    def principals(self, value: object, path: str) -> Iterator[Principal]:
        """Read one principal, or a list of principals that share the requirement."""
        for at, one in self._several(value, path, ALLOWED):
            if principal := principal_of(one):
                yield principal
            else:
                self.wrong(at, one, ALLOWED)

    def _several(self, value: object, path: str, allowed: str) -> Iterator[tuple[str, object]]:
        """Take a list apart, each value with its path; a value alone stands for a list of one."""
        if not isinstance(value, list):
            yield path, value
            return
        if not value:
            self.wrong(path, value, f"{allowed}, or a list of them")
        yield from ((f"{path}[{index}]", one) for index, one in enumerate(value))

    def accounts(self, value: object, path: str) -> Iterator[str]:
        """Read the accounts for which a service acts."""
        if value == []:
            self.wrong(path, value, "a list of account ids, one at least")
        for index, one in enumerate(self.entries(value, path)):
            if is_account_id(one):
                yield one
            else:
                self.wrong(f"{path}[{index}]", one, "an account id, 12 digits as a text")
