"""A repository that is pulled from should not archive images.

A lifecycle rule archives images of a repository that the app pulls from or runs. A pull of an archived image answers
404.

Fix: archive by ``sinceImagePulled``, exclude the tags in use, or expire images in place of archiving them. If no
archived image is in use, acknowledge the finding.

Not reported: a rule by ``sinceImagePulled``, which archives nothing in use; what ``AccessibleRepository`` has warned
of.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from ecr_access.documents.templates.template import listed, mapping
from ecr_access.iam.actions import AccessLevel
from ecr_access.iam.ternary import Ternary
from ecr_access.iam.wildcards import is_matched
from ecr_access.rules.access.pair import Pair
from ecr_access.rules.access.policy_principals import is_denied
from ecr_access.rules.finding import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.identity import Identity
    from ecr_access.rules.access.images import Image
    from ecr_access.rules.access.repositories import Repository
    from ecr_access.rules.access.statements import Statement

_PULLS: Final = AccessLevel.PULL.required_actions
"""What every puller needs, Lambda among them."""


def _check(app: Application) -> Iterator[RuleFinding]:
    for repository in app.repositories:
        for rule in _archiving(repository, app):
            if puller := _puller(rule, repository, app):
                yield RuleFinding(
                    repository.resource,
                    "Properties.LifecyclePolicy.LifecyclePolicyText",
                    f"the lifecycle rule of priority {rule.get('rulePriority')} archives images, and {puller}: the "
                    "pull of an archived image answers 404, as if it did not exist",
                    "archive by sinceImagePulled, keep the tags in use out of the rule by tagPatternList, or expire "
                    "images instead; if no archived image is in use, acknowledge the finding",
                )
                break


def _archiving(repository: Repository, app: Application) -> Iterator[Mapping[str, Any]]:
    """Yield the lifecycle rules that archive images in use; one that waits for the last pull archives none."""
    policy = mapping(repository.resource.properties.get("LifecyclePolicy"))
    try:
        read = json.loads(app.resolver.text(policy.get("LifecyclePolicyText", ""), repository.resource.template))
    except (ValueError, RecursionError):  # another rule's matter, or known at deployment alone
        return
    for one in listed(mapping(read).get("rules")):
        archives = mapping(mapping(one).get("action")).get("targetStorageClass") == "archive"
        if archives and mapping(mapping(one).get("selection")).get("countType") != "sinceImagePulled":
            yield one


def _puller(rule: Mapping[str, Any], repository: Repository, app: Application) -> str:
    """Say which principal pulls what a rule archives, or may; empty if none does for certain."""
    for image in app.images:
        if image.repository == repository.arn and _selects(mapping(rule.get("selection")), image):
            return f"{image.resource.logical_id} runs '{image.uri}'"
    for identity in app.identities:
        if _pulls(identity, repository) and not _is_denied(identity, repository, app):
            return f"{identity.label} may pull"
    for one in repository.statements:
        lets_pull = one.allows and all(one.names(action) is Ternary.YES for action in _PULLS)
        if lets_pull and (named := _named(one, repository)):
            return f"its policy lets {named} pull"
    return ""


def _selects(selection: Mapping[str, Any], image: Image) -> bool:
    """Whether a rule certainly counts an image: by its tag, or one without, which is run by digest."""
    tag, status = image.tag or "latest", selection.get("tagStatus")
    if image.digest or status != "tagged":
        return status == "any" or (status == "untagged" and bool(image.digest))
    prefixes = [f"{one}*" for one in listed(selection.get("tagPrefixList"))]
    patterns = [*prefixes, *map(str, listed(selection.get("tagPatternList")))]
    return bool(patterns) and all(is_matched(one, tag) is Ternary.YES for one in patterns)


def _pulls(identity: Identity, repository: Repository) -> bool:
    """Whether its policies name what a pull needs; an administrator, who may do anything, is no puller."""
    named = [one for _, one in identity.granted if any(action.startswith("ecr:") for action in one.actions)]
    return all(any(one.grants(action, repository.arn) is Ternary.YES for one in named) for action in _PULLS)


def _is_denied(identity: Identity, repository: Repository, app: Application) -> bool:
    pair = Pair(app, identity, repository.arn, repository)
    return any(pair.undenied(action) for action in _PULLS)


def _named(statement: Statement, repository: Repository) -> str:
    """Name a principal that a statement lets pull, and no other denies it; empty if there is none."""
    every = [name for names in statement.principals.values() for name in names]
    left = [one for one in every if not any(is_denied(one, action, repository) for action in _PULLS)]
    return f"'{left[0]}'" if left else "" if every else "others"


RULE: Final = Rule(
    "archived-and-pulled",
    Severity.WARNING,
    "a repository that the app pulls from archives no images",
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/archive-image.html",
    _check,
)
