"""The custom resource's properties as typed values; all that is wrong with them at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from access_check.arns import Place, Repository, place_of, repository_of
from access_check.declared_policy import DeclaredPolicy
from access_check.finding import Verdict
from access_check.principals import ALLOWED, principal_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from access_check.finding import Finding
    from access_check.principals import Principal

TOKEN: Final = "TOKEN"  # noqa: S105 -- the name of an access level
EXISTS: Final = "EXISTS"
"""Stands in findings for what is required of an existing repository alone."""

_PROPAGATION: Final = (0, 900)
_ARN: Final = "arn:PARTITION:ecr:REGION:ACCOUNT:repository/NAME"


class RequestError(ValueError):
    """The properties are not those of an access check."""


@dataclass(frozen=True)
class Requirement:
    """One principal must be able to do these actions on one repository, or to get a token."""

    principal: Principal
    access: str
    actions: tuple[str, ...]
    repository: Repository | None = None


@dataclass(frozen=True)
class Request:
    """All that one check is asked for, and where it runs."""

    place: Place
    digest: str
    propagation: float
    requirements: tuple[Requirement, ...]
    existing: tuple[Repository, ...]
    declared: tuple[DeclaredPolicy, ...] = ()
    allow_undetermined: bool = False
    report_only: bool = False
    log_allowed: bool = False

    @property
    def agreed(self) -> dict[Repository, frozenset[str]]:
        """The condition keys, in lower case, of the statements that the app declares for each repository."""
        agreed: dict[Repository, frozenset[str]] = {}
        for one in self.declared:
            agreed[one.repository] = agreed.get(one.repository, frozenset()) | one.keys
        return agreed

    def passes(self, findings: Iterable[Finding]) -> bool:
        """Whether the deployment may go on with findings that are not all allowed."""
        return self.report_only or (
            self.allow_undetermined and all(one.verdict is not Verdict.DENIED for one in findings)
        )


def parse(event: Mapping[str, object], context: object) -> Request:
    """Read an event.

    Raises:
        RequestError: with every error, each with the path of the property, the value got and what is allowed.
    """
    reader = _Reader()
    properties = event.get("ResourceProperties")
    values = properties if isinstance(properties, dict) else {}
    if values is not properties:
        reader.wrong("ResourceProperties", properties, "an object")
    function = getattr(context, "invoked_function_arn", None)
    place = place_of(values.get("ServiceToken"), event.get("StackId"), function)
    if place is None:
        reader.wrong("ServiceToken", values.get("ServiceToken"), "the ARN of the check's function")
        place = Place("", "", "")
    actions = {
        level: tuple(reader.strings(found, f"Actions.{level}", "actions"))
        for level, found in reader.pairs(values.get("Actions"), "Actions")
    }
    requirements = [
        one
        for index, entry in enumerate(reader.entries(values.get("Requirements"), "Requirements"))
        for one in reader.requirements(entry, f"Requirements[{index}]", actions)
    ]
    request = Request(
        place=place,
        digest=reader.digest(values.get("Digest")),
        propagation=reader.seconds(values.get("PropagationSeconds", 60), "PropagationSeconds"),
        requirements=tuple(dict.fromkeys(requirements)),
        existing=tuple(dict.fromkeys(reader.repositories(values.get("Existing") or [], "Existing"))),
        declared=tuple(reader.declared(values.get("Declared") or [], "Declared")),
        allow_undetermined=reader.flag(values.get("AllowUndetermined", "false"), "AllowUndetermined"),
        report_only=reader.flag(values.get("ReportOnly", "false"), "ReportOnly"),
        log_allowed=reader.flag(values.get("LogAllowed", "false"), "LogAllowed"),
    )
    if reader.errors:
        raise RequestError("the properties are not those of an access check: " + "; ".join(reader.errors))
    return request


class _Reader:
    """Reads values and remembers what was wrong with them."""

    def __init__(self) -> None:
        self.errors: list[str] = []

    def wrong(self, path: str, got: object, allowed: str) -> None:
        text = repr(got)
        self.errors.append(f"{path}: got {text[:80]}{'...' if len(text) > 80 else ''}, allowed is {allowed}")  # noqa: PLR2004

    def digest(self, value: object) -> str:
        if isinstance(value, str) and 0 < len(value) <= 256:  # noqa: PLR2004 -- a part of the physical id
            return value
        self.wrong("Digest", value, "a text of 1 to 256 characters")
        return ""

    def seconds(self, value: object, path: str) -> float:
        low, high = _PROPAGATION
        try:
            seconds = float(value) if isinstance(value, (str, int, float)) else -1.0
        except (ValueError, OverflowError):
            seconds = -1.0
        if not low <= seconds <= high:
            self.wrong(path, value, f"a number of seconds from {low} to {high}")
        return seconds

    def flag(self, value: object, path: str) -> bool:
        text = str(value).lower()
        if text not in {"true", "false"}:
            self.wrong(path, value, "true or false")
        return text == "true"

    def entries(self, value: object, path: str) -> list[object]:
        if isinstance(value, list):
            return value
        self.wrong(path, value, "a list")
        return []

    def pairs(self, value: object, path: str) -> Iterator[tuple[str, object]]:
        if isinstance(value, dict):
            yield from value.items()
        else:
            self.wrong(path, value, "an object")

    def strings(self, value: object, path: str, what: str) -> Iterator[str]:
        for index, one in enumerate(self.entries(value, path)):
            if isinstance(one, str) and one:
                yield one
            else:
                self.wrong(f"{path}[{index}]", one, f"a list of {what}")

    def repositories(self, value: object, path: str) -> Iterator[Repository]:
        for index, one in enumerate(self.entries(value, path)):
            if repository := repository_of(one):
                yield repository
            else:
                self.wrong(f"{path}[{index}]", one, _ARN)

    def requirements(self, entry: object, path: str, actions: Mapping[str, tuple[str, ...]]) -> Iterator[Requirement]:
        values = dict(self.pairs(entry, path))
        if not values:
            return
        principals = list(self.principals(values.get("Principal"), f"{path}.Principal"))
        if self.flag(values.get("Token", "false"), f"{path}.Token"):
            needed = self._of(TOKEN, actions, f"{path}.Token")
            yield from (Requirement(principal, TOKEN, needed) for principal in principals)
        for level, found in self.pairs(values.get("Access") or {}, f"{path}.Access"):
            needed = self._of(level, actions, f"{path}.Access.{level}")
            for repository in self.repositories(found, f"{path}.Access.{level}"):
                yield from (Requirement(principal, level, needed, repository) for principal in principals)

    def principals(self, value: object, path: str) -> Iterator[Principal]:
        """Read one principal, or a list of those of whom the same is required."""
        if value == []:
            self.wrong(path, value, f"{ALLOWED}, or a list of them")
        several = [(f"{path}[{index}]", one) for index, one in enumerate(value)] if isinstance(value, list) else None
        for at, one in several or [(path, value)] * (several is None):
            if principal := principal_of(one):
                yield principal
            else:
                self.wrong(at, one, ALLOWED)

    def declared(self, value: object, path: str) -> Iterator[DeclaredPolicy]:
        for index, entry in enumerate(self.entries(value, path)):
            values = dict(self.pairs(entry, f"{path}[{index}]"))
            found = self.entries(values.get("Statements"), f"{path}[{index}].Statements")
            statements = tuple(one for one in found if isinstance(one, dict) and one)
            if not found or len(statements) < len(found):
                self.wrong(f"{path}[{index}].Statements", found, "a list of statements, one at least")
            for repository in self.repositories(values.get("Repositories"), f"{path}[{index}].Repositories"):
                yield DeclaredPolicy(repository, statements)

    def _of(self, level: str, actions: Mapping[str, tuple[str, ...]], path: str) -> tuple[str, ...]:
        if not actions.get(level):
            self.wrong(path, level, f"a level that Actions lists ({', '.join(actions) or 'none'})")
        return actions.get(level, ())
