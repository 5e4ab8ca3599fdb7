"""Judges a live repository policy: what it says about one principal and one action.

In one account an allow on either side suffices, and an explicit deny on either wins; a statement for the
repository's own account leaves the decision to that account's policies and by itself allows no role.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-single-account.html
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Final

from access_check.conditions import Truth, caller_of, evaluate
from access_check.patterns import any_covers, covers, has_wildcard, may_meet
from access_check.principals import Kind, Principal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from access_check.arns import Repository

_ACCOUNT: Final = re.compile(r"(?:arn:[a-z0-9-]+:iam::)?(?P<account>\d{12})(?::root)?")
# A session's ARN names its role without the path.
_SESSION: Final = re.compile(r"(?P<partition>arn:[a-z0-9-]+):sts::(?P<account>\d{12}):assumed-role/(?P<role>[^/]+)/.+")
# What IAM puts in the place of an ARN whose role, user or group has been deleted.
_DELETED: Final = re.compile(r"A(?:ROA|IDA|GPA)[A-Z0-9]{12,}")


class Effect(Enum):
    """What a policy says: CONDITIONAL is an allow that depends on what only the call itself can tell."""

    ALLOWED = "allowed"
    DENIED = "denied"
    CONDITIONAL = "conditional"
    SILENT = "silent"


@dataclass(frozen=True)
class Judgement:
    """What a policy says about one principal and one action.

    ``statement`` is the deciding one; ``keys`` are the condition keys that it depends on. A silent policy may have
    keys as well: those under which it denies. ``denying`` are these alone, for whom the principal's own policies allow.
    ``ways`` are the keys of each statement that allows under conditions: one of them is enough.
    """

    effect: Effect
    statement: str = ""
    keys: tuple[str, ...] = ()
    denying: tuple[str, ...] = field(default=(), compare=False)
    ways: tuple[tuple[str, ...], ...] = field(default=(), compare=False)


class PolicyError(ValueError):
    """The text is no policy."""


@dataclass(frozen=True)
class RepositoryPolicy:
    """A repository's policy."""

    repository: Repository
    statements: tuple[dict[str, object], ...] = ()

    @classmethod
    def parse(cls, repository: Repository, text: str) -> RepositoryPolicy:
        """Read a policy's JSON.

        Raises:
            PolicyError: if it is none.
        """
        try:
            document = json.loads(text)
        except ValueError as error:
            raise PolicyError(f"its policy is no JSON: {error}") from error
        statements = document.get("Statement", []) if isinstance(document, dict) else None
        found = [statements] if isinstance(statements, dict) else statements
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise PolicyError("its policy has no list of statements")
        return cls(repository, tuple(found))

    @property
    def names_deleted(self) -> bool:
        """Whether it names somebody who was deleted, so that a statement allows nobody."""
        return any(_DELETED.fullmatch(one) for statement in self.statements for one in _aws(statement.get("Principal")))

    def judge(self, principal: Principal, action: str) -> Judgement:
        """Tell what the policy says."""
        allow, deny = Judgement(Effect.SILENT), Judgement(Effect.SILENT)
        for index, statement in enumerate(self.statements, start=1):
            allowing = statement.get("Effect") == "Allow"
            truth, keys = self._applies(statement, principal, action, allowing=allowing)
            if truth is Truth.NO:
                continue
            name = str(statement.get("Sid") or f"number {index}")
            if not allowing and truth is Truth.YES:
                return Judgement(Effect.DENIED, name)
            if not allowing:
                deny = Judgement(Effect.SILENT, name, (*deny.keys, *keys), (*deny.keys, *keys))
            elif truth is Truth.YES:
                allow = Judgement(Effect.ALLOWED, name)
            elif allow.effect is not Effect.ALLOWED:
                allow = Judgement(Effect.CONDITIONAL, name, (*allow.keys, *keys), ways=(*allow.ways, keys))
        if allow.effect is Effect.SILENT or not deny.keys:
            return deny if allow.effect is Effect.SILENT else allow
        return Judgement(Effect.CONDITIONAL, deny.statement, (*allow.keys, *deny.keys), deny.keys, allow.ways)

    def _applies(
        self, statement: dict[str, object], principal: Principal, action: str, *, allowing: bool
    ) -> tuple[Truth, tuple[str, ...]]:
        who = self._names(statement, principal, allowing=allowing)
        resources = _texts(statement.get("Resource", "*"))
        if (
            who is Truth.NO
            or not _concerns(statement, action)
            or not any(covers(one, self.repository.arn) for one in resources)
        ):
            return Truth.NO, ()
        truth, keys = evaluate(statement.get("Condition"), caller_of(principal), allowing=allowing)
        if truth is not Truth.NO and who is Truth.MAYBE:
            return Truth.MAYBE, (*keys, "aws:userid" if _is_one(principal) else "aws:PrincipalArn")
        return truth, keys

    def _names(self, statement: dict[str, object], principal: Principal, *, allowing: bool) -> Truth:
        """Tell whether a statement is about a principal: an allow about all of it, a deny perhaps about a part."""
        if "NotPrincipal" not in statement:
            return self._lists(statement.get("Principal"), principal, allowing=allowing)
        element = statement["NotPrincipal"]
        # To list an account, or a part, spares no role from a deny, and leaves the whole out of an allow.
        if not allowing:
            return Truth.NO if _lists_itself(element, principal) else Truth.YES
        listed = self._lists(element, principal, allowing=False)
        if listed is Truth.MAYBE and _is_one(principal):
            return Truth.MAYBE
        return Truth.YES if listed is Truth.NO else Truth.NO

    def _lists(self, element: object, principal: Principal, *, allowing: bool) -> Truth:
        if _lists_itself(element, principal):
            return Truth.YES
        if principal.kind is Kind.SERVICE:
            return Truth.NO
        listed = list(_aws(element))
        accounts = {match["account"] for one in listed if (match := _ACCOUNT.fullmatch(one))}
        # To allow the repository's own account is to leave the decision to that account's policies.
        if principal.account in accounts and not (allowing and principal.account == self.repository.account):
            return Truth.YES
        if allowing and not _is_one(principal):
            return Truth.NO
        return Truth.MAYBE if any(_is_part(one, principal) for one in listed) else Truth.NO


