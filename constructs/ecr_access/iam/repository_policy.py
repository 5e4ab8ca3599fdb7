"""Judges a live repository policy: what it says about one principal and one action.

In one account an allow on either side suffices, and an explicit deny on either wins; a statement for the
repository's own account leaves the decision to that account's policies and by itself allows no role.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-single-account.html
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ecr_access.iam.request_context import context_of
from ecr_access.iam.statement_principals import names, names_deleted
from ecr_access.iam.statements import applies, malformed
from ecr_access.iam.ternary import Ternary, all_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecr_access.iam.arns import Repository
    from ecr_access.iam.principals import Principal, Source
    from ecr_access.iam.request_context import RequestContext


class Effect(Enum):
    """What a policy says: CONDITIONAL is an allow that depends on what only the call itself can tell."""

    ALLOWED = "allowed"
    EXPLICIT_DENY = "denied"
    CONDITIONAL = "conditional"
    IMPLICIT_DENY = "silent"


@dataclass(frozen=True)
class Question:
    """What a policy is judged for: one action of one principal; of a service, for the resources of one account.

    Attributes:
        repository: that the call is about.
        principal: the caller, or the callers.
        action: the IAM action.
        source: for whose resources a service acts. Default: unknown.
        on: the resource of the action. Default: the repository; a token has none but ``*``.
    """

    repository: Repository
    principal: Principal
    action: str
    source: Source | None = None
    on: str = ""

    @property
    def resource(self) -> str:
        """The resource of the action."""
        return self.on or self.repository.arn

    @cached_property
    def context(self) -> RequestContext:
        """What is known of the calls in question."""
        return context_of(self.principal, self.repository.registry, self.source)


@dataclass(frozen=True)
class Dependence:
    """A statement that applies under conditions which only the call itself can decide."""

    question: Question
    statement: Mapping[str, Any] = field(compare=False)
    keys: tuple[str, ...]


@dataclass(frozen=True)
class PolicyResult:
    """What a policy says about one principal and one action.

    ``statement`` is the deciding one; ``keys`` are the condition keys that it depends on. An implicit deny may have
    keys as well, under which a statement denies. ``denying`` has only the keys of denials, which decide alone where
    the principal's own policies allow. ``ways`` are the statements that allow under conditions, of which one is
    enough; ``denials`` are the statements that deny.
    """

    effect: Effect
    statement: str = ""
    keys: tuple[str, ...] = ()
    denying: tuple[str, ...] = field(default=(), compare=False)
    ways: tuple[Dependence, ...] = field(default=(), compare=False)
    denials: tuple[Dependence, ...] = field(default=(), compare=False)

    @property
    def allows(self) -> Ternary:
        """Whether statements allow it; what is explicitly denied is not looked at further."""
        if self.effect not in (Effect.ALLOWED, Effect.CONDITIONAL):
            return Ternary.NO
        return Ternary.MAYBE if self.ways else Ternary.YES

    @property
    def denies(self) -> Ternary:
        """Whether statements explicitly deny it."""
        if self.effect is Effect.EXPLICIT_DENY:
            return Ternary.YES
        return Ternary.MAYBE if self.denials else Ternary.NO


class PolicyError(ValueError):
    """The text is no policy, or one that cannot be read."""


@dataclass(frozen=True)
class RepositoryPolicy:
    """A repository's policy."""

    repository: Repository
    statements: tuple[Mapping[str, Any], ...] = ()

    @classmethod
    def parse(cls, repository: Repository, text: str) -> RepositoryPolicy:
        """Read a policy's JSON.

        Raises:
            PolicyError: if it is none, or a statement of it is malformed: no verdict can rest on that.
        """
        try:
            document = json.loads(text)
        except ValueError as error:
            raise PolicyError(f"its policy is no JSON: {error}") from error
        except RecursionError as error:
            raise PolicyError("its policy cannot be read: it is nested too deep") from error
        statements = document.get("Statement", []) if isinstance(document, dict) else None
        found = [statements] if isinstance(statements, dict) else statements
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise PolicyError("its policy has no list of statements")
        for index, statement in enumerate(found, start=1):
            if problem := malformed(statement):
                raise PolicyError(f'its policy cannot be read: statement "{_name(statement, index)}": {problem}')
        return cls(repository, tuple(found))

    @property
    def names_deleted(self) -> bool:
        """Whether it names a deleted principal. A statement for it allows no call."""
        return any(names_deleted(statement) for statement in self.statements)

    def judge(
        self, principal: Principal, action: str, source: Source | None = None, *, bounded: bool = False
    ) -> PolicyResult:
        """Judge one action of a principal.

        Args:
            principal: the caller; of an account or an organization, every caller in it.
            action: the IAM action.
            source: for whose resources a service acts. Default: unknown.
            bounded: whether the principal's permissions boundary leaves the action out, so that a statement has to
                go past it. Default: False.
        """
        question = Question(self.repository, principal, action, source)
        allow, deny = PolicyResult(Effect.IMPLICIT_DENY), PolicyResult(Effect.IMPLICIT_DENY)
        for index, statement in enumerate(self.statements, start=1):
            allowing = statement.get("Effect") == "Allow"
            truth, keys = self._applies(statement, question, allowing=allowing, bounded=bounded)
            if truth is Ternary.NO:
                continue
            name, found = _name(statement, index), Dependence(question, statement, keys)
            if not allowing and truth is Ternary.YES:
                return PolicyResult(Effect.EXPLICIT_DENY, name)
            if not allowing:
                denying = (*deny.keys, *keys)
                deny = PolicyResult(Effect.IMPLICIT_DENY, name, denying, denying, denials=(*deny.denials, found))
            elif truth is Ternary.YES:
                allow = PolicyResult(Effect.ALLOWED, name)
            elif allow.effect is not Effect.ALLOWED:
                allow = PolicyResult(Effect.CONDITIONAL, name, (*allow.keys, *keys), ways=(*allow.ways, found))
        if allow.effect is Effect.IMPLICIT_DENY or not deny.keys:
            return deny if allow.effect is Effect.IMPLICIT_DENY else allow
        keys = (*allow.keys, *deny.keys)
        return PolicyResult(Effect.CONDITIONAL, deny.statement, keys, deny.keys, allow.ways, deny.denials)

    def _applies(
        self, statement: Mapping[str, Any], question: Question, *, allowing: bool, bounded: bool
    ) -> tuple[Ternary, tuple[str, ...]]:
        owner = self.repository.account
        who, why = names(statement, question.principal, owner=owner, allowing=allowing, bounded=bounded)
        if who is Ternary.NO:
            return who, ()
        what, keys = applies(statement, question)
        if what is Ternary.NO:
            return what, ()
        return all_of((who, what)), (*keys, *((why,) * (who is Ternary.MAYBE)))


def _name(statement: Mapping[str, Any], index: int) -> str:
    return str(statement.get("Sid") or f"number {index}")
