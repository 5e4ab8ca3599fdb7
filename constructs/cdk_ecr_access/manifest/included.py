"""The repositories of a manifest, made by the inclusion of one template."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from aws_cdk import FeatureFlags, Tags
from aws_cdk.cloudformation_include import CfnInclude

from cdk_ecr_access.cdk.policy_documents import MINIMIZES, document, joined
from cdk_ecr_access.cdk.stacks import stack_of
from cdk_ecr_access.manifest.bulk_repository import BulkRepository, IncludedSide
from cdk_ecr_access.repository.lifecycle import warn_of_archived
from cdk_ecr_access.repository.names_in_bulk import NamesInBulk
from ecr_access.manifest.resource import resource
from ecr_access.tokens import is_token

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_cdk import aws_ecr as ecr
    from constructs import Construct

    from cdk_ecr_access.cdk.policy_documents import Statement
    from cdk_ecr_access.manifest.draft import Draft

_ID: Final = "Repositories"
# A template that is included may refer to pseudo parameters, and to what is in it.
_FOREIGN: Final = re.compile(r'"Fn::GetAtt"|"Fn::ImportValue"|"Ref": "(?!AWS::)')


class Included(Mapping[str, BulkRepository]):
    """The repositories that were made in bulk, by their names; each object is made when it is asked for."""

    def __init__(self, scope: Construct, drafts: Sequence[Draft]) -> None:
        """Make the repositories in a scope."""
        self._drafts = {one.entry.name: one for one in drafts}
        self._minimize = FeatureFlags.of(scope).is_enabled(MINIMIZES) or False
        self._asked: dict[str, BulkRepository] = {}
        self._late: dict[str, list[Statement]] = {}
        resources = self._resources(scope)
        self._include = _included(scope, resources) if resources else None
        self.names = NamesInBulk(scope, {name: one.logical_id for name, one in self._drafts.items()}, self._resource)
        """The names, for the names of the app."""
        for draft in drafts:
            self._complete(draft)

    def __getitem__(self, name: str) -> BulkRepository:
        """Return a repository by its name."""
        if name not in self._asked:
            side = self._drafts[name].side
            self._asked[name] = BulkRepository(
                self._resource(name), name=name, retained=side.retained, minimize=self._minimize
            )
        return self._asked[name]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names, in the order of the manifest."""
        return iter(self._drafts)

    def __len__(self) -> int:
        """Count the repositories."""
        return len(self._drafts)

    def _resource(self, name: str) -> ecr.CfnRepository:
        include = cast("CfnInclude", self._include)
        return cast("ecr.CfnRepository", include.get_resource(self._drafts[name].logical_id))

    def _resources(self, scope: Construct) -> dict[str, Any]:
        return {
            one.logical_id: _with_policy(resource(one.entry), policy)
            for one, policy in zip(self._drafts.values(), self._policies(scope), strict=True)
        }

    def _policies(self, scope: Construct) -> Iterator[dict[str, Any] | None]:
        """Write the policy of each repository; what a template cannot refer to is left for later."""
        wanted = [joined(one.side.statements, minimize=self._minimize) for one in self._drafts.values()]
        texts = [json.dumps(one) for one in wanted]
        open_ = [index for index, text in enumerate(texts) if is_token(text)]
        if open_:
            resolved = stack_of(scope).resolve([wanted[index] for index in open_])
            for index, statements in zip(open_, resolved, strict=True):
                if _FOREIGN.search(json.dumps(statements)):
                    self._late[[*self._drafts][index]] = wanted[index]
                    statements = []  # noqa: PLW2901
                wanted[index] = statements
        for statements in wanted:
            yield document(statements, minimize=self._minimize) if statements else None

    def _complete(self, draft: Draft) -> None:
        """Do with a resource in the tree what a template cannot; most need nothing."""
        name, side = draft.entry.name, draft.side
        late = self._late.get(name)
        archives = draft.archives_what_is_pulled
        if not (draft.entry.tags or late or side.waiting or archives):
            return
        leaf = self._resource(name)
        side.included = IncludedSide(leaf, retained=side.retained, minimize=self._minimize)
        if late:
            side.included.add_all(late)
        for do in side.waiting:
            side.included.when_all_is_declared(do)
        if archives:
            warn_of_archived(leaf, name)
        # In the template, a tag would give way to one of an outer scope.
        for key, value in draft.entry.tags:
            Tags.of(leaf).add(key, value)


def _included(scope: Construct, resources: dict[str, Any]) -> CfnInclude:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "template.json")
        path.write_text(json.dumps({"Resources": resources}), encoding="utf-8")
        return CfnInclude(scope, _ID, template_file=str(path))


def _with_policy(written: dict[str, Any], policy: dict[str, Any] | None) -> dict[str, Any]:
    if policy is not None:
        written["Properties"]["RepositoryPolicyText"] = policy
    return written
