"""Looks again at what was denied, because changes of policies take seconds, rarely a minute, to be seen.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from ecr_access.check.finding import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ecr_access.check.aws.retry import RetryBudget
    from ecr_access.check.finding import Finding

Asked = TypeVar("Asked")

_FIRST: Final = 2.0
_LONGEST: Final = 16.0


def settled(
    judge: Callable[[Iterable[Asked]], dict[Asked, Finding]],
    asked: Iterable[Asked],
    budget: RetryBudget,
    left: Callable[[], float],
) -> dict[Asked, Finding]:
    """Judge each requirement. Judge the denied ones again, all together, until none is or the time is over.

    A repository that does not exist is not looked for again: ECR shows a new one at once. An explicit denial is
    believed at once. What one look found stays where a later one gets no answer. The pauses are of full jitter, so
    that the checks of several stacks do not come back together.
    """
    findings = judge(asked)
    pause = _FIRST
    while True:
        denied = [one for one, found in findings.items() if _may_pass(found)]
        remaining = min(left(), budget.left())
        if not denied or remaining <= 0:
            return findings
        seconds = min(pause * budget.jitter(), remaining)
        budget.usage.waited(seconds)
        budget.sleep(seconds)
        pause = min(pause * 2, _LONGEST)
        for one, found in judge(denied).items():
            findings[one] = findings[one].not_confirmed(found) if found.unanswered else found


def _may_pass(found: Finding) -> bool:
    return found.awaited or (found.verdict is Verdict.DENIED and not (found.missing or found.final))
