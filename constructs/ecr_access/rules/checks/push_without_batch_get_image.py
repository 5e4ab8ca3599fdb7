"""A principal that pushes must be allowed to read manifests.

A principal has ``PutImage`` and lacks ``BatchGetImage``, as after ``grant_push`` of ``aws_ecr``. Clients such as
buildx read the manifest back. They fail after they have uploaded all layers.

Fix: ``AccessibleRepository.grant_push``, or add the action.

Not reported: the role of an action of AWS CodePipeline that builds and publishes an image, which the CDK gives no more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.iam.ternary import Ternary
from ecr_access.iam.wildcards import is_matched
from ecr_access.rules.access.lacks import cause_of_lack
from ecr_access.rules.access.policy_principals import is_denied, is_foreign, may_be_allowed
from ecr_access.rules.access.pushes import publishing_roles
from ecr_access.rules.finding import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.identity import Identity
    from ecr_access.rules.access.repositories import Repository
    from ecr_access.rules.access.statements import Statement

_PUSH: Final = "ecr:PutImage"
_READ: Final = "ecr:BatchGetImage"
_SOME: Final = str.maketrans({"*": "no-policy-names-this", "?": "_"})
_PROBLEM: Final = (
    f"but not {_READ}: clients that read the manifest back, as newer ones of docker and buildx do, fail "
    "after all layers are uploaded"
)
_FIX: Final = (
    f"allow {_READ} beside {_PUSH}, which aws_ecr.Repository.grant_push leaves out and "
    "AccessibleRepository.grant_push renders"
)


def _check(app: Application) -> Iterator[RuleFinding]:
    # AWS CodePipeline's own builder does without: the CDK renders no more for its action.
    without = {role for template in app.templates for role in publishing_roles(template, app.resolver)}
    for identity in app.identities:
        if identity.arn not in without:
            yield from _of_identity(identity, app)
    for repository in app.repositories:
        if repository.has_whole_policy:
            yield from _of_repository(repository)


def _of_identity(identity: Identity, app: Application) -> Iterator[RuleFinding]:
    for holder, one in identity.granted:
        for arn in one.resources:
            # One of those that a pattern stands for, which no policy names by itself.
            some = arn.translate(_SOME)
            lacks = one.grants(_PUSH, some) is Ternary.YES and identity.may(_PUSH, some) is not Ternary.NO
            if lacks and identity.may(_READ, some) is Ternary.NO and not _may_be_trusted(identity, arn, app):
                problem = f"{identity.label} may {_PUSH} on '{arn}' {_PROBLEM}"
                cause = cause_of_lack(identity, [(_READ, arn)], app)
                yield RuleFinding(holder, f"{one.path}.Action", problem, _FIX, cause)
                break


def _may_be_trusted(identity: Identity, arn: str, app: Application) -> bool:
    """Whether the policy of a repository may allow an identity to read."""
    return any(
        not one.has_whole_policy or may_be_allowed(identity.arn, _READ, one)
        for one in app.repositories
        if is_matched(arn, one.arn) is not Ternary.NO
    )


def _of_repository(repository: Repository) -> Iterator[RuleFinding]:
    for one in repository.statements:
        if one.allows and one.names(_PUSH) is Ternary.YES and not _reads(one):
            for principal in one.principals.get("AWS", ()):
                if not is_foreign(principal, repository) or may_be_allowed(principal, _READ, repository):
                    continue
                if is_denied(principal, _PUSH, repository):
                    continue
                who = "every principal" if principal == "*" else f"'{principal}'"
                problem = f"{who} of another account may {_PUSH} {_PROBLEM}"
                yield RuleFinding(repository.resource, f"{one.path}.Action", problem, _FIX)
                break


def _reads(statement: Statement) -> bool:
    return statement.allows and statement.names(_READ) is not Ternary.NO


RULE: Final = Rule(
    "push-without-batch-get-image",
    Severity.WARNING,
    "a principal that has ecr:PutImage also has ecr:BatchGetImage",
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html",
    _check,
)
