"""A repository policy must not exceed 10,240 characters.

The policy is too long even without the parts that are known only at deploy time. ECR refuses it.

Fix: name an organization or whole accounts in place of single roles. The finding lists the largest statements.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from ecr_access.documents.templates.template import NO_VALUE, is_function, listed, mapping
from ecr_access.ecr.policy_size import LONGEST, size_error
from ecr_access.iam.unknown_text import is_known, known_of
from ecr_access.rules.access.resource_policies import REPOSITORY_POLICY
from ecr_access.rules.finding import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.documents.templates.template import Template
    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.resource_policies import ResourcePolicy

_NAMES: Final = ("RepositoryName", "Prefix")


def _check(app: Application) -> Iterator[RuleFinding]:
    for policy in app.resource_policies:
        if policy.kind != REPOSITORY_POLICY:
            continue
        document = _shortest(policy.document, app, policy.resource.template)
        if len(json.dumps(document, separators=(",", ":"))) > LONGEST:
            document["Statement"] = [one for one in listed(document.get("Statement")) if isinstance(one, dict)]
            problem, _, fix = size_error(_name(policy, app), document).rpartition("; ")
            yield RuleFinding(policy.resource, policy.path, problem.replace("has up to", "has at least"), fix)


def _shortest(value: Any, app: Application, template: Template) -> Any:
    """Resolve a document, and leave out what is not known: what is too long then is too long in any case."""
    if isinstance(value, list):
        return [_shortest(one, app, template) for one in value if one != NO_VALUE]
    if is_function(value):
        return known_of(app.resolver.text(value, template))
    if isinstance(value, dict):
        return {key: _shortest(one, app, template) for key, one in value.items() if one != NO_VALUE}
    return known_of(value) if isinstance(value, str) else value


def _name(policy: ResourcePolicy, app: Application) -> str:
    properties = mapping(policy.resource.properties)
    name = next((properties[key] for key in _NAMES if key in properties), "")
    text = app.resolver.text(name, policy.resource.template)
    return text if text and is_known(text) else policy.resource.logical_id


RULE: Final = Rule(
    "repository-policy-too-long",
    Severity.ERROR,
    f"a repository policy has at most {LONGEST:,} characters",
    "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_SetRepositoryPolicy.html",
    _check,
)
