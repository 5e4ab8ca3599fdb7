"""What of an app's policies is not known: where one app hides more than the other, a statement may still be there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.template import NO_VALUE, listed, mapping
from ecr_access.iam.unknown_text import is_known
from ecr_access.rules.access.managed import is_of_aws
from ecr_access.rules.access.resource_policies import document_of
from ecr_access.rules.access.statements import is_whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.documents.templates.template import Resource
    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.identities import Identity

_MANAGED: Final = "AWS::IAM::ManagedPolicy"
_POLICIES: Final = (
    "AWS::IAM::Policy",
    _MANAGED,
    "AWS::IAM::RolePolicy",
    "AWS::IAM::UserPolicy",
    "AWS::IAM::GroupPolicy",
)
ATTACHED: Final = ("Roles", "Users", "Groups", "RoleName", "UserName", "GroupName")
"""The properties by which a policy says what it is attached to."""


class Hidden:
    """The parts of an app's policies that are not known, each as a text: the same in two apps is no difference."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self._own = {app.resolver.text({"Ref": one.logical_id}, one.template) for one in app.of_type(_MANAGED)}
        self._names = {one.name for one in app.identities}
        self.of_app = frozenset(text for one in app.of_type(*_POLICIES) for text in self._of_policy(one))

    def of(self, identity: Identity) -> frozenset[str]:
        """Return what is hidden of the policies of a role, user or group."""
        resource, resolver = identity.resource, self._app.resolver
        arns = resolver.texts(resource.properties.get("ManagedPolicyArns"), resource.template)
        unread = {one for one in arns if one not in self._own and not is_of_aws(one)}
        inline = [one for one in listed(resource.properties.get("Policies")) if one != NO_VALUE]
        opened = [one for one in inline if self._is_open(mapping(one).get("PolicyDocument"), resource)]
        return self.of_app | unread | {self._text(one, resource) for one in opened}

    def attachments(self, policy: Resource) -> frozenset[str]:
        """Return what a policy is attached to by names that only the deployment knows."""
        names = [
            one for key in ATTACHED for one in self._app.resolver.texts(policy.properties.get(key), policy.template)
        ]
        return frozenset(one for one in names if not is_known(one) and one not in self._names)

    def _of_policy(self, policy: Resource) -> Iterator[str]:
        document = policy.properties.get("PolicyDocument")
        if self._is_open(document, policy):
            yield self._text(document, policy)
        yield from self.attachments(policy)

    def _is_open(self, document: object, resource: Resource) -> bool:
        return not is_whole(document_of(document, self._app.resolver, resource.template))

    def _text(self, value: object, resource: Resource) -> str:
        return self._app.resolver.text({"Fn::ToJsonString": value}, resource.template)
