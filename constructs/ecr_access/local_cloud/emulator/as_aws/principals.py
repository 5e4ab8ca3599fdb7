"""What the simulator knows of a principal: its policies by their names, and its permissions boundary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ministack.core import iam_evaluator
from ministack.services import iam

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Statement = Any  # MiniStack has no types

NOUNS = ("role", "user", "group")


@dataclass(frozen=True)
class Policy:
    """An identity policy under the id that the simulator gives it: a managed one's name, or KIND_PRINCIPAL_NAME."""

    id: str
    statements: list[Statement]


@dataclass(frozen=True)
class Principal:
    """A role, user or group of the account that asks."""

    arn: str
    account: str
    policies: list[Policy]
    boundary: list[Statement] | None


def name_of(arn: str) -> tuple[str, str]:
    """Return the noun and the name in a principal's ARN, which may have a path between them."""
    noun, _, path = arn.rpartition(":")[2].partition("/")
    return noun, path.rpartition("/")[2]


def find_principal(arn: str, account: str) -> Principal | None:
    """Return a principal of an account, or None where there is none of that ARN."""
    noun, name = name_of(arn)
    entity = _entities(noun).get(name)
    if entity is None or entity["Arn"] != arn:
        return None
    policies = list(_policies_of(noun, name, account))
    if noun == "user":
        groups = [group for group, one in iam._groups.items() if name in one.get("Users", ())]  # noqa: SLF001
        policies += [policy for group in groups for policy in _policies_of("group", group, account)]
    boundary = entity.get("PermissionsBoundary")
    return Principal(arn, account, policies, _managed(boundary, account) if boundary else None)


def _entities(noun: str) -> Any:
    return {"role": iam._roles, "user": iam._users, "group": iam._groups}[noun]  # noqa: SLF001


def _policies_of(noun: str, name: str, account: str) -> Iterator[Policy]:
    for policy, document in _inline(noun, name).items():
        yield Policy(f"{noun}_{name}_{policy}", iam_evaluator.parse_policy_document(document))
    for arn in _entities(noun)[name].get("AttachedPolicies", ()):
        yield Policy(arn.rpartition("/")[2], _managed(arn, account))


def _inline(noun: str, name: str) -> Mapping[str, Any]:
    if noun == "role":
        return iam._roles[name].get("InlinePolicies") or {}  # noqa: SLF001
    store = iam._user_inline_policies if noun == "user" else iam._group_inline_policies  # noqa: SLF001
    return store.get(name) or {}


def _managed(arn: str, account: str) -> list[Statement]:
    document = iam_evaluator._resolve_managed_policy_document(arn, account)  # noqa: SLF001
    return iam_evaluator.parse_policy_document(document) if document else []
