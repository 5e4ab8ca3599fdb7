"""Assertions in the words of the domain, on the templates of stacks and apps.

They read what the rules read, both policies, in three values: what depends on the deployment passes no assertion.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cdk_ecr_access.testing.access import Access
from cdk_ecr_access.testing.leaves import principal_of
from cdk_ecr_access.testing.named import identity_of, repository_of
from cdk_ecr_access.testing.templates import application_of, name_of, with_all_chosen
from cdk_ecr_access.testing.wording import Answer, called, explained, label_of
from ecr_access.codes import Code
from ecr_access.documents.templates.unknowns import shown
from ecr_access.iam.actions import TOKEN_ACTION, AccessLevel
from ecr_access.iam.ternary import Ternary, all_of
from ecr_access.iam.wildcards import is_action_matched
from ecr_access.rules.checks.token_on_resource import problem_of, restricted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdk_ecr_access.testing.templates import Templates
    from ecr_access.documents.templates.template import Resource

# Without either no layer arrives.
_PULLS: Final = AccessLevel.PULL.required_actions
# A principal that may put an image can tag one whose layers are there already. It needs no other action for it.
_PUSHES: Final = tuple(one for one in AccessLevel.PUSH.required_actions if one.endswith(":PutImage"))


def assert_can_pull(template: Templates, role: object, repository: object) -> None:
    """Assert that a principal can pull from a repository: it can sign in, and holds every action that a pull needs.

    Args:
        template: An App, a Stack, its template, or a list of these where role and repository are apart.
        role: A role, user or group, or what runs under a role such as a Lambda function: a construct, or a logical id.
        repository: A construct, a logical id, or the ARN of one that exists already.

    Raises:
        AssertionError: if it cannot, or if the templates do not tell; with the statements that come near.
        ValueError: if the templates declare no such role or repository.
        TypeError: if an argument is something else.
    """
    __tracebackhide__ = True
    _assert_can(template, role, repository, "pull from", AccessLevel.PULL)


def assert_can_push(template: Templates, role: object, repository: object) -> None:
    """Assert that a principal can push to a repository: it can sign in, and holds every action that a push needs.

    Args:
        template: An App, a Stack, its template, or a list of these where role and repository are apart.
        role: A role, user or group, or what runs under a role such as a Lambda function: a construct, or a logical id.
        repository: A construct, a logical id, or the ARN of one that exists already.

    Raises:
        AssertionError: if it cannot, or if the templates do not tell; with the statements that come near.
        ValueError: if the templates declare no such role or repository.
        TypeError: if an argument is something else.
    """
    __tracebackhide__ = True
    _assert_can(template, role, repository, "push to", AccessLevel.PUSH)


def assert_cannot_pull(template: Templates, role: object, repository: object) -> None:
    """Assert that a principal may not pull from a repository, whether or not it can sign in.

    That the token alone is missing is not enough: another policy may grant it, and means no harm.

    Args:
        template: An App, a Stack, its template, or a list of these where role and repository are apart.
        role: A role, user or group, or what runs under a role such as a Lambda function: a construct, or a logical id.
        repository: A construct, a logical id, or the ARN of one that exists already.

    Raises:
        AssertionError: if it may, or if the templates do not tell; with the statements that allow it.
        ValueError: if the templates declare no such role or repository.
        TypeError: if an argument is something else.
    """
    __tracebackhide__ = True
    _assert_cannot(template, role, repository, "pull from", _PULLS)


def assert_cannot_push(template: Templates, role: object, repository: object) -> None:
    """Assert that a principal may not push to a repository, whether or not it can sign in.

    Args:
        template: An App, a Stack, its template, or a list of these where role and repository are apart.
        role: A role, user or group, or what runs under a role such as a Lambda function: a construct, or a logical id.
        repository: A construct, a logical id, or the ARN of one that exists already.

    Raises:
        AssertionError: if it may, or if the templates do not tell; with the statements that allow it.
        ValueError: if the templates declare no such role or repository.
        TypeError: if an argument is something else.
    """
    __tracebackhide__ = True
    _assert_cannot(template, role, repository, "push to", _PUSHES)


def assert_has_token(template: Templates, role: object) -> None:
    """Assert that a principal can sign in: it holds the authorization token's action on ``*``.

    Args:
        template: An App, a Stack, its template, or a list of these.
        role: A role, user or group, or what runs under a role such as a Lambda function: a construct, or a logical id.

    Raises:
        AssertionError: if it cannot, or if the templates do not tell; with the statements that come near.
        ValueError: if the templates declare no such role.
        TypeError: if an argument is something else.
    """
    __tracebackhide__ = True
    access = Access(app := application_of(template, principal_of(role)), identity_of(app, role), "*")
    answer = access.may(TOKEN_ACTION)
    if answer is not Ternary.YES:
        raise AssertionError(
            Code.ASSERTION_FAILED.ends(
                explained(
                    f"{label_of(access)} {_no(answer)} get a token",
                    [(access, TOKEN_ACTION, answer)],
                    wanted=Ternary.YES,
                )
            )
        )


def assert_no_token_on_resource(template: Templates) -> None:
    """Assert that the token is granted on ``*`` alone, and by no policy of a repository: elsewhere it has no effect.

    A statement under a condition of the template counts as if it were there.

    Args:
        template: An App, a Stack, its template, or a list of these.

    Raises:
        AssertionError: with every statement where it is.
        TypeError: if the argument is something else.
    """
    __tracebackhide__ = True
    app = with_all_chosen(application_of(template))
    found = [_place(holder, f"{one.path}.Resource", shown(problem_of(one))) for holder, one in restricted(app)]
    found += [
        _place(policy.resource, one.path, f"{TOKEN_ACTION} is in a {policy.kind}, where it has no effect")
        for policy in app.resource_policies
        for one in policy.statements
        if any(map(_is_of_token, one.actions))
    ]
    if found:
        raise AssertionError(
            Code.ASSERTION_FAILED.ends(
                "\n".join([f"{TOKEN_ACTION} works on '*' in an identity's policy, and nowhere else", *found])
            )
        )


def _assert_can(template: Templates, role: object, repository: object, verb: str, level: AccessLevel) -> None:
    __tracebackhide__ = True
    access = _access(template, role, repository)
    token = Access(access.app, access.identity, "*")
    answers = [(token, TOKEN_ACTION, token.may(TOKEN_ACTION)), *_answers(access, level.required_actions)]
    answer = all_of(one for _, _, one in answers)
    if answer is not Ternary.YES:
        raise AssertionError(
            Code.ASSERTION_FAILED.ends(
                explained(f"{label_of(access)} {_no(answer)} {verb} {called(access)}", answers, wanted=Ternary.YES)
            )
        )


def _assert_cannot(template: Templates, role: object, repository: object, verb: str, decisive: Sequence[str]) -> None:
    __tracebackhide__ = True
    access = _access(template, role, repository)
    answers = _answers(access, decisive)
    answer = all_of(one for _, _, one in answers)
    if answer is not Ternary.NO:
        may = "can" if answer is Ternary.YES else "may at deployment be able to"
        raise AssertionError(
            Code.ASSERTION_FAILED.ends(
                explained(f"{label_of(access)} {may} {verb} {called(access)}", answers, wanted=Ternary.NO)
            )
        )


def _access(template: Templates, role: object, repository: object) -> Access:
    app = application_of(template, principal_of(role), repository)
    identity = identity_of(app, role)
    return Access(app, identity, *repository_of(app, repository))


def _answers(access: Access, actions: Sequence[str]) -> list[Answer]:
    return [(access, action, access.may(action)) for action in actions]


def _no(answer: Ternary) -> str:
    return "cannot" if answer is Ternary.NO else "cannot be shown to be able to"


def _is_of_token(action: str) -> bool:
    """Whether an action is the token's; not so a wildcard for all actions, which is about the repository's."""
    return is_action_matched(action, TOKEN_ACTION) is Ternary.YES and Ternary.YES not in (
        is_action_matched(action, one) for one in AccessLevel.PULL_PUSH.actions
    )


def _place(resource: Resource, path: str, text: str) -> str:
    return f"  {resource.logical_id} in {name_of(resource.template)}, {path}: {text}"
