"""The custom resource's properties as typed values; all that is wrong with them at once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from ecr_access.check import first_form, outline
from ecr_access.check.expected import by_effect
from ecr_access.check.finding import Verdict
from ecr_access.check.images.required import images
from ecr_access.check.outline import TOKEN
from ecr_access.check.policy_drift import DeclaredPolicy
from ecr_access.check.property_reader import PropertyReader
from ecr_access.iam.arns import Registry, place_of
from ecr_access.iam.conditions import texts
from ecr_access.iam.principals import LAMBDA, Kind, Principal, Source
from ecr_access.iam.wildcards import any_covers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ecr_access.check.finding import Finding
    from ecr_access.check.images.required import RequiredImage
    from ecr_access.iam.arns import Repository

EXISTS: Final = "EXISTS"
"""Stands in findings for what is required of an existing repository alone."""
EXPECTED: Final = "EXPECTED"
"""Stands in findings for the actions of an expected statement that are no access level."""

_NOWHERE: Final = Registry("aws", "unknown", "000000000000")
"""What errors are looked for in where the place is one."""

_PULL: Final = "PULL"
_LAMBDA_PULL: Final = "LAMBDA_PULL"


class RequestError(ValueError):
    """The custom resource's properties are not a valid request to the access check."""


@dataclass(frozen=True)
class Requirement:
    """One principal must be able to do these actions on one repository, or to get a token.

    Attributes:
        principal: who.
        access: the level.
        actions: the IAM actions that it needs.
        repository: on what; None for a token.
        sources: for whose resources a service acts; empty for any other principal.
        existing: whether the app does not declare the repository, so that its owner writes its policy.
        not_denied: whether all that is required is that the repository policy denies the actions to no principal of
            the account: other checks prove that their own policies allow them.
    """

    principal: Principal
    access: str
    actions: tuple[str, ...]
    repository: Repository | None = None
    sources: tuple[Source, ...] = ()
    existing: bool = False
    not_denied: bool = False


@dataclass(frozen=True)
class Request:
    """All that one check is asked for, and where it runs.

    ``declared_statements`` are the statements that the app declares, or expects, of each repository: its author knows
    their conditions. The statements of ``declared`` are looked for in the live policies. The check of its own stack
    reads the policy of each repository of ``read_elsewhere``. Metrics, and at a
    recheck events, are put for the stack that ``publish`` names; none if it is empty.
    """

    place: Registry
    digest: str
    propagation: float
    requirements: tuple[Requirement, ...]
    existing: tuple[Repository, ...]
    declared: tuple[DeclaredPolicy, ...] = ()
    declared_statements: Mapping[Repository, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)
    read_elsewhere: frozenset[Repository] = frozenset()
    allow_undetermined: bool = False
    report_only: bool = False
    log_allowed: bool = False
    images: tuple[RequiredImage, ...] = ()
    publish: str = ""

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
    properties = event.get("ResourceProperties")
    values = properties if isinstance(properties, dict) else {}
    function = getattr(context, "invoked_function_arn", None)
    place = place_of(values.get("ServiceToken"), event.get("StackId"), function)
    reader = _Reader(place or _NOWHERE)
    if values is not properties:
        reader.wrong("ResourceProperties", properties, "an object")
    if place is None:
        reader.wrong("ServiceToken", values.get("ServiceToken"), "the ARN of the check's function")
    reader.read_actions(values.get("Actions"))
    requirements = list(reader.requirements(values.get("Requirements"), "Requirements"))
    requirements += reader.not_denied(values.get("NotDenied") or {}, "NotDenied")
    elsewhere = values.get("ReadElsewhere")
    digest = reader.digest(values.get("Digest"))
    propagation = reader.seconds(values.get("PropagationSeconds", 60), "PropagationSeconds")
    existing = tuple(dict.fromkeys(reader.repositories(values.get("Existing") or [], "Existing")))
    declared = list(reader.declared(values.get("Declared") or [], "Declared"))
    compared, expected = by_effect(declared, existing)
    required = {(one.repository, one.principal.written) for one in requirements}
    # What is required of a principal decides alone: its own policies may allow it as well.
    requirements += [
        reader.expected(*one) for one in expected if (one.repository, one.principal.written) not in required
    ]
    request = Request(
        place=reader.place,
        digest=digest,
        propagation=propagation,
        requirements=tuple(dict.fromkeys(replace(one, existing=one.repository in existing) for one in requirements)),
        existing=existing,
        declared=compared,
        declared_statements=_declared_statements(declared),
        read_elsewhere=frozenset(reader.named(elsewhere, "ReadElsewhere") if elsewhere else ()),
        allow_undetermined=reader.flag(values.get("AllowUndetermined", "false"), "AllowUndetermined"),
        report_only=reader.flag(values.get("ReportOnly", "false"), "ReportOnly"),
        log_allowed=reader.flag(values.get("LogAllowed", "false"), "LogAllowed"),
        images=tuple(dict.fromkeys(images(values.get("Images") or [], "Images", reader))),
        publish=str(values.get("Publish") or ""),
    )
    if reader.errors:
        raise RequestError(
            "these are not the properties of an access check: " + "; ".join(dict.fromkeys(reader.errors))
        )
    return request


