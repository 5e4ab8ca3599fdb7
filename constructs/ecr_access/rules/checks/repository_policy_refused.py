"""A statement of a repository policy must be one that ECR takes.

A statement has no principal, no action, or an effect that does not exist. Or it names a principal that is none: a
group, an instance profile, an ARN with a wildcard, an account id of 11 digits. ECR answers ``Invalid repository policy
provided``, and the deployment fails.

Fix: a role, a user or an account as principal. For several roles of an account, name the account under a condition on
``aws:PrincipalArn``.

Not reported: a part that is known only at deploy time; a principal that is a service.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecr_access.documents.templates.template import NO_VALUE, is_function, listed, mapping
from ecr_access.rules.access.refused_principals import refused
from ecr_access.rules.access.resource_policies import REPOSITORY_POLICY
from ecr_access.rules.finding import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.resource_policies import ResourcePolicy

_ELEMENTS: Final = (("Principal", "NotPrincipal"), ("Action", "NotAction"))
_EFFECTS: Final = ("Allow", "Deny")
_VERSIONS: Final = ("2012-10-17", "2008-10-17")
_REFUSED: Final = "ECR refuses the policy: 'Invalid repository policy provided'"
_PRINCIPAL: Final = (
    "name a role or user by its ARN, or an account, 'arn:aws:iam::ACCOUNT:root'; for several roles of an account, name "
    "the account under the condition ArnLike aws:PrincipalArn, as AccessibleRepository renders it"
)


def _check(app: Application) -> Iterator[RuleFinding]:
    for policy in app.resource_policies:
        if policy.kind == REPOSITORY_POLICY:
            yield from _of_version(policy)
            for one, path in _statements(policy):
                yield from _of_statement(policy, one, path)
                yield from _of_principals(policy, one, path, app)


def _statements(policy: ResourcePolicy) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield the statements as they are written, those without an effect too."""
    written = policy.document.get("Statement")
    for index, one in enumerate(listed(written)):
        if isinstance(one, dict) and not is_function(one) and one != NO_VALUE:
            yield one, f"{policy.path}.Statement[{index}]" if isinstance(written, list) else f"{policy.path}.Statement"


def _of_version(policy: ResourcePolicy) -> Iterator[RuleFinding]:
    version = policy.document.get("Version")
    if isinstance(version, str) and version not in _VERSIONS:
        problem = f"the Version of the repository policy is '{version}': {_REFUSED}"
        yield RuleFinding(policy.resource, f"{policy.path}.Version", problem, f"write '{_VERSIONS[0]}'")


def _of_statement(policy: ResourcePolicy, one: dict[str, Any], path: str) -> Iterator[RuleFinding]:
    for names in _ELEMENTS:
        # An element that is chosen at deployment is there.
        if all(one.get(name, NO_VALUE) in (NO_VALUE, None) for name in names):
            problem = f"a statement of the repository policy has no {names[0]}: {_REFUSED}"
            fix = _PRINCIPAL if names[0] == "Principal" else "name the actions, such as ecr:BatchGetImage"
            yield RuleFinding(policy.resource, path, problem, fix)
    effect = one.get("Effect", NO_VALUE)
    if effect == NO_VALUE or (isinstance(effect, str) and effect not in _EFFECTS):
        shown = "no Effect" if effect == NO_VALUE else f"the Effect '{effect}'"
        problem = f"a statement of the repository policy has {shown}: {_REFUSED}"
        yield RuleFinding(policy.resource, path, problem, "write 'Allow' or 'Deny', in these letters")


def _of_principals(policy: ResourcePolicy, one: dict[str, Any], path: str, app: Application) -> Iterator[RuleFinding]:
    for element in _ELEMENTS[0]:
        written = one.get(element)
        if isinstance(written, str) and written != "*":
            problem = f"the {element} of the repository policy is the text '{written}', and no object: {_REFUSED}"
            yield RuleFinding(policy.resource, f"{path}.{element}", problem, 'write {"AWS": ...}, or "*" for all')
        for name in app.resolver.texts(mapping(written).get("AWS"), policy.resource.template):
            if why := refused(name):
                problem = f"'{name}', a principal of the repository policy, {why}: {_REFUSED}"
                yield RuleFinding(policy.resource, f"{path}.{element}.AWS", problem, _PRINCIPAL)


RULE: Final = Rule(
    "repository-policy-refused",
    Severity.ERROR,
    "the statements of a repository policy are such as ECR takes, with principals that a policy can name",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
    _check,
)
