"""Whether the policy of a VPC endpoint lets a call through.

https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-minimum-s3-perms
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ecr_access.documents.templates.references import partition_of, pseudo, without_partition
from ecr_access.iam.arns import account_of, repository_at
from ecr_access.iam.policies import Says
from ecr_access.iam.principals import Kind, Principal
from ecr_access.iam.repository_policy import Question
from ecr_access.iam.request_context import RequestContext
from ecr_access.iam.statement_principals import names
from ecr_access.iam.statements import applies, texts_of
from ecr_access.iam.ternary import Ternary, all_of, any_of
from ecr_access.iam.unknown_text import is_known, unknown
from ecr_access.iam.wildcards import has_wildcard
from ecr_access.rules.access.statements import told_apart, with_both_effects

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ecr_access.rules.access.network.endpoints import Endpoint

    Document = Mapping[str, Any]
    Names = Callable[[Document], Ternary]

_ANYONE: Final = Principal("?" * 12, Kind.ACCOUNT, "?" * 12)
_GET_OBJECT: Final = "s3:GetObject"
# A layer is got by a URL that an account of ECR has signed, and that belongs to no organization of a user.
_ECR: Final = "(Amazon ECR)"
_ABSENT: Final[tuple[str, ...]] = ()
_SIGNED: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "aws:SecureTransport": (("true",),),
    "aws:PrincipalIsAWSService": (("false",),),
    **dict.fromkeys(("aws:PrincipalAccount", "aws:ResourceAccount", "s3:ResourceAccount"), ((_ECR,),)),
    **dict.fromkeys(("aws:PrincipalOrgID", "aws:ResourceOrgID"), (_ABSENT, (_ECR,))),
    **dict.fromkeys(("aws:PrincipalOrgPaths", "aws:ResourceOrgPaths"), (_ABSENT, (f"{_ECR}/*",))),
    "aws:PrincipalArn": ((f"arn:*:iam::{_ECR}:*",),),
}


class Answer(NamedTuple):
    """What a policy says of a call.

    Attributes:
        lets: whether it lets the call through: NO if it does so for no caller.
        denied_at: the path of a statement that certainly denies it; empty if none does.
    """

    lets: Ternary
    denied_at: str = ""


def answer(endpoint: Endpoint, action: str, resource: str, caller: Principal | None = None) -> Answer:
    """Say whether an endpoint of ECR lets an action through.

    Args:
        endpoint: with its policy.
        action: of ECR.
        resource: the ARN of a repository, a pattern for some, or ``*`` for the token.
        caller: a role. Default: any caller, of whom one is enough.
    """

    def named(document: Document) -> Ternary:
        if caller is None or _principals(document) is None:
            return _names_all(document)
        return names(document, caller, owner="", allowing=document["Effect"] == "Allow")[0]

    question = Question(repository_at(resource), caller or _ANYONE, action, on=resource)
    return _answer(endpoint, question, lambda document: document, named)


def answer_on_layers(endpoint: Endpoint) -> Answer:
    """Say whether an endpoint of S3 lets the layers of images through, from the bucket of ECR in its Region."""
    own = pseudo("AWS::AccountId", endpoint.resource.template) or ""
    is_placed = is_known(partition_of(endpoint.region))
    arn = layers_of(endpoint) if is_placed else _in_one_partition(layers_of(endpoint))

    def read(document: Document) -> Document:
        other = told_apart(document, frozenset({own}))
        return other if is_placed else _with_one_partition(other)

    question = _Layer(repository_at(arn), _ANYONE, _GET_OBJECT, on=f"{arn.removesuffix('*')}{unknown('layer')}")
    return _answer(endpoint, question, read, lambda document: _names_ecr(document, own))


def layers_of(endpoint: Endpoint) -> str:
    """Return the ARN of all objects in the bucket of layers."""
    return f"arn:{partition_of(endpoint.region)}:s3:::prod-{endpoint.region}-starport-layer-bucket/*"


class _Layer(Question):
    """The question whether a layer may be got."""

    @cached_property
    def context(self) -> RequestContext:
        """What is known of the URL of a layer."""
        return RequestContext(_SIGNED)


def _answer(endpoint: Endpoint, question: Question, read: Callable[[Document], Document], named: Names) -> Answer:
    if not endpoint.has_policy:  # everything is let through
        return Answer(Ternary.YES)
    found: dict[bool, list[Ternary]] = {True: [], False: []}
    denied_at = ""
    for one in endpoint.statements:
        for document in with_both_effects(read(one.document)):
            met = all_of((named(document), applies(document, question)[0]))
            found[document["Effect"] == "Allow"].append(met)
            if document["Effect"] == "Deny" and met is Ternary.YES:
                denied_at = denied_at or one.path
    if not endpoint.has_whole_policy:
        found[True].append(Ternary.MAYBE)
    return Answer(Says(any_of(found[True]), any_of(found[False])).alone, denied_at)


def _names_all(statement: Document) -> Ternary:
    """Whether a Deny is about all callers, and an Allow about any."""
    listed = _principals(statement)
    if listed is None:
        return Ternary.MAYBE
    return Ternary.YES if "*" in listed or statement["Effect"] == "Allow" else Ternary.MAYBE


def _names_ecr(statement: Document, own: str) -> Ternary:
    """Whether a statement is about the account of ECR that signs the URLs of layers."""
    listed = _principals(statement)
    if listed is None:
        return Ternary.MAYBE
    return any_of(Ternary.YES if one == "*" else _may_be_ecr(one, own) for one in listed)


def _may_be_ecr(principal: str, own: str) -> Ternary:
    account = account_of(principal)
    is_other = account == own or (is_known(account or principal) and not has_wildcard(account or principal))
    return Ternary.NO if is_other else Ternary.MAYBE


def _principals(statement: Document) -> list[str] | None:
    """Return the principals of a statement that are no services; None if they are not listed."""
    element = statement.get("Principal")
    return texts_of(element.get("AWS")) or None if isinstance(element, dict) else None


def _with_one_partition(document: Document) -> Document:
    keys = [key for key in ("Resource", "NotResource") if key in document]
    return {**document, **{key: [_in_one_partition(one) for one in document[key]] for key in keys}}


def _in_one_partition(arn: str) -> str:
    """Write an ARN in one partition: which one it is, only the deployment knows, and no policy names another."""
    bare = without_partition(arn)
    return arn if bare == arn else f"arn:aws:{bare.removeprefix('arn:')}"
