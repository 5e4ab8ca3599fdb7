"""Compares a live repository policy with what an app declares of it.

Importing a repository into a stack has been seen to drop its policy, and CloudFormation sees no difference afterwards.
https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2493
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ecr_access.check.finding import Explanation, Finding, Verdict
from ecr_access.iam.normalized_statement import NormalizedStatement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecr_access.iam.arns import Repository
    from ecr_access.iam.repository_policy import RepositoryPolicy

APP: Final = "this app"
POLICY: Final = "POLICY"

_LONGEST: Final = 90
"""Characters of an element that a message shows."""

_FIX: Final = (
    "CloudFormation sees no change and will not put it back: put it with 'aws ecr set-repository-policy', or change "
    "what is declared, a Sid for one, and deploy again"
)


@dataclass(frozen=True, eq=False)
class DeclaredPolicy:
    """Statements that a repository's policy has to hold."""

    repository: Repository
    statements: tuple[Mapping[str, Any], ...]

    def compare(self, live: RepositoryPolicy) -> Finding:
        """Tell which of the statements the live policy lacks.

        One is there if a live statement has its effect, the keys of its conditions, and at least its principals, its
        actions, and the values of its conditions, where these are alternatives.
        """
        there = [NormalizedStatement.of(one) for one in live.statements]
        lacking = [one for one in self.statements if not any(_is_in(one, other) for other in there)]
        arn = self.repository.arn
        if not lacking:
            return Finding(APP, POLICY, arn, Verdict.ALLOWED, note="the live repository policy has what is declared")
        deleted = "; it names a principal that was deleted" if live.names_deleted else ""
        problems = tuple(Explanation(f"it lacks {_abbreviated(one)}{deleted}", _FIX) for one in lacking)
        return Finding(APP, POLICY, arn, Verdict.DENIED, problems)


def _is_in(statement: Mapping[str, Any], live: NormalizedStatement) -> bool:
    declared = NormalizedStatement.of(statement)
    return declared.condition_keys == live.condition_keys and declared.is_subset_of(live)


def _abbreviated(statement: Mapping[str, Any]) -> str:
    """Write a statement short enough for a message: effect, principals, actions and conditions."""
    elements = ("Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Condition")
    return ", ".join(f"{one} {_short(statement[one])}" for one in elements if one in statement)


def _short(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
