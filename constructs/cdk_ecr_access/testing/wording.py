"""What a failed assertion says: who, what, on what, and which statements come near."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from cdk_ecr_access.testing.chosen import hides_denial
from cdk_ecr_access.testing.templates import name_of
from ecr_access.documents.templates.template import listed
from ecr_access.documents.templates.unknowns import shown
from ecr_access.iam.actions import TOKEN_ACTION
from ecr_access.iam.ternary import Ternary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cdk_ecr_access.testing.access import Access
    from ecr_access.documents.templates.template import Resource
    from ecr_access.rules.access.statements import Statement

Answer = tuple["Access", str, Ternary]
_ANSWERS: Final = {
    Ternary.YES: "allowed",
    Ternary.NO: "not allowed",
    Ternary.MAYBE: "not known before the deployment",
}

_BOTH: Final = "the repository is in another account, so that its policy and one of the identity's have to allow it"


def explained(headline: str, answers: Sequence[Answer], *, wanted: Ternary) -> str:
    """Write why an assertion failed.

    Args:
        headline: what is wrong, in a sentence.
        answers: of each action on each resource, whether it is allowed.
        wanted: the answer that was expected.
    """
    by_answer: dict[str, list[str]] = {}
    wrong: dict[Access, list[str]] = {}
    for access, action, answer in answers:
        by_answer.setdefault(f"  {_ANSWERS[answer]} on {shown(access.arn)}: ", []).append(action)
        if answer is not wanted:
            wrong.setdefault(access, []).append(action)
    found = [
        line for access, actions in wrong.items() for line in _statements(access, actions, near=wanted is Ternary.YES)
    ]
    title = "statements that come near:" if wanted is Ternary.YES else "statements that allow it:"
    return "\n".join(
        [
            headline,
            *(start + ", ".join(actions) for start, actions in by_answer.items()),
            *([title, *dict.fromkeys(found)] if found else ["no statement comes near"]),
            *dict.fromkeys(
                line for access, _, answer in answers if answer is Ternary.MAYBE for line in _unknown(access)
            ),
            *dict.fromkeys(_BOTH for access in wrong if wanted is Ternary.YES and access.is_same_account is Ternary.NO),
        ]
    )


def label_of(access: Access) -> str:
    """Return what to call an identity: its name, or its logical id where CloudFormation makes up the name."""
    return _plain(shown(access.identity.label))


def called(access: Access) -> str:
    """Return what to call a repository: its name, or its logical id."""
    return _plain(shown(access.arn).partition(":repository/")[2] or shown(access.arn))


def _plain(name: str) -> str:
    return re.sub(r"\$\{(\w+)\}$", r"\1", name)


def _statements(access: Access, actions: Sequence[str], *, near: bool) -> Iterator[str]:
    """Yield the statements that are about some actions, and if near, also those that are about the repository."""
    if near:
        yield from _against(access, actions)
    by_aws = [(None, one) for one in access.identity.by_aws]
    for holder, statement in (*access.identity.granted, *by_aws):
        named = [one for one in actions if statement.names(one) is not Ternary.NO]
        on = access.is_on(statement)
        if named and (near or (on is not Ternary.NO and statement.allows)):
            yield _line(holder, statement, _own(access, statement, actions, named))
        elif near and on is Ternary.YES and access.arn != "*" and _is_of_repositories(statement):
            yield _line(
                holder, statement, f"{_effect(statement)} {_actions(statement)} there, and nothing of what is missing"
            )
    if (repository := access.repository) is not None:
        for statement in repository.statements:
            named = [one for one in actions if statement.names(one) is not Ternary.NO]
            is_theirs = access.names(statement) is not Ternary.NO
            if (named or is_theirs) if near else (named and is_theirs and statement.allows):
                yield _line(repository.resource, statement, _theirs(access, statement, named))


def _against(access: Access, actions: Sequence[str]) -> Iterator[str]:
    """Yield what takes away, whatever else allows: the boundary, and what the deployment may attach."""
    for within, verb in ((Ternary.NO, "does"), (Ternary.MAYBE, "may")):
        if outside := [one for one in actions if access.is_within_boundary(one) is within]:
            yield f"  its permissions boundary {verb} not allow {', '.join(outside)}, whatever its policies say"
    for holder, statement in access.perhaps:
        named = [one for one in actions if statement.names(one) is not Ternary.NO]
        if named and access.is_on(statement) is not Ternary.NO:
            text = _own(access, statement, actions, named)
            yield _line(holder, statement, f"{text}, if it is attached at deployment")


def _own(access: Access, statement: Statement, wanted: Sequence[str], named: Sequence[str]) -> str:
    on = access.is_on(statement)
    text = f"{_effect(statement)} {', '.join(named)}"
    missing = [one for one in wanted if one not in named]
    if on is Ternary.NO:
        text += f" on another resource: {', '.join(map(shown, statement.resources))}"
    elif on is Ternary.MAYBE:
        text += f" on what may be another resource: {', '.join(map(shown, statement.resources)) or 'NotResource'}"
    if missing and on is not Ternary.NO:
        text += f" there, and not {', '.join(missing)}"
    return text + _condition(access, statement)


def _theirs(access: Access, statement: Statement, named: Sequence[str]) -> str:
    who = access.names(statement)
    principals = ", ".join(shown(one) for names in statement.principals.values() for one in names) or "all but some"
    text = f"{_effect(statement)} {', '.join(named) or _actions(statement)} to {principals}"
    return text + (", which is another principal" if who is Ternary.NO else "") + _condition(access, statement)


def _condition(access: Access, statement: Statement) -> str:
    if not statement.condition:
        return ""
    is_met = ", which is not met" if access.holds(statement) is Ternary.NO else ""
    return f", under a condition on {', '.join(sorted(statement.condition_keys))}{is_met}"


def _line(holder: Resource | None, statement: Statement, text: str) -> str:
    if holder is None:  # of a managed policy of AWS, whose ARN is the path
        return f"  {shown(statement.path)}: {text}"
    if "Condition" in holder.attributes:
        text += f", where {holder.attributes['Condition']} holds"
    return f"  {holder.logical_id} in {name_of(holder.template)}, {statement.path}: {text}"


def _effect(statement: Statement) -> str:
    return "allows" if statement.allows else "denies"


def _actions(statement: Statement) -> str:
    return ", ".join(str(one) for one in listed(statement.raw.get("Action"))) or "all but some actions"


def _is_of_repositories(statement: Statement) -> bool:
    return any(one.startswith("ecr:") and one != TOKEN_ACTION.lower() for one in statement.actions)


def _unknown(access: Access) -> Iterator[str]:
    """Yield what the templates do not tell."""
    if not access.identity.is_whole:
        yield f"not all policies of {label_of(access)} are known"
    for holder in sorted(filter(hides_denial, access.holders), key=lambda one: one.logical_id):
        yield f"{holder.logical_id} in {name_of(holder.template)} has statements that the deployment chooses"
    if access.repository is None and access.arn != "*":
        yield f"the policy of {shown(access.arn)} is in none of the templates"
    sides = [access.identity.resource, *([access.repository.resource] if access.repository else [])]
    for name in dict.fromkeys(name_of(one.template) for one in sides if not one.template.account):
        yield f"the account of {name} is not known: give the App, or the stack in its place, with an environment"
