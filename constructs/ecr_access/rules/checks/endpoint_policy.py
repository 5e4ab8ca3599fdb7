"""The policy of a VPC endpoint must let a pull through.

The policy of an endpoint of ``ecr.api`` lets no ``ecr:GetAuthorizationToken`` on ``*`` through; that of ``ecr.dkr`` no
pull from the repositories that the app uses; or that of S3 no ``s3:GetObject`` on the bucket where ECR keeps the
layers, in a VPC that pulls. That bucket is AWS's, and an account of ECR signs the URL of a layer, so that a condition
on one's own account or organization is not met. The pull ends in 403: "no VPC endpoint policy allows", or at the first
layer.

Fix: a statement for the token on ``*``; one for the repositories; one for the bucket
``prod-REGION-starport-layer-bucket``, without a condition.

Not reported: an endpoint without a policy, which lets everything through; a condition that a caller may meet; a
statement that is known only at deploy time; an endpoint of S3 in a VPC that is not known to pull, or beside another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.iam.actions import TOKEN_ACTION, AccessLevel
from ecr_access.iam.ternary import Ternary
from ecr_access.rules.access.network.endpoint_policies import answer, answer_on_layers, layers_of
from ecr_access.rules.access.network.endpoint_use import excluded, has_docker, refusal, roles_behind, serves_pulls
from ecr_access.rules.access.network.endpoints import POLICY, Service
from ecr_access.rules.finding import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.rules.access.application import Application
    from ecr_access.rules.access.network.endpoint_policies import Answer
    from ecr_access.rules.access.network.endpoints import Endpoint

_PULL: Final = AccessLevel.PULL.required_actions
_PUSH: Final = AccessLevel.PUSH.required_actions
_MOVES: Final = AccessLevel.PULL_PUSH.required_actions
_ANY: Final = "arn:*:ecr:*:*:repository/*"
_CDK: Final = "in the CDK endpoint.add_to_policy(iam.PolicyStatement(principals=[iam.AnyPrincipal()], ...))"


def _check(app: Application) -> Iterator[RuleFinding]:
    for one in app.network.endpoints:
        if one.has_policy:
            for service, check in _CHECKS.items():
                if one.is_of(service) is Ternary.YES:
                    yield from check(one, app)


def _of_api(endpoint: Endpoint, app: Application) -> Iterator[RuleFinding]:
    through = f"{TOKEN_ACTION} on '*' through"
    fix = f"allow {TOKEN_ACTION} on '*' in a statement of its own"
    found = answer(endpoint, TOKEN_ACTION, "*")
    if found.lets is Ternary.NO:
        if _is_for_images(endpoint, app):
            yield _finding(endpoint, found, f"no {through}: every sign-in from its VPC ends in 403", fix)
        return
    asked = [(one.label, answer(endpoint, TOKEN_ACTION, "*", one.principal)) for one in roles_behind(endpoint, app)]
    refused = {label: one for label, one in asked if one.lets is Ternary.NO}
    if refused:
        who = f"for {' and '.join(refused)}, which pulls from its VPC: the sign-in ends in 403"
        yield _finding(endpoint, next(iter(refused.values())), f"no {through} {who}", f"{fix}, to the role too")


def _is_for_images(endpoint: Endpoint, app: Application) -> bool:
    """Whether clients of a registry use an endpoint of the API: other calls, such as DescribeImages, need no token."""
    moves = any(answer(endpoint, one, _ANY).lets is not Ternary.NO for one in _MOVES)
    allows = any(one.document["Effect"] != "Deny" for one in endpoint.statements)
    return moves or not allows or has_docker(endpoint, app)


def _of_docker(endpoint: Endpoint, app: Application) -> Iterator[RuleFinding]:
    found = excluded(endpoint, app)
    names = sorted({one.partition("/")[2] for one in found})
    what = "no pull from " + " and ".join(f"'{one}'" for one in names)
    refused = next(iter(found.values()), None)
    if refused is None and refusal(endpoint, _ANY, _PUSH):
        refused, what = refusal(endpoint, _ANY), "no pull and no push"
    if refused:
        fix = f"allow {' and '.join(_PULL)} on the repositories to the roles that pull"
        yield _finding(endpoint, refused, f"{what} through: each from its VPC ends in 403", fix)


def _of_s3(endpoint: Endpoint, app: Application) -> Iterator[RuleFinding]:
    found = answer_on_layers(endpoint)
    if found.lets is Ternary.NO and app.network.is_whole and serves_pulls(endpoint, app):
        yield _finding(
            endpoint,
            found,
            f"no s3:GetObject on '{layers_of(endpoint)}' through, where ECR keeps the layers of images: every pull "
            "from its VPC ends in 403 at the first layer",
            "allow s3:GetObject on 'arn:PARTITION:s3:::prod-REGION-starport-layer-bucket/*' to every principal, "
            "without a condition",
        )


def _finding(endpoint: Endpoint, found: Answer, problem: str, fix: str) -> RuleFinding:
    by_statement = f"{fix}, {_CDK}"
    if found.denied_at:
        by_statement = "leave it out of what this statement denies"
    return RuleFinding(
        endpoint.resource,
        found.denied_at or f"Properties.{POLICY}",
        f"the policy of this endpoint of {endpoint.service} lets {problem}",
        by_statement,
    )


_CHECKS: Final = {Service.API: _of_api, Service.DOCKER: _of_docker, Service.S3: _of_s3}

RULE: Final = Rule(
    "endpoint-policy",
    Severity.ERROR,
    "the policy of a VPC endpoint lets sign-ins, pulls and layers through",
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html",
    _check,
)
