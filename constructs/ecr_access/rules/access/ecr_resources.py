"""The resource of a statement about ECR: the ARN of a repository, and what is written in its place.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/security_iam_service-with-iam.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ecr_access.iam.arns import ARN_PARTS
from ecr_access.iam.ternary import Ternary
from ecr_access.iam.unknown_text import MARK, is_known, is_mark, known_of, split
from ecr_access.iam.wildcards import has_wildcard, is_arn_matched, is_matched

if TYPE_CHECKING:
    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.statements import Statement

_PREFIX: Final = "repository/"
_REPOSITORY: Final = f"arn:?*:ecr:?*:{'?' * 12}:?*"
_ACCOUNT: Final = "ACCOUNT"
"""Stands for an account that is unknown where no ARN can begin with it."""
_URI: Final = re.compile(rf"(?:\d{{12}}|{MARK}|{_ACCOUNT})(?=\.dkr[.-]ecr(?:-fips)?\.)")
_NAME: Final = re.compile(rf"(?:{MARK}|[a-z0-9._/*?\-\ue004\ue005-])*")
_TAGGED: Final = frozenset(":@")
_ECR: Final = "ecr"


def as_no_arn(text: str) -> str:
    """Return the URI of a repository as a text that certainly is no ARN, whatever its account is; else the text."""
    found = _URI.match(text)
    return f"{_ACCOUNT}{text[found.end() :]}" if found and is_mark(found[0]) else text


def names_the_same(wrong: str, arn: str) -> bool:
    """Whether what is written in the place of a repository's ARN has its name, so that it was meant."""
    name = re.escape(arn.partition("/")[2])
    return re.fullmatch(rf"(?:.*[/:])?{name}(?:[:@].*)?", wrong, re.IGNORECASE | re.DOTALL) is not None


def wrong_resource(resource: str, statement: Statement, app: Application) -> str:
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
    if _URI.match(resource) or resource in app.repositories.names:
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