def _is_one(principal: Principal) -> bool:
    return principal.kind is Kind.IAM and not has_wildcard(principal.name)


def _lists_itself(element: object, principal: Principal) -> bool:
    listed = list(_aws(element))
    if principal.kind is Kind.SERVICE and isinstance(element, dict):
        listed += _texts(element.get("Service"))
    named = principal.kind is Kind.SERVICE or _is_one(principal)
    return "*" in listed or (named and principal.name in listed)


def _is_part(listed: str, principal: Principal) -> bool:
    if principal.kind is Kind.IAM:
        return _is_session(listed, principal) or (not _is_one(principal) and covers(principal.name, listed))
    if principal.kind is Kind.ACCOUNT:
        return f":{principal.account}:" in listed
    return True


def _is_session(listed: str, principal: Principal) -> bool:
    match = _SESSION.fullmatch(listed)
    if match is None:
        return False
    roles = f"{match['partition']}:iam::{match['account']}:role/"
    return any(may_meet(one, principal.name) for one in (f"{roles}{match['role']}", f"{roles}*/{match['role']}"))


def _concerns(statement: dict[str, object], action: str) -> bool:
    if "NotAction" in statement:
        return not any_covers(_texts(statement["NotAction"]), action)
    return any_covers(_texts(statement.get("Action")), action)


def _aws(element: object) -> Iterator[str]:
    if isinstance(element, dict):
        yield from _texts(element.get("AWS"))
    elif isinstance(element, str):
        yield element


def _texts(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [] if value is None else [str(value)]
