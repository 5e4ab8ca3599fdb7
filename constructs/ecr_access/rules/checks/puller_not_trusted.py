"""The role that pulls an image must trust the service that pulls with it.

The role by which a task, a job, an agent of AgentCore, a model of SageMaker, a service of App Runner, a project of
CodeBuild, or a node or pod of Amazon EKS pulls has a trust policy that does not let the service assume it. ECS says
that it was unable to assume the role, and other services refuse the role when the stack is deployed. No image is
pulled, whatever the role may.

Fix: the service as principal of the trust policy, with ``sts:AssumeRole``.

Not reported: a trust policy of which a part is known only at deploy time; a statement under a condition; a role that is
declared elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ecr_access.iam.ternary import Ternary
from ecr_access.rules.access.node_roles import node_roles
from ecr_access.rules.access.trust_policies import TRUST, trusted, trusts
from ecr_access.rules.finding import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.documents.templates.template import Resource
    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.identity import Identity

_ROLE: Final = "AWS::IAM::Role"


class _Use(NamedTuple):
    """What a role is used for, and what has to assume it."""

    identity: Identity
    resource: Resource
    name: str
    service: str
    what: str


def _check(app: Application) -> Iterator[RuleFinding]:
    seen: set[tuple[str, str]] = set()
    for use in (*_by_images(app), *_by_nodes(app)):
        identity, key = use.identity, (use.identity.arn, use.service)
        # A macro may change the trust policy, and a name may be another account's too.
        is_written = identity.resource.type == _ROLE and identity.resource.template.is_whole
        if key in seen or not is_written or not identity.may_be_of(use.resource.template):
            continue
        if trusts(identity, use.service, app) is Ternary.NO:
            seen.add(key)
            yield _finding(use, app)


def _by_images(app: Application) -> Iterator[_Use]:
    for image in app.images:
        if image.puller and (identity := app.identities.of_role(image.puller)):
            place = image.place
            yield _Use(identity, image.resource, place.role_name, place.service, f"pulls '{image.uri}' with it")


def _by_nodes(app: Application) -> Iterator[_Use]:
    for one in node_roles(app):
        what = f"runs the {'pods' if one.is_of_pods else 'nodes'} with it"
        yield _Use(one.identity, one.resource, one.name, one.service, what)


def _finding(use: _Use, app: Application) -> RuleFinding:
    names = ", ".join(f"'{one}'" for one in trusted(use.identity, app)) or "no principal"
    service = f"{use.service}.amazonaws.com"
    return RuleFinding(
        use.identity.resource,
        f"Properties.{TRUST}",
        f"{use.identity.label} is the {use.name} of {use.resource.logical_id}, but its trust policy names {names} and "
        f"not {service}, which {use.what}: the role cannot be assumed",
        f"allow sts:AssumeRole to the service {service} in {TRUST}; in the CDK, "
        f"assumed_by=iam.ServicePrincipal({service!r})",
    )


RULE: Final = Rule(
    "puller-not-trusted",
    Severity.ERROR,
    "the role that pulls an image trusts the service that pulls with it",
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html",
    _check,
)