def _declared_statements(declared: Iterable[DeclaredPolicy]) -> dict[Repository, tuple[Mapping[str, Any], ...]]:
    declared_statements: dict[Repository, tuple[Mapping[str, Any], ...]] = {}
    for one in declared:
        declared_statements[one.repository] = (*declared_statements.get(one.repository, ()), *one.statements)
    return declared_statements


class _Reader(PropertyReader):
    """Reads requirements and declared statements."""

    def __init__(self, place: Registry) -> None:
        super().__init__(place)
        self._actions: dict[str, tuple[str, ...]] = {}

    def read_actions(self, value: object) -> None:
        self._actions = {
            level: tuple(self.strings(found, f"Actions.{level}", "actions"))
            for level, found in self.pairs(value, "Actions")
        }

    def requirements(self, value: object, path: str) -> Iterator[Requirement]:
        read = first_form.needed(value, path, self) if isinstance(value, list) else outline.needed(value, path, self)
        for one in read:
            actions = self._of(one.level, f"{path}.{one.level}")
            if one.level == TOKEN:
                yield from (Requirement(principal, TOKEN, actions) for principal in one.principals)
                continue
            accounts = self._accounts(one.accounts, f"{one.path}.Accounts", one.principals)
            for repository in one.repositories:
                for principal in one.principals:
                    yield self.required(principal, one.level, actions, repository, accounts)

    def not_denied(self, value: object, path: str) -> Iterator[Requirement]:
        """Read which repositories must not deny a level to the principals of this account."""
        account = Principal(self.place.account, Kind.ACCOUNT, self.place.account)
        for level, found in self.pairs(value, path):
            actions = self._of(level, f"{path}.{level}")
            for repository in self.named(found, f"{path}.{level}"):
                yield Requirement(account, level, actions, repository, not_denied=True)

    def required(
        self,
        principal: Principal,
        level: str,
        actions: tuple[str, ...],
        repository: Repository,
        accounts: Sequence[str] = (),
    ) -> Requirement:
        """Make a requirement; Lambda pulls in a way of its own, and the images of its own Region alone."""
        is_lambda = principal.name == LAMBDA
        if is_lambda and level == _PULL:
            level, actions = _LAMBDA_PULL, self._actions.get(_LAMBDA_PULL) or actions
        region = repository.region if is_lambda else self.place.region
        sources = tuple(Source(account, region) for account in accounts or (self.place.account,))
        return Requirement(principal, level, actions, repository, sources if principal.kind is Kind.SERVICE else ())

    def expected(self, repository: Repository, statement: Mapping[str, Any], principal: Principal) -> Requirement:
        """Require of a principal what a statement allows it: the largest level of it, if there is one."""
        written = texts(statement.get("Action", []))
        levels = {
            level: actions
            for level, actions in self._actions.items()
            if actions and all(any_covers([*written], action) for action in actions)
        }
        level = max(levels, key=lambda one: len(levels[one]), default=EXPECTED)
        return self.required(principal, level, levels.get(level, written), repository)

    def declared(self, value: object, path: str) -> Iterator[DeclaredPolicy]:
        for index, entry in enumerate(self.entries(value, path)):
            values = dict(self.pairs(entry, f"{path}[{index}]"))
            found = self.entries(values.get("Statements"), f"{path}[{index}].Statements")
            statements = tuple(one for one in found if isinstance(one, dict) and one)
            if not found or len(statements) < len(found):
                self.wrong(f"{path}[{index}].Statements", found, "a list of statements, one at least")
            for repository in self.repositories(values.get("Repositories"), f"{path}[{index}].Repositories"):
                yield DeclaredPolicy(repository, statements)

    def _accounts(self, value: object, path: str, principals: Sequence[Principal]) -> tuple[str, ...]:
        if value is None:
            return ()
        if any(one.kind is not Kind.SERVICE for one in principals):
            self.wrong(path, value, "accounts of services alone")
        return tuple(dict.fromkeys(self.accounts(value, path)))

    def _of(self, level: str, path: str) -> tuple[str, ...]:
        if not self._actions.get(level):
            self.wrong(path, level, f"a level that Actions lists ({', '.join(self._actions) or 'none'})")
        return self._actions.get(level, ())
