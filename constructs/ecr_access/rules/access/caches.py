"""The pull-through caches of an app, and what a role needs to pull through them.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.references import pseudo
from ecr_access.iam.ternary import Ternary, all_of
from ecr_access.iam.unknown_text import equal, is_known
from ecr_access.iam.wildcards import is_matched
from ecr_access.rules.access.pair import Pair

if TYPE_CHECKING:
    from ecr_access.documents.templates.template import Resource
    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.identity import Identity
    from ecr_access.rules.access.images import Image

IMPORT: Final = "ecr:BatchImportUpstreamImage"
CREATE: Final = "ecr:CreateRepository"
ROOT: Final = "ROOT"
_RULE: Final = "AWS::ECR::PullThroughCacheRule"
_TEMPLATE: Final = "AWS::ECR::RepositoryCreationTemplate"


def cache_of(image: Image, app: Application) -> Resource | None:
    """Return the rule of the cache that an image is certainly pulled through, of the app; None if it may be another."""
    found = [one for one in app.of_type(_RULE) if _is_of(image, one, app)]
    return found[0] if found else None


def _is_of(image: Image, rule: Resource, app: Application) -> bool:
    prefix = app.resolver.text(rule.properties.get("EcrRepositoryPrefix", ""), rule.template)
    account, region = (str(pseudo(f"AWS::{one}", rule.template)) for one in ("AccountId", "Region"))
    same = all_of((equal(image.account, account), equal(image.region, region)))
    named = is_known(prefix) and prefix not in ("", ROOT) and image.name.startswith(f"{prefix.rstrip('/')}/")
    return rule.template.is_whole and same is Ternary.YES and named


def lacking_to_fill(identity: Identity, image: Image, rule: Resource, app: Application) -> list[str]:
    """Return the actions that a role certainly lacks to have an image cached that is not there yet.

    The policy of the repository cannot allow that it is created. Where a creation template applies, ECR creates it by a
    role of its own, and the repository may have a policy from the start.
    """
    declared = app.repositories.of_arn(image.repository)
    is_new = declared is None and app.repositories.is_known(image.repository) is Ternary.NO
    is_new = is_new and not any(_may_apply(one, image, app) for one in app.of_type(_TEMPLATE))
    pair = Pair(app, identity, image.repository, declared, rule if is_new else None)
    needed = (IMPORT, CREATE) if is_new else (IMPORT,)
    is_own = pair.is_same_account is Ternary.YES
    return [one for one in needed if is_own and pair.may(one) is Ternary.NO]


def _may_apply(template: Resource, image: Image, app: Application) -> bool:
    prefix = app.resolver.text(template.properties.get("Prefix", ROOT), template.template)
    return prefix == ROOT or is_matched(f"{prefix.rstrip('/')}/*", image.name) is not Ternary.NO
