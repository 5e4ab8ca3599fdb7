"""Stack outputs with the policies that administrators elsewhere attach, since no stack here can."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from aws_cdk import Annotations, CfnOutput, Token
from constructs import Construct

from cdk_ecr_access.cdk import lazy_values
from cdk_ecr_access.cdk.per_construct import per_construct
from cdk_ecr_access.cdk.stacks import node_of
from cdk_ecr_access.grants.handover_policy import identity_policy_document
from cdk_ecr_access.principals.grantees import is_foreign
from ecr_access.ecr.names import MAX_LENGTH
from ecr_access.iam.principals import Kind
from ecr_access.tokens import is_token

if TYPE_CHECKING:
    from aws_cdk import Stack

    from cdk_ecr_access.principals.grantee import Grantee
    from ecr_access.iam.actions import AccessLevel

_ID: Final = "EcrPolicyOutputs"
# No length of an output's value is documented. A parameter's is, by which such a document reaches another stack, and
# it is below the 6,144 characters of a managed policy.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
_LONGEST: Final = 4096
MOST: Final = 150
"""Outputs with policies, of the 200 that a template may have; the others are the app's own."""

_LONGEST_ARN: Final = len("arn:aws-iso-b:ecr:ap-southeast-99:111122223333:repository/") + MAX_LENGTH
_BETWEEN_ARNS: Final = len('"",')
_UNKNOWN: Final = "Elsewhere"
_COMPACT: Final = (",", ":")


class PolicyOutputs(Construct):
    """The outputs of a stack, one for each level and each account or organization that was granted it.

    An output is called ``Ecr<Level>PolicyFor<Account or organization>`` and holds a whole policy document for all
    repositories of the stack that were granted there. Beyond 4,096 characters, some 50 repositories, another one
    follows, whose name ends in ``Part2``.
    """

    def __init__(self, stack: Stack) -> None:
        super().__init__(stack, _ID)
        self._stack = stack
        self._parts: dict[tuple[str, AccessLevel], list[dict[str, int]]] = {}
        self._count = 0

    @staticmethod
    def of(stack: Stack) -> PolicyOutputs:
        """Return the outputs of a stack, made on first use; those that were removed from the tree stay away."""
        return _of(stack)

    def add(self, home: str, level: AccessLevel, arn: str) -> None:
        """Add a repository to what is output for an account or organization, which may be a token."""
        home = "" if is_token(home) else home
        parts = self._parts.setdefault((home, level), [])
        if any(arn in part for part in parts):
            return
        length = _BETWEEN_ARNS + (_LONGEST_ARN if is_token(arn) else len(arn))
        if not parts or _skeleton(level) + sum(parts[-1].values()) + length > _LONGEST:
            if self._count == MOST:
                self._warn()
                return
            parts.append({})
            self._output(home, level, parts)
        parts[-1][arn] = length

    def _output(self, home: str, level: AccessLevel, parts: list[dict[str, int]]) -> None:
        self._count += 1
        arns = parts[-1]
        named = re.sub("[^A-Za-z0-9]", "", home) or _UNKNOWN
        part = f"Part{len(parts)}" if len(parts) > 1 else ""
        output = CfnOutput(
            self,
            f"{_camel(level)}{named}{part}",
            description=_description(home, level),
            value=Token.as_string(
                lazy_values.value(lambda: self._text(identity_policy_document([*arns], level))),
            ),
        )
        output.override_logical_id(f"Ecr{_camel(level)}PolicyFor{named}{part}")

    def _text(self, document: dict[str, Any]) -> str:
        written = json.dumps(document, separators=_COMPACT)
        return self._stack.to_json_string(document) if is_token(written) else written

    def _warn(self) -> None:
        Annotations.of(self._stack).add_warning_v2(
            "cdk-ecr-access:policyOutputs",
            f"more than {MOST} policies to attach in other accounts, and a template has at most 200 outputs: the "
            "others are left out; read them from repository.identity_policy(level), grant to an organization, or "
            "declare the repositories in several stacks",
        )


@per_construct
def _of(stack: Stack) -> PolicyOutputs:
    found = node_of(stack).try_find_child(_ID)
    return found if isinstance(found, PolicyOutputs) else PolicyOutputs(stack)


def home_elsewhere(one: Grantee, account: str) -> str | None:
    """Name the account or organization whose administrators have to attach what a repository's account cannot."""
    if one.kind is Kind.IAM_IDENTITY:
        return one.account if is_foreign(one, account) else None
    # The administrators of a unit are the organization's.
    return None if one.kind is Kind.SERVICE else one.name.partition("/")[0]


@cache
def _skeleton(level: AccessLevel) -> int:
    """Count the characters of a document without its repositories."""
    return len(json.dumps(identity_policy_document(["", ""], level), separators=_COMPACT))


def _camel(level: AccessLevel) -> str:
    return level.value.title().replace("_", "")


def _description(home: str, level: AccessLevel) -> str:
    who = f"account {home}" if home.isdigit() else f"organization {home}" if home else "another account"
    return f"the policy that administrators of {who} attach to their roles and users for {level.value}"
