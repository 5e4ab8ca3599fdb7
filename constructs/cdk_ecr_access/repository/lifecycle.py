"""The lifecycle of a repository's images: its rules, its policy, and a warning where images that are pulled archive."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from aws_cdk import Acknowledgment, Annotations, Duration, Stack, Validations
from aws_cdk import aws_ecr as ecr

from cdk_ecr_access.cdk.l1 import cfn_repository_of
from cdk_ecr_access.repository.lifecycle_rules import read, rules_of
from ecr_access.codes import Code
from ecr_access.ecr.lifecycle_limits import problems
from ecr_access.ecr.lifecycle_policy import UNTAGGED, UNTAGGED_DAYS, document, has_tokens, text
from ecr_access.iam.actions import AccessLevel
from ecr_access.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import IConstruct

    from cdk_ecr_access.repository.lifecycle_rules import GivenRule, LifecycleRule

ARCHIVED_IMAGES: Final = "cdk-ecr-access:archivedImages"
"""The id of the warning about pulls of archived images, for ``Annotations.acknowledge_warning``."""

_SAID: Final = Acknowledgment(
    id="EcrAccess::archived-and-pulled", reason=f"the warning {ARCHIVED_IMAGES} says so already"
)
"""Of the rule on templates that finds the same: one warning is enough."""

_PULL_LEVELS: Final = (AccessLevel.PULL, AccessLevel.PULL_PUSH, AccessLevel.LAMBDA_PULL)
_WARNING: Final = (
    "lifecycle rules archive images of {}, and a pull of an archived image answers 404, as if it did not exist; "
    "archive by not_pulled_for, keep the tags in use out of the rules, and restore what must be pulled again with "
    "'aws ecr update-image-storage-class'; acknowledge this warning once that is seen to"
)


class Lifecycle:
    """The lifecycle rules of one repository: never more than AWS takes, and rendered by ``aws_ecr`` where it can.

    ``for_aws_ecr`` has the rules if so, or else None: it cannot archive, nor write what is known only at deployment.
    """

    for_aws_ecr: list[ecr.LifecycleRule] | None

    def __init__(self, rules: Sequence[GivenRule] | None, *, named: str, registry_id: str | None = None) -> None:
        """Take the first rules.

        Args:
            rules: default: untagged images expire after 14 days.
            named: what messages call the repository.
            registry_id: default: this account's registry.

        Raises:
            ValueError: with everything that AWS would refuse about them.
        """
        self._name = named
        self._registry_id = registry_id
        self._pulled = self._warned = False
        self._defaults = _default_rules() if rules is None else ()
        self._accept(self._defaults if rules is None else rules_of(rules))

    def add(self, repository: ecr.Repository, rule: LifecycleRule) -> bool:
        """Take another rule; tell whether ``aws_ecr`` is to take it too.

        The default gives way to a rule that AWS does not take beside it.

        Raises:
            ValueError: with everything that AWS would refuse about it beside the others; nothing has changed then.
        """
        replaced = self._defaults if _replaces_default(rule) else ()
        self._accept([*(one for one in self._given if one not in replaced), rule])
        self.render(repository)
        self.granted(repository)
        return self.for_aws_ecr is not None

    def render(self, repository: ecr.Repository) -> None:
        """Render the policy where ``aws_ecr`` cannot."""
        if self.for_aws_ecr is None:
            written = text(self._rules)
            if has_tokens(written):
                written = Stack.of(repository).to_json_string(document(self._rules))
            cfn_repository_of(repository).lifecycle_policy = ecr.CfnRepository.LifecyclePolicyProperty(
                lifecycle_policy_text=written, registry_id=self._registry_id
            )

    def granted(self, repository: ecr.Repository, level: AccessLevel | None = None) -> None:
        """Warn, once, if a rule archives images that a principal was granted to pull.

        Args:
            repository: where the warning is shown.
            level: what was granted just now, if anything.
        """
        self._pulled = self._pulled or level in _PULL_LEVELS
        if self._pulled and not self._warned and any(rule.archives_what_is_pulled for rule in self._rules):
            self._warned = True
            warn_of_archived(repository, self._name)

    def _accept(self, given: Sequence[LifecycleRule]) -> None:
        rules = tuple(map(read, given))
        if found := problems(rules):
            listed = "".join(f"\n  {one}" for one in found)
            plural = "" if len(found) == 1 else "s"
            raise Code.LIFECYCLE_RULES.error(
                f"{len(found)} problem{plural} with the lifecycle rules of {quoted(self._name)}:{listed}"
            )
        self._given, self._rules = tuple(given), rules
        plain = [rule for rule in given if isinstance(rule, ecr.LifecycleRule)]
        # What aws_ecr was given it keeps.
        kept = all(one in given for one in self._defaults)
        self.for_aws_ecr = plain if kept and len(plain) == len(given) and not has_tokens(text(rules)) else None


def warn_of_archived(repository: IConstruct, name: str) -> None:
    """Warn that a lifecycle rule may archive images that a principal was granted to pull."""
    Annotations.of(repository).add_warning_v2(ARCHIVED_IMAGES, _WARNING.format(quoted(name)))
    Validations.of(repository).acknowledge(_SAID)


def _replaces_default(rule: LifecycleRule) -> bool:
    """Whether AWS does not take a rule beside the default: it selects the same images, or all of them, and not last."""
    one = read(rule)
    first = one.selects == "any" and one.priority is not None
    return one.storage_class == "standard" and (one.selects == "untagged" or first)


@cache
def _default_rules() -> tuple[ecr.LifecycleRule, ...]:
    # Once for all repositories: a Duration is a crossing into the CDK's process.
    return (
        ecr.LifecycleRule(
            description=UNTAGGED.description,
            tag_status=ecr.TagStatus.UNTAGGED,
            max_image_age=Duration.days(UNTAGGED_DAYS),
        ),
    )
