"""A statement of a repository policy must be one that ECR takes.

The policy has no statements, or a statement has no principal, no action, or an effect that does not exist. Or it names
a principal that is none: a group, an instance profile, an ARN with a wildcard, an account id of 11 digits. ECR answers
``Invalid repository policy provided``, and the deployment fails. The policy of a registry is judged alike.

Fix: a role, a user or an account as principal. For several roles of an account, name the account under a condition on
``aws:PrincipalArn``.

Not reported: a part that is known only at deploy time; a principal that is a service; a placeholder such as
``${AWS::AccountId}``, which ``not-substituted`` reports; a template that a macro may change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ecr_access.documents.templates.template import NO_VALUE, is_function, listed, mapping
from ecr_access.rules.access.placeholders import placeholder_in
from ecr_access.rules.access.refused_principals import refused
from ecr_access.rules.access.resource_policies import resource_policy_values
from ecr_access.rules.finding import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.documents.templates.template import Resource
    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.resource_policies import ResourcePolicy

_ELEMENTS: Final = (("Principal", "NotPrincipal"), ("Action", "NotAction"))
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
_SCHEMES: Final = ("AWS", "Service", "Federated", "CanonicalUser")
_EFFECTS: Final = ("Allow", "Deny")
_VERSIONS: Final = ("2012-10-17", "2008-10-17")
_ABSENT: Final = (NO_VALUE, None)
_PRINCIPAL: Final = (
    "name a role or user by its ARN, or an account, 'arn:aws:iam::ACCOUNT:root'; for several roles of an account, name "
    "the account under the condition ArnLike aws:PrincipalArn, as AccessibleRepository renders it"
)


@dataclass(frozen=True)
class _Reports:
    """Writes findings about one policy."""

    resource: Resource
    kind: str

    def __call__(self, path: str, problem: str, fix: str) -> RuleFinding:
        return RuleFinding(
            self.resource, path, f"{problem}: ECR refuses the policy: 'Invalid {self.kind} provided'", fix
        )


def _check(app: Application) -> Iterator[RuleFinding]:
    for resource, path, kind, value in resource_policy_values(app.templates):
        report = _Reports(resource, kind)
        if _is_object(value) and resource.template.is_whole and value.get("Statement", NO_VALUE) in _ABSENT:
            yield report(path, f"the {kind} has no Statement", "write a list of statements")
    for policy in app.resource_policies:
        if not policy.resource.template.is_whole:
            continue
        report = _Reports(policy.resource, policy.kind)
        yield from _of_version(policy, report)
        for one, path in _statements(policy):
            yield from _of_statement(one, path, report)
            for element in _ELEMENTS[0]:
                yield from _of_principal(one.get(element), f"{path}.{element}", report)
                yield from _of_names(one.get(element), f"{path}.{element}", app, report)


def _statements(policy: ResourcePolicy) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield the statements as they are written, those without an effect too."""
    written = policy.document.get("Statement")
    for index, one in enumerate(listed(written)):
        if isinstance(one, dict) and not is_function(one) and one != NO_VALUE:
            yield one, f"{policy.path}.Statement[{index}]" if isinstance(written, list) else f"{policy.path}.Statement"


def _of_version(policy: ResourcePolicy, report: _Reports) -> Iterator[RuleFinding]:
    version = policy.document.get("Version")
    if isinstance(version, str) and version not in _VERSIONS:
        problem = f"the Version of the {policy.kind} is '{version}'"
        yield report(f"{policy.path}.Version", problem, f"write '{_VERSIONS[0]}'")


def _of_statement(one: dict[str, Any], path: str, report: _Reports) -> Iterator[RuleFinding]:
    what = f"a statement of the {report.kind}"
    for names in _ELEMENTS:
        # An element that is chosen at deployment is there.
        given = [name for name in names if one.get(name, NO_VALUE) not in _ABSENT]
        if not given:
            fix = _PRINCIPAL if names[0] == "Principal" else "name the actions, such as ecr:BatchGetImage"
            yield report(path, f"{what} has no {names[0]}", fix)
        elif len(given) > 1 and not any(is_function(one[name]) for name in given):
            yield report(path, f"{what} has {' and '.join(given)}; allowed: one of them", f"leave {given[1]} out")
    effect = one.get("Effect", NO_VALUE)
    if effect == NO_VALUE or (isinstance(effect, str) and effect not in _EFFECTS):
        shown = "no Effect" if effect == NO_VALUE else f"the Effect '{effect}'"
        yield report(path, f"{what} has {shown}", "write 'Allow' or 'Deny', in these letters")


def _of_principal(written: Any, path: str, report: _Reports) -> Iterator[RuleFinding]:
    """Judge the form: ``*`` alone, or an object of the kinds of principals."""
    what, write = f"the {path.rpartition('.')[2]} of the {report.kind}", 'write {"AWS": ...}, or "*" for all'
    if isinstance(written, str) and written != "*":
        yield report(path, f"{what} is the text '{written}', and no object", write)
    elif isinstance(written, list):
        yield report(path, f"{what} is a list, and no object", write)
    elif _is_object(written):
        if not written:
            yield report(path, f"{what} is empty", write)
        for scheme in written:
            if scheme not in _SCHEMES:
                yield report(path, f"{what} has '{scheme}'; allowed: {', '.join(_SCHEMES)}", write)


def _is_object(value: Any) -> bool:
    """Whether it is an object whose keys are all known."""
    return isinstance(value, dict) and value != NO_VALUE and not is_function(value)


def _of_names(written: object, path: str, app: Application, report: _Reports) -> Iterator[RuleFinding]:
    template = report.resource.template
    for name in app.resolver.texts(mapping(written).get("AWS"), template):
        if not placeholder_in(name, template) and (why := refused(name)):
            yield report(f"{path}.AWS", f"'{name}', a principal of the {report.kind}, {why}", _PRINCIPAL)


RULE: Final = Rule(
    "repository-policy-refused",
    Severity.ERROR,
    "the statements of a repository policy are such as ECR takes, with principals that a policy can name",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
    _check,
)
