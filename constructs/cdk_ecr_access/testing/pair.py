"""Whom and what statements are about: one identity, and one repository.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cdk_ecr_access.testing.conditions import is_met
from ecr_access.documents.templates.template import NO_VALUE
from ecr_access.documents.templates.unknowns import equal, is_known, matches, split
from ecr_access.rules.access.answers import all_of, any_of, opposite
from ecr_access.rules.access.conditions import ARN_PARTS, with_variables

if TYPE_CHECKING:
    from ecr_access.documents.templates.template import Template
    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.identities import Identity
    from ecr_access.rules.access.repositories import Repository
    from ecr_access.rules.access.statements import Statement

_GROUP: Final = "AWS::IAM::Group"


@dataclass(frozen=True, eq=False)
class Pair:
    """One identity and one repository.

    Attributes:
        app: that both are of.
        identity: who.
        arn: of the repository, or ``*`` for the token.
        repository: what declares it; None if the templates do not.
    """

    app: Application
    identity: Identity
    arn: str
    repository: Repository | None = None

    def is_on(self, statement: Statement) -> bool | None:
        """Whether a statement of the identity's policies is about the repository, or the token."""
        if statement.not_resources is not None:
            return opposite(any_of(matches(_pattern(one), self.arn) for one in statement.not_resources))
        # Two repositories that are declared are never one, also where CloudFormation makes up the name of either.
        others = {one.arn for one in self.app.repositories} - {self.arn} if self.repository else set()
        return any_of(matches(_pattern(one), self.arn) for one in statement.resources if one not in others)

    def names(self, statement: Statement) -> bool | None:
        """Whether a statement of the repository's policy is about the identity."""
        if "NotPrincipal" in statement.raw:
            return None
        return any_of(self._is(one, allows=statement.allows) for one in statement.principals.get("AWS", ()))

    def holds(self, statement: Statement, template: Template) -> bool | None:
        """Whether the condition of a statement is met, as far as it asks who the identity is."""
        if statement.raw.get("Condition") == NO_VALUE:
            return True
        return all_of(
            self._meets(operator, values, template) if key.lower() == "aws:principalarn" else None
            for operator, keys in statement.condition.items()
            for key, values in (keys.items() if isinstance(keys, dict) else [("", keys)])
        )

    def _meets(self, operator: str, values: object, template: Template) -> bool | None:
        if self._is_group:
            return None  # its members ask, not the group
        # Two that are declared are never one, also where CloudFormation makes up the name of either.
        texts = [one for one in self.app.resolver.texts(values, template) if one not in self._others]
        return is_met(operator, [with_variables(one) for one in texts], self.identity.arn)

    def _is(self, principal: str, *, allows: bool) -> bool | None:
        """Whether a principal is the identity, or its account, or everybody."""
        if principal == "*":
            return True
        if principal.endswith(":root") or principal.isdigit() or principal == self._account:
            whole = _ends(f":{principal.removesuffix(':root')}", f":{self._account}")
            # The account's root stands for everybody in it where it is denied, or is another account; at home an
            # allowing statement only lets its own policies decide, which they do anyway.
            at_home = self.is_same_account if allows else False
            return all_of((whole, None if at_home is None else not at_home))
        if self._is_group or principal in self._others:
            return False
        return self._is_session(principal) if ":sts:" in principal else equal(principal, self.identity.arn)

    def _is_session(self, principal: str) -> bool | None:
        """Whether a principal is a session of the role, which no other session of it is."""
        kind, _, session = split(principal, ":")[-1].partition("/")
        account = _ends(principal.partition(f":{kind}/")[0], f":{self._account}")
        name = equal(split(session, "/")[0], split(self.identity.arn, "/")[-1])
        return all_of((kind == "assumed-role", account, name, None))

    @property
    def _is_group(self) -> bool:
        return self.identity.resource.type == _GROUP

    @property
    def _others(self) -> set[str]:
        return {one.arn for one in self.app.identities} - {self.identity.arn}

    @property
    def _account(self) -> str:
        return self.app.resolver.text({"Ref": "AWS::AccountId"}, self.identity.resource.template)

    @property
    def is_same_account(self) -> bool | None:
        """Whether both are of one account; None if that depends."""
        if self.arn == "*":
            return True
        if self.repository:
            template = self.repository.resource.template
            return equal(self._account, self.app.resolver.text({"Ref": "AWS::AccountId"}, template))
        return _ends(self.arn.partition(":repository/")[0], f":{self._account}")


def _pattern(resource: str) -> str:
    """Write what a statement names as IAM reads it: each part that an ARN lacks at its end is anything.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
    """
    lacks = ARN_PARTS - len(split(resource, ":"))
    is_short = resource.startswith("arn:") and is_known(resource) and lacks > 0
    return with_variables(resource + ":*" * lacks if is_short else resource)


def _ends(text: str, end: str) -> bool | None:
    """Whether a text has an end; None if that depends."""
    if text.endswith(end):
        return True
    return False if is_known(text) and is_known(end) else None
