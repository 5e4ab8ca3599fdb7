"""The resource of a statement about ECR must be the ARN of a repository.

A statement names the URI or the name of a repository in the place of its ARN, or an ARN that no repository has: without
``repository/``, with the URI after it, with a tag or digest, with an uppercase letter, without account or Region. IAM
refuses a resource that is no ARN when the policy is deployed. An ARN that no repository has never matches, so that the
statement has no effect on it.

Fix: ``repository.repository_arn``, or ``Fn::GetAtt`` of ``Arn``.

Not reported: parts that are known only at deploy time; an ARN of fewer parts, whose last ``*`` may stand for
the rest.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ecr_access.iam.arns import ARN_PARTS
from ecr_access.iam.ternary import Ternary
from ecr_access.iam.unknown_text import MARK, is_known, known_of, split
from ecr_access.iam.wildcards import has_wildcard, is_arn_matched, is_matched
from ecr_access.rules.access.resource_policies import REGISTRY_POLICY
from ecr_access.rules.finding import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.statements import Statement

_PREFIX: Final = "repository/"
_REPOSITORY: Final = f"arn:?*:ecr:?*:{'?' * 12}:?*"
_URI: Final = re.compile(rf"(?:\d{{12}}|{MARK})\.dkr[.-]ecr(?:-fips)?\.")
_NAME: Final = re.compile(rf"(?:{MARK}|[a-z0-9._/*?\-\ue004\ue005-])*")
_TAGGED: Final = frozenset(":@")
_ECR: Final = "ecr"
_FIX: Final = (
    "name 'arn:PARTITION:ecr:REGION:ACCOUNT:repository/NAME', in the CDK repository.repository_arn, in a template "
    "Fn::GetAtt of the repository's Arn"
)


def _check(app: Application) -> Iterator[RuleFinding]:
    registries = [one for one in app.resource_policies if one.kind == REGISTRY_POLICY]
    statements = [*app.statements, *((one.resource, it) for one in registries for it in one.statements)]
    for holder, statement in statements:
        for resource in statement.resources:
            if wrong := _wrong(resource, statement, app):
                yield RuleFinding(
                    holder,
                    f"{statement.path}.Resource",
                    f"names '{resource}', {wrong}",
                    _FIX,
                )


def _wrong(resource: str, statement: Statement, app: Application) -> str:
    """Say what is wrong with a resource; empty if nothing certainly is."""
    parts = split(resource, ":")
    if parts[0] == "arn":
        # The last wildcard of a shorter one reaches beyond its colon.
        is_of_ecr = len(parts) >= ARN_PARTS and parts[2] == _ECR
        return _wrong_arn(resource, ":".join(parts[5:])) if is_of_ecr else ""
    if any(one.startswith(f"{_ECR}:") for one in statement.actions) and _is_no_arn(resource, app):
        return "which is no ARN: IAM refuses the policy when it is deployed"
    return ""


def _is_no_arn(resource: str, app: Application) -> bool:
    if _URI.match(resource) or any(one.name == resource for one in app.repositories):
        return True
    return bool(resource) and is_known(resource) and not has_wildcard(resource)


def _wrong_arn(arn: str, rest: str) -> str:
    none = "which is the ARN of no repository, so that the statement has no effect on it:"
    if is_arn_matched(_REPOSITORY, arn) is Ternary.NO:
        return f"{none} an ARN has a Region and an account of 12 digits"
    if is_matched(f"{_PREFIX}?*", rest) is Ternary.NO:
        return f"{none} 'repository/' is missing before the name"
    if not rest.startswith(_PREFIX):  # a wildcard, or what only the deployment knows
        return ""
    name = rest.removeprefix(_PREFIX)
    if _URI.match(name):
        return f"{none} the name alone follows 'repository/', without the registry of the URI"
    if not _TAGGED.isdisjoint(known_of(name)):
        return f"{none} a repository has no tag and no digest"
    return "" if _NAME.fullmatch(name) else f"{none} a name has lowercase letters, digits and '.', '_', '-', '/'"


RULE: Final = Rule(
    "arn-of-no-repository",
    Severity.WARNING,
    "the resource of a statement about repositories is the ARN of one, or a pattern for some",
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/security_iam_service-with-iam.html",
    _check,
)
