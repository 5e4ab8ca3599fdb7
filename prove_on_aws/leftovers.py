"""Finds what earlier runs left behind: by the journal of this machine, and by the names of what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prove_on_aws.journal import Resource
from prove_on_aws.names import BUSY_SECONDS, PATH, began

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from prove_on_aws.journal import Journal
    from prove_on_aws.sessions import Caller, Session


def leftovers(session: Session, caller: Caller, journal: Journal, *, now: float) -> list[Resource]:
    """Return what is left of earlier runs in this account: in this Region, and wherever the journal says.

    What the journal does not name may belong to a run on another machine: it counts only where it is old.
    """
    named = [one for one in journal.left if one.account == caller.account]
    found = [Resource(kind, name, caller.account, caller.region) for kind, name in _there(session)]
    old = [one for one in found if (began(one.name) or now) < now - BUSY_SECONDS]
    return list(dict.fromkeys([*named, *old]))


def _there(session: Session) -> Iterator[tuple[str, str]]:
    formation, iam = session.client("cloudformation"), session.client("iam")
    stacks = _all(formation, "describe_stacks", "Stacks")
    yield from (("stack", one["StackName"]) for one in stacks if one["StackStatus"] != "DELETE_COMPLETE")
    functions = _all(session.client("lambda"), "list_functions", "Functions")
    yield from (("function", one["FunctionName"]) for one in functions)
    groups = _all(session.client("logs"), "describe_log_groups", "logGroups", logGroupNamePrefix="/aws/lambda/prove-")
    yield from (("log group", one["logGroupName"]) for one in groups)
    yield from (("bucket", one["Name"]) for one in session.client("s3").list_buckets().get("Buckets", []))
    repositories = _all(session.client("ecr"), "describe_repositories", "repositories")
    yield from (("repository", one["repositoryName"]) for one in repositories)
    yield from (("group", one["GroupName"]) for one in _all(iam, "list_groups", "Groups", PathPrefix=PATH))
    yield from (("role", one["RoleName"]) for one in _all(iam, "list_roles", "Roles", PathPrefix=PATH))
    policies = _all(iam, "list_policies", "Policies", Scope="Local", PathPrefix=PATH)
    yield from (("policy", one["PolicyName"]) for one in policies)


def _all(client: Any, operation: str, key: str, **request: str) -> Iterable[dict[str, Any]]:
    for page in client.get_paginator(operation).paginate(**request):
        yield from page.get(key, [])
